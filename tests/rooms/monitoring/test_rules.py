"""Adding up, shares, what is missing, who lags: plain values only."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.indicators import NO_SUBJECT, DayCount, Measure
from services.monitoring.rules.attention import find_lags
from services.monitoring.rules.completeness import (
    judge_completeness,
    list_expected_days,
    missing_since,
)
from services.monitoring.rules.counting import COUNTED, WHOLE_SCHOOL, facts_of_day
from services.monitoring.rules.reading import Hiding, Reading
from services.monitoring.rules.tally import Tally, percent

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)


def test_whole_school_is_added_up_beside_its_cells():
    counts = [
        DayCount(7, "алг", Measure.MARKS_5, 3),
        DayCount(7, "рус", Measure.MARKS_5, 4),
        DayCount(8, "алг", Measure.MARKS_5, 5),
    ]

    facts = facts_of_day(counts)

    assert facts == {
        (7, "алг", "marks_5"): 3,
        (7, "рус", "marks_5"): 4,
        (8, "алг", "marks_5"): 5,
        (WHOLE_SCHOOL, NO_SUBJECT, "marks_5"): 12,
        (WHOLE_SCHOOL, NO_SUBJECT, COUNTED): 1,
    }


def test_pupils_of_a_school_are_those_of_its_grades_and_not_of_their_subjects():
    counts = [
        DayCount(7, NO_SUBJECT, Measure.PUPILS, 25),
        DayCount(7, "алг", Measure.PUPILS, 25),
        DayCount(7, "рус", Measure.PUPILS, 24),
    ]

    assert facts_of_day(counts)[WHOLE_SCHOOL, NO_SUBJECT, "pupils"] == 25


def test_zeros_are_left_out_but_an_empty_day_was_counted():
    facts = facts_of_day([DayCount(7, "алг", Measure.ABSENT, 0)])

    assert facts == {(WHOLE_SCHOOL, NO_SUBJECT, COUNTED): 1}


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        pytest.param(1, 3, Decimal("33.33"), id="rounded to two places"),
        pytest.param(1, 800, Decimal("0.13"), id="half away from zero"),
        pytest.param(0, 5, Decimal("0.00"), id="nothing of something is zero"),
        pytest.param(0, 0, None, id="nothing of nothing is no share"),
    ],
)
def test_share(part, whole, share):
    assert percent(part, whole) == share


def test_shares_are_made_of_counts_added_up_and_not_of_shares():
    small = Tally(lessons_held=1, lessons_filled_same_day=0)
    large = Tally(lessons_held=99, lessons_filled_same_day=99)

    assert Tally.sum([small, large]).filled_same_day_percent == Decimal("99.00")


def test_average_mark_and_its_shares():
    tally = Tally(marks_5=1, marks_4=1, marks_3=1, marks_2=0, marks_1=1)

    assert tally.marks == 4
    assert tally.average == Decimal("3.25")
    assert tally.high_marks_percent == Decimal("50.00")
    assert tally.low_marks_percent == Decimal("25.00")


def test_empty_tally_has_no_shares():
    tally = Tally()

    assert tally.average is None
    assert tally.attendance_percent is None
    assert tally.homework_percent is None


def test_hidden_numbers_are_taken_out_and_lessons_stay():
    tally = Tally(pupils=3, lessons_held=4, marks_2=1, attendance_expected=12, absent=3)

    reading = Reading.of(tally, marks=Hiding.FEW, attendance=Hiding.COVER)

    assert reading.tally == Tally(lessons_held=4)
    assert reading.is_partly_hidden


def test_days_are_expected_when_some_school_had_lessons_and_the_day_is_over():
    alpha = {MONDAY: 20, TUESDAY: 0, WEDNESDAY: 18}
    beta = {MONDAY: 30, TUESDAY: 0}

    assert list_expected_days([alpha, beta], today=WEDNESDAY) == [MONDAY]


@pytest.mark.parametrize(
    ("counted", "missing", "since"),
    [
        pytest.param({MONDAY, TUESDAY, WEDNESDAY}, (), None, id="all there"),
        pytest.param({MONDAY}, (TUESDAY, WEDNESDAY), TUESDAY, id="nothing since Tuesday"),
        pytest.param({MONDAY, WEDNESDAY}, (TUESDAY,), None, id="a hole, but it came again"),
        pytest.param(set(), (MONDAY, TUESDAY, WEDNESDAY), MONDAY, id="nothing at all"),
    ],
)
def test_missing_days(counted, missing, since):
    expected = [MONDAY, TUESDAY, WEDNESDAY]

    completeness = judge_completeness(counted, expected)

    assert completeness.missing == missing
    assert missing_since(completeness, expected) == since


def test_school_lags_when_it_is_five_points_below_the_district():
    district = Tally(lessons_held=100, lessons_filled_same_day=90, homework_due=10)
    near = Tally(lessons_held=100, lessons_filled_same_day=86)
    far = Tally(lessons_held=100, lessons_filled_same_day=70)

    lags = find_lags([(1, near), (2, far)], district)

    assert [(lag.school_id, lag.indicator, lag.points) for lag in lags] == [
        (2, "filled", Decimal("20.00"))
    ]
