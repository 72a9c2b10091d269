"""The board: every school has a line, the missing are missing, small schools stay hidden."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.periods import Period
from services.monitoring.operations import mark_dirty
from services.monitoring.queries import Hiding, get_board
from tests.factories.facts import a_grade, count_day

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=shift) for shift in (1, 2, 3))
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))


def board_of(schools, period=WEEK, today=THURSDAY):
    return get_board(schools=list(schools.values()), period=period, today=today)


def line_of(board, school):
    return next(line for line in board.schools if line.school == school)


def test_counts_of_days_are_added_up_and_pupils_are_not(schools, school):
    count_day(school, MONDAY, a_grade())
    count_day(school, TUESDAY, a_grade(lessons_filled_same_day=10))

    tally = line_of(board_of(schools), school).reading.tally

    assert tally.lessons_held == 20
    assert tally.filled_same_day_percent == Decimal("90.00")
    assert tally.marks == 60
    assert tally.pupils == 20


def test_total_is_made_of_counts_and_not_of_percentages(schools, school, other_school):
    count_day(school, MONDAY, a_grade(lessons_held=90, lessons_filled_same_day=90))
    count_day(other_school, MONDAY, a_grade(lessons_held=10, lessons_filled_same_day=0))

    assert board_of(schools).total.tally.filled_same_day_percent == Decimal("90.00")


def test_days_outside_the_period_do_not_count(schools, school):
    count_day(school, MONDAY - timedelta(days=1), a_grade())
    count_day(school, MONDAY, a_grade())
    count_day(school, MONDAY + timedelta(days=7), a_grade())

    assert line_of(board_of(schools), school).reading.tally.lessons_held == 10


def test_school_that_sent_nothing_is_missing_and_not_zero(schools, school, other_school):
    count_day(school, MONDAY, a_grade())
    count_day(school, TUESDAY, a_grade())

    silent = line_of(board_of(schools), other_school)

    assert not silent.has_data
    assert silent.missing_since == MONDAY
    assert silent.reading.tally.filled_same_day_percent is None


def test_school_that_fell_silent_is_missing_since_that_day(schools, school, other_school):
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        count_day(school, day, a_grade())
    count_day(other_school, MONDAY, a_grade())

    assert line_of(board_of(schools), other_school).missing_since == TUESDAY


def test_free_day_of_one_school_is_not_a_missing_day(schools, school, other_school):
    count_day(school, MONDAY, a_grade())
    count_day(other_school, MONDAY, [])

    line = line_of(board_of(schools), other_school)

    assert line.completeness.is_whole
    assert line.has_data


def test_today_is_not_missing_yet(schools, school, other_school):
    count_day(school, THURSDAY, a_grade())
    count_day(other_school, MONDAY, a_grade())

    assert line_of(board_of(schools, today=THURSDAY), other_school).missing_since is None


def test_school_of_four_pupils_shows_lessons_only_and_is_not_in_the_total(
    schools, school, other_school
):
    count_day(school, MONDAY, a_grade(pupils=4, marks_2=2))
    count_day(other_school, MONDAY, a_grade(marks_2=1))

    board = board_of(schools)

    hidden = line_of(board, school).reading
    assert hidden.marks_hidden is Hiding.FEW
    assert hidden.attendance_hidden is Hiding.FEW
    assert (hidden.tally.marks, hidden.tally.pupils, hidden.tally.absent) == (0, 0, 0)
    assert hidden.tally.lessons_held == 10
    assert board.total.tally.marks_2 == 1
    assert board.days[0].reading.tally.marks_2 == 1


def test_school_below_the_district_is_named(schools, school, other_school):
    count_day(school, MONDAY, a_grade(lessons_filled_same_day=10))
    count_day(other_school, MONDAY, a_grade(lessons_filled_same_day=5))

    lags = [lag for lag in board_of(schools).lags if lag.indicator == "filled"]

    assert [(lag.school_id, lag.points) for lag in lags] == [(other_school.id, Decimal("25.00"))]


def test_without_a_period_it_is_the_week_of_the_last_lessons(schools, school):
    count_day(school, WEDNESDAY, a_grade())
    count_day(school, date(2027, 1, 5), [])

    board = board_of(schools, period=None, today=date(2027, 1, 5))

    assert board.period == WEEK
    assert board.has_lessons
    assert board.last_lesson_day == WEDNESDAY


def test_without_any_lessons_the_board_is_empty_and_stands(schools):
    board = board_of(schools, period=None)

    assert not board.has_lessons
    assert board.last_lesson_day is None
    assert len(board.schools) == len(schools)


def test_freshness_tells_the_age_and_what_waits(schools, school):
    count_day(school, MONDAY, a_grade())
    mark_dirty(school_id=school.id, day=MONDAY)

    freshness = line_of(board_of(schools), school).freshness

    assert freshness.age is not None
    assert freshness.age < timedelta(minutes=1)
    assert freshness.waiting is not None
    assert freshness.last_lesson_day == MONDAY


def test_board_takes_three_statements(schools, school, other_school):
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        count_day(school, day, a_grade())
        count_day(other_school, day, a_grade())

    with CaptureQueriesContext(connection) as asked:
        board_of(schools)

    assert len(asked) == 3
