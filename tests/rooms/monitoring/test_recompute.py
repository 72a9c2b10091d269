"""From the journal to the district's numbers: what the school wrote is what is counted."""

from datetime import timedelta
from uuid import uuid4

import pytest

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.roles import Role
from services.journal.events import LessonChanged
from services.journal.operations import CellInput, put_cells
from services.journal.queries import count_school_day
from services.monitoring import tasks
from services.monitoring.handlers import on_school_day_changed, on_school_days_changed
from services.monitoring.models import DirtyDay, Fact, SchoolFreshness
from services.monitoring.operations import mark_dirty, replace_facts
from services.schedule.events import LessonsYielded
from services.schedule.models import Lesson
from tests.factories.school import MONDAY, at, make_small_school

pytestmark = pytest.mark.django_db

EVENING = at(MONDAY, 20)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(tasks, "PAUSE", timedelta(0))


@pytest.fixture
def small(school, system):
    with school_transaction(system, school.id):
        return make_small_school(system, pupils=6)


def put(school, small, *values):
    """Let Anna put marks of the first lesson, pupil by pupil."""
    actor = Actor(1, school, frozenset({Role.TEACHER}), {Role.TEACHER: small.anna}, "Анна")
    cells = [
        CellInput(pupil_id, value, 0)
        for pupil_id, value in zip(small.pupils, values, strict=False)
        if value
    ]
    with school_transaction(actor, school.id):
        put_cells(
            actor=actor,
            lesson_id=small.lessons[0],
            cells=cells,
            key=uuid4(),
            now=at(MONDAY, 10),
            today=MONDAY,
        )


def whole_school():
    facts = Fact.objects.filter(grade=-1, day=MONDAY)
    return dict(facts.values_list("measure", "count"))


def test_lesson_cancelled_afterwards_is_not_held_and_its_marks_stand(school, small):
    put(school, small, "5")
    with school_transaction(Actor.system(school), school.id):
        Lesson.objects.filter(pk=small.lessons[0]).update(state=Lesson.State.CANCELLED)
    mark_dirty(school_id=school.id, day=MONDAY)

    tasks.recompute_dirty(now=EVENING)

    assert (whole_school()["marks_5"], whole_school()["lessons_held"]) == (1, 1)


def test_marks_of_a_lesson_are_counted(school, small):
    put(school, small, "5", "4", "4", "", "2")
    mark_dirty(school_id=school.id, day=MONDAY)

    done = tasks.recompute_dirty(now=EVENING)

    counted = whole_school()
    assert done == 1
    assert (counted["marks_5"], counted["marks_4"], counted["marks_2"]) == (1, 2, 1)
    assert counted["lessons_held"] == 2
    assert counted["pupils"] == 7


def test_mark_put_during_the_lesson_is_seen_before_the_lesson_ends(school, small):
    put(school, small, "5")
    mark_dirty(school_id=school.id, day=MONDAY)

    tasks.recompute_dirty(now=at(MONDAY, 8, 40))

    assert (whole_school()["lessons_held"], whole_school()["marks_5"]) == (1, 1)


def test_recomputing_twice_gives_the_same(school, small):
    put(school, small, "5", "4")
    for _ in range(2):
        mark_dirty(school_id=school.id, day=MONDAY)
        tasks.recompute_dirty(now=EVENING)

    assert whole_school()["marks_5"] == 1


def test_mark_put_while_the_day_is_counted_keeps_it_dirty(school, small, monkeypatch):
    replace_for_real = replace_facts

    def somebody_changes_the_day_before(**arguments):
        monkeypatch.setattr(tasks, "replace_facts", replace_for_real)
        mark_dirty(school_id=school.id, day=MONDAY)
        return replace_for_real(**arguments)

    monkeypatch.setattr(tasks, "replace_facts", somebody_changes_the_day_before)
    mark_dirty(school_id=school.id, day=MONDAY)

    tasks.recompute_dirty(now=EVENING)
    assert DirtyDay.objects.get(day=MONDAY).counter == 2

    put(school, small, "5")
    tasks.recompute_dirty(now=EVENING)
    assert whole_school()["marks_5"] == 1
    assert not DirtyDay.objects.exists()


def test_trouble_in_one_school_does_not_stop_the_others(school, other_school, monkeypatch, caplog):
    count_for_real = count_school_day

    def fail_in_one(*, actor: Actor, **arguments):
        if actor.school == school:
            raise RuntimeError("broken")
        return count_for_real(actor=actor, **arguments)

    monkeypatch.setattr(tasks, "count_school_day", fail_in_one)
    mark_dirty(school_id=school.id, day=MONDAY)
    mark_dirty(school_id=other_school.id, day=MONDAY)

    done = tasks.recompute_dirty(now=EVENING)

    assert done == 1
    assert SchoolFreshness.objects.filter(pk=other_school.id).exists()
    waiting = DirtyDay.objects.get(school_id=school.id)
    assert waiting.attempts == 1
    assert waiting.retry_at is not None
    assert [record.getMessage() for record in caplog.records] == ["monitoring.day_failed"]


def test_failed_day_is_not_tried_again_at_once(school, monkeypatch):
    tries = []

    def fail(**_):
        tries.append(1)
        raise RuntimeError("broken")

    monkeypatch.setattr(tasks, "count_school_day", fail)
    mark_dirty(school_id=school.id, day=MONDAY)

    tasks.recompute_dirty(now=EVENING)
    tasks.recompute_dirty(now=EVENING)

    assert len(tries) == 1


def test_event_of_a_lesson_marks_its_day(school):
    event = LessonChanged(lesson_id=1, day=MONDAY)

    on_school_day_changed(school, event)
    on_school_day_changed(school, event)

    assert DirtyDay.objects.get().counter == 2


def test_yielded_lessons_mark_the_days_that_have_come(school, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", MONDAY.isoformat())
    event = LessonsYielded(since=MONDAY - timedelta(days=2), until=MONDAY + timedelta(days=30))

    on_school_days_changed(school, event)

    assert DirtyDay.objects.count() == 3


def test_schools_nobody_counted_are_marked_today(schools, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", MONDAY.isoformat())

    assert tasks.mark_quiet_schools() == len(schools)

    assert set(DirtyDay.objects.values_list("day", flat=True)) == {MONDAY}
    tasks.recompute_dirty(now=EVENING)
    assert tasks.mark_quiet_schools() == 0


def test_night_marks_the_last_week_of_every_school(schools, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", MONDAY.isoformat())

    tasks.roll_up_nightly_district()

    assert DirtyDay.objects.count() == 7 * len(schools)


def test_sweep_counts_what_is_due(school):
    with public_transaction():
        mark_dirty(school_id=school.id, day=MONDAY)

    tasks.recompute_dirty_district()

    assert SchoolFreshness.objects.filter(pk=school.id).exists()
