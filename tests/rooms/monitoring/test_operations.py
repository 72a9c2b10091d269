"""Dirty days and facts: recomputed, never added to, whatever comes twice or late."""

import random
from datetime import date, timedelta

import pytest

from services.monitoring.models import DirtyDay, Fact, SchoolFreshness, SubjectName
from services.monitoring.operations import mark_days_dirty, mark_dirty, replace_facts
from services.monitoring.queries import list_due_days, list_quiet_schools
from services.monitoring.rules.counting import facts_of_day
from tests.factories.facts import a_grade, count_day, note_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 16)
NO_PAUSE = timedelta(0)


def facts_in_table():
    columns = ("school_id", "day", "grade", "subject_code", "measure", "count")
    return set(Fact.objects.values_list(*columns))


def test_marking_again_raises_the_counter(school):
    mark_dirty(school_id=school.id, day=DAY)
    mark_dirty(school_id=school.id, day=DAY)

    assert [(row.day, row.counter) for row in DirtyDay.objects.order_by("pk")] == [(DAY, 2)]


def test_days_are_marked_up_to_but_without_the_last(school):
    mark_days_dirty(school_id=school.id, since=DAY, until=DAY + timedelta(days=3))

    days = DirtyDay.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)]


def test_marking_no_days_marks_none(school):
    mark_days_dirty(school_id=school.id, since=DAY, until=DAY)

    assert not DirtyDay.objects.exists()


def test_counted_day_is_clean_fresh_and_complete(school):
    count_day(school, DAY, a_grade(), names={"алг": "Алгебра"})

    assert not DirtyDay.objects.exists()
    assert SchoolFreshness.objects.get(pk=school.id).last_lesson_day == DAY
    assert Fact.objects.get(grade=7, measure="marks_5").count == 10
    assert Fact.objects.get(grade=-1, measure="marks_5").count == 10
    assert SubjectName.objects.get(school_id=school.id, code="алг").name == "Алгебра"


def test_counting_again_gives_the_same(school):
    count_day(school, DAY, a_grade())
    once = facts_in_table()

    count_day(school, DAY, a_grade())

    assert facts_in_table() == once


def test_new_numbers_stand_in_place_of_the_old(school):
    count_day(school, DAY, a_grade(marks_5=10, marks_2=2))

    count_day(school, DAY, a_grade(marks_5=9, marks_2=0))

    assert Fact.objects.get(grade=7, measure="marks_5").count == 9
    assert not Fact.objects.filter(measure="marks_2").exists()


def test_unchanged_numbers_are_not_rewritten(school):
    count_day(school, DAY, a_grade())
    before = set(Fact.objects.values_list("pk", "count"))

    count_day(school, DAY, a_grade(marks_5=11))

    changed = set(Fact.objects.values_list("pk", "count")) - before
    assert {count for _, count in changed} == {11}


def test_other_days_and_schools_are_left_alone(school, other_school):
    count_day(other_school, DAY, a_grade())
    count_day(school, DAY + timedelta(days=1), a_grade())

    count_day(school, DAY, [])

    assert Fact.objects.filter(measure="marks_5", grade=7).count() == 2


def test_lessons_that_went_away_are_not_the_last_day_any_more(school):
    count_day(school, DAY, a_grade())
    count_day(school, DAY + timedelta(days=1), a_grade())

    count_day(school, DAY + timedelta(days=1), [])

    assert SchoolFreshness.objects.get(pk=school.id).last_lesson_day == DAY


def test_change_during_the_counting_keeps_the_day_dirty(school):
    mark_dirty(school_id=school.id, day=DAY)
    noted = note_of(school, DAY)
    mark_dirty(school_id=school.id, day=DAY)

    written = replace_facts(noted=noted, facts=facts_of_day(a_grade()), subject_names={})

    assert written
    assert DirtyDay.objects.get(school_id=school.id, day=DAY).counter == 2


def test_late_counter_does_not_overwrite_who_noted_the_day_after_him(school):
    mark_dirty(school_id=school.id, day=DAY)
    late = note_of(school, DAY)
    mark_dirty(school_id=school.id, day=DAY)
    replace_facts(
        noted=note_of(school, DAY), facts=facts_of_day(a_grade(marks_5=20)), subject_names={}
    )

    written = replace_facts(noted=late, facts=facts_of_day(a_grade()), subject_names={})

    assert not written
    assert Fact.objects.get(grade=7, measure="marks_5").count == 20


def test_late_counter_does_not_take_a_new_mark_for_the_one_he_noted(school):
    mark_dirty(school_id=school.id, day=DAY)
    late = note_of(school, DAY)
    count_day(school, DAY, a_grade(marks_5=20))
    mark_dirty(school_id=school.id, day=DAY)

    written = replace_facts(noted=late, facts=facts_of_day(a_grade()), subject_names={})

    assert not written
    assert DirtyDay.objects.filter(school_id=school.id, day=DAY).exists()


@pytest.mark.parametrize("seed", range(3))
def test_doubled_and_reordered_marks_end_in_the_same_numbers(school, seed):
    """F9: every mark of three days comes ten times, shuffled, with countings in between."""
    days = [DAY + timedelta(days=shift) for shift in range(3)]
    truth = {day: a_grade(marks_5=number) for number, day in enumerate(days, start=1)}
    marks = [day for day in days for _ in range(10)]
    random.Random(seed).shuffle(marks)

    for number, day in enumerate(marks):
        mark_dirty(school_id=school.id, day=day)
        if number % 4 == 0:
            _count_what_is_due(truth)
    _count_what_is_due(truth)

    assert not DirtyDay.objects.exists()
    fives = Fact.objects.filter(grade=7, measure="marks_5").order_by("day")
    assert list(fives.values_list("day", "count")) == list(zip(days, (1, 2, 3), strict=True))


def _count_what_is_due(truth):
    for noted in list_due_days(pause=NO_PAUSE, limit=50):
        replace_facts(noted=noted, facts=facts_of_day(truth[noted.day]), subject_names={})


def test_first_change_after_a_silence_is_due_at_once(school):
    mark_dirty(school_id=school.id, day=DAY)

    due = list_due_days(pause=timedelta(minutes=5), limit=10)

    assert [note.day for note in due] == [DAY]


def test_change_right_after_a_counting_waits(school, other_school):
    count_day(school, DAY, [])
    mark_dirty(school_id=school.id, day=DAY)
    mark_dirty(school_id=other_school.id, day=DAY)

    due = list_due_days(pause=timedelta(minutes=5), limit=10)

    assert [note.school_id for note in due] == [other_school.id]


def test_waiting_ends_after_the_pause(school):
    count_day(school, DAY, [])
    mark_dirty(school_id=school.id, day=DAY)
    DirtyDay.objects.update(marked_at="2026-01-01T00:00Z")

    assert len(list_due_days(pause=timedelta(minutes=5), limit=10)) == 1


def test_newest_days_are_counted_first(school):
    mark_days_dirty(school_id=school.id, since=DAY, until=DAY + timedelta(days=5))

    due = list_due_days(pause=NO_PAUSE, limit=2)

    assert [note.day for note in due] == [DAY + timedelta(days=4), DAY + timedelta(days=3)]


def test_quiet_schools_are_those_nobody_counted_lately(schools):
    count_day(schools["alpha"], DAY, [])

    quiet = list_quiet_schools(schools=schools.values(), silence=timedelta(minutes=10))

    assert {school.slug for school in quiet} == schools.keys() - {"alpha"}
