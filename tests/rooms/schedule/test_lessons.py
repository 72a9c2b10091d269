"""Lessons: yielded by the timetable in the school's hour, cancelled, substituted, read."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.queries import list_changes
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.people import operations as people
from services.schedule.models import Lesson
from services.schedule.operations import (
    LoadPlan,
    SlotPlan,
    TermIsClosed,
    UnableToSubstitute,
    assign_loads,
    cancel_lesson,
    close_term,
    restore_lesson,
    set_timetable,
    substitute_lesson,
    yield_lessons,
)
from services.schedule.queries import (
    get_lesson,
    list_day_lessons,
    list_group_lessons,
    list_teacher_lessons,
    list_term_lessons,
    list_terms,
    teaches,
)
from tests.rooms.schedule.conftest import FIRST_DAY, LAST_DAY, YEAR

pytestmark = pytest.mark.django_db

MONDAY, WEDNESDAY = date(2026, 9, 7), date(2026, 9, 9)


@pytest.fixture
def september(inside, seven_a):
    yield_lessons(actor=inside, since=FIRST_DAY, until=date(2026, 9, 30))
    return list_group_lessons(
        group_ids=[seven_a.group_id], since=FIRST_DAY, until=date(2026, 9, 30)
    )


def test_timetable_yields_dated_lessons(september):
    assert [(card.date.day, card.number) for card in september] == [
        (2, 2),
        (7, 1),
        (9, 2),
        (14, 1),
        (16, 2),
        (21, 1),
        (23, 2),
        (28, 1),
        (30, 2),
    ]


@pytest.mark.requirement("NFR-008", part=True)
def test_bell_rings_in_the_schools_own_time_zone(inside, school, seven_a):
    ural = Actor.system(replace(school, timezone="Asia/Yekaterinburg"))

    yield_lessons(actor=ural, since=MONDAY, until=MONDAY)
    yield_lessons(actor=inside, since=WEDNESDAY, until=WEDNESDAY)

    [monday] = list_day_lessons(day=MONDAY)
    [wednesday] = list_day_lessons(day=WEDNESDAY)
    assert monday.starts_at == datetime(2026, 9, 7, 3, 30, tzinfo=UTC)
    assert monday.ends_at == datetime(2026, 9, 7, 4, 15, tzinfo=UTC)
    assert wednesday.starts_at == datetime(2026, 9, 9, 6, 25, tzinfo=UTC)


def test_yielding_again_changes_nothing(inside, seven_a):
    first = yield_lessons(actor=inside, since=FIRST_DAY, until=LAST_DAY)
    again = yield_lessons(actor=inside, since=FIRST_DAY, until=LAST_DAY)

    # 35 Mondays and 36 Wednesdays lie in the terms; 4 November, 22 February, 8 March, 3 and
    # 10 May are days off.
    assert (first, again) == (Lesson.objects.count(), 0)
    assert first == 66
    assert OutboxEvent.objects.filter(name="schedule.LessonsYielded").count() == 1


def test_day_beyond_the_terms_yields_nothing(inside, seven_a):
    assert yield_lessons(actor=inside, since=date(2026, 10, 24), until=date(2026, 11, 1)) == 0


def test_lesson_belongs_to_the_term_of_its_day_and_level(inside, seven_a):
    yield_lessons(actor=inside, since=FIRST_DAY, until=LAST_DAY)
    second = list_terms(level=7, start_year=YEAR)[1]

    lessons = list_term_lessons(
        group_id=seven_a.group_id,
        subject_id=Lesson.objects.earliest("pk").subject_id,
        term_id=second.id,
    )

    assert lessons[0].date == date(2026, 11, 2)
    assert lessons[-1].date == date(2026, 12, 30)
    assert {card.term_id for card in lessons} == {second.id}


def test_subject_of_half_an_hour_is_taught_in_one_half_of_the_year(inside, seven_a):
    [load] = assign_loads(
        actor=inside,
        start_year=YEAR,
        loads=[LoadPlan(seven_a.boris, seven_a.group_id, "art", Decimal("0.5"))],
    )
    slots = [
        SlotPlan(seven_a.load, 1, 1, since_on=FIRST_DAY, until=date(2027, 1, 1)),
        SlotPlan(load, 1, 1, since_on=date(2027, 1, 1)),
    ]

    set_timetable(actor=inside, start_year=YEAR, slots=slots, since_on=FIRST_DAY)
    yield_lessons(actor=inside, since=date(2026, 12, 28), until=date(2027, 1, 15))

    assert [(card.date, card.subject_code) for card in _all()] == [
        (date(2026, 12, 28), "history"),
        (date(2027, 1, 11), "art"),
    ]


def _all():
    return [
        get_lesson(lesson_id=pk)
        for pk in Lesson.objects.order_by("pk").values_list("pk", flat=True)
    ]


def test_one_query_reads_a_lesson(september, seven_a):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        card = get_lesson(lesson_id=september[1].id)

    assert len(queries) == 1
    assert (card.group_id, card.employee_id, card.level, card.shift, card.room) == (
        seven_a.group_id,
        seven_a.anna,
        7,
        1,
        "12",
    )
    assert (card.subject_code, card.subject_name, card.subject_short) == (
        "history",
        "История",
        "ист",
    )
    assert (card.is_changed, card.term_closed_at, card.teacher_id) == (False, None, seven_a.anna)


def test_unknown_lesson_is_not_found(inside, year):
    with pytest.raises(NotFound):
        get_lesson(lesson_id=1)


@pytest.mark.requirement("TTC-013", part=True)
def test_timetable_shows_its_changes(inside, september, seven_a):
    cancel_lesson(actor=inside, lesson_id=september[1].id, reason="Карантин")
    substitute_lesson(
        actor=inside, lesson_id=september[2].id, employee_id=seven_a.boris, reason="Болезнь"
    )

    week = list_group_lessons(group_ids=[seven_a.group_id], since=MONDAY, until=date(2026, 9, 13))

    assert [(c.is_cancelled, c.teacher_id, c.is_changed, c.note) for c in week] == [
        (True, seven_a.anna, True, "Карантин"),
        (False, seven_a.boris, True, "Болезнь"),
    ]


def test_substituted_lesson_is_in_both_teachers_days(inside, september, seven_a):
    substitute_lesson(actor=inside, lesson_id=september[2].id, employee_id=seven_a.boris)

    for employee_id in (seven_a.anna, seven_a.boris):
        [card] = list_teacher_lessons(employee_id=employee_id, day=WEDNESDAY)
        assert card.id == september[2].id
    assert list_teacher_lessons(employee_id=seven_a.boris, day=MONDAY) == []
    assert teaches(
        employee_id=seven_a.anna, group_id=seven_a.group_id, subject_id=september[0].subject_id
    )
    assert not teaches(
        employee_id=seven_a.boris, group_id=seven_a.group_id, subject_id=september[0].subject_id
    )


def test_each_change_leaves_an_event_and_an_audit_row(inside, september):
    lesson = september[0]

    cancel_lesson(actor=inside, lesson_id=lesson.id, reason="Мороз")
    cancel_lesson(actor=inside, lesson_id=lesson.id, reason="Мороз")
    restore_lesson(actor=inside, lesson_id=lesson.id)
    restore_lesson(actor=inside, lesson_id=lesson.id)

    events = OutboxEvent.objects.filter(name="schedule.LessonChanged").order_by("pk")
    assert [event.payload for event in events] == [
        {"lesson_id": lesson.id, "day": "2026-09-02"}
    ] * 2
    changes = list_changes(table="schedule_lesson", row_id=lesson.id)
    states = [change.after and change.after["state"] for change in changes]
    assert states == ["planned", "cancelled", "planned"]


def test_cancelled_lesson_needs_no_substitute(inside, september, seven_a):
    cancel_lesson(actor=inside, lesson_id=september[0].id, reason="Мороз")

    with pytest.raises(UnableToSubstitute):
        substitute_lesson(actor=inside, lesson_id=september[0].id, employee_id=seven_a.boris)
    with pytest.raises(UnableToSubstitute):
        substitute_lesson(actor=inside, lesson_id=september[1].id, employee_id=seven_a.anna)
    with pytest.raises(NotFound):
        substitute_lesson(actor=inside, lesson_id=september[1].id, employee_id=10**9)


def test_substitution_is_taken_back(inside, september, seven_a):
    substitute_lesson(actor=inside, lesson_id=september[0].id, employee_id=seven_a.boris)
    substitute_lesson(actor=inside, lesson_id=september[0].id, employee_id=None)

    assert get_lesson(lesson_id=september[0].id).is_changed is False


def test_lesson_of_a_closed_term_keeps_its_timetable(inside, september):
    close_term(actor=inside, term_id=september[0].term_id, now=datetime(2026, 10, 28, tzinfo=UTC))

    with pytest.raises(TermIsClosed):
        cancel_lesson(actor=inside, lesson_id=september[0].id, reason="Мороз")

    assert get_lesson(lesson_id=september[0].id).is_cancelled is False


@pytest.mark.parametrize("role", [Role.TEACHER, Role.GUARDIAN, Role.PUPIL, Role.SECRETARY])
def test_others_may_not_change_the_timetable(inside, september, seven_a, make_actor, role):
    stranger = make_actor(role, person=seven_a.anna)

    with pytest.raises(NotFound):
        cancel_lesson(actor=stranger, lesson_id=september[0].id, reason="Мороз")
    with pytest.raises(NotFound):
        substitute_lesson(actor=stranger, lesson_id=september[0].id, employee_id=seven_a.boris)
    with pytest.raises(NotFound):
        yield_lessons(actor=stranger, since=FIRST_DAY, until=LAST_DAY)

    assert get_lesson(lesson_id=september[0].id).is_changed is False
    assert OutboxEvent.objects.filter(name="schedule.LessonChanged").count() == 0


def test_elective_of_several_classes_has_its_own_level(inside, seven_a):
    group = people.create_group(
        actor=inside, start_year=YEAR, level=10, title="10, физика", kind="elective"
    )
    [load] = assign_loads(
        actor=inside, start_year=YEAR, loads=[LoadPlan(seven_a.boris, group, "physics", Decimal(1))]
    )
    set_timetable(actor=inside, start_year=YEAR, slots=[SlotPlan(load, 1, 3)], since_on=FIRST_DAY)

    yield_lessons(actor=inside, since=MONDAY, until=MONDAY)

    [card] = list_day_lessons(day=MONDAY)
    half_year = list_terms(level=10, start_year=YEAR)[0]
    assert (card.level, card.term_id) == (10, half_year.id)
