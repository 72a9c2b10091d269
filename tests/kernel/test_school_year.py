from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.periods import Period
from kernel.school_year import (
    StudyDay,
    TermKind,
    TermSpan,
    last_school_day,
    list_study_days,
    school_year_bounds,
    school_year_title,
    start_year_of,
    term_of,
    term_title,
    week_of,
)
from kernel.working_days import load_calendar

FIVE = load_calendar(5)
SIX = load_calendar(6)

QUARTERS_2025 = [
    Period.of_days(date(2025, 9, 1), date(2025, 10, 24)),
    Period.of_days(date(2025, 11, 5), date(2025, 12, 30)),
    Period.of_days(date(2026, 1, 12), date(2026, 3, 27)),
    Period.of_days(date(2026, 4, 6), date(2026, 5, 26)),
]
QUARTERS_2026 = [
    Period.of_days(date(2026, 9, 1), date(2026, 10, 23)),
    Period.of_days(date(2026, 11, 2), date(2026, 12, 30)),
    Period.of_days(date(2027, 1, 11), date(2027, 3, 26)),
    Period.of_days(date(2027, 4, 5), date(2027, 5, 26)),
]
TERMS = [
    TermSpan(TermKind.QUARTER, 1, date(2026, 9, 1), date(2026, 10, 23), 1, 9),
    TermSpan(TermKind.QUARTER, 2, date(2026, 11, 2), date(2026, 12, 30), 1, 9),
    TermSpan(TermKind.HALF_YEAR, 1, date(2026, 9, 1), date(2026, 12, 30), 10, 11),
]


def count_days(calendar, quarters):
    return [len(list_study_days(calendar=calendar, days=quarter)) for quarter in quarters]


def test_study_days_of_2025_are_those_of_the_recommended_calendar():
    assert count_days(FIVE, QUARTERS_2025) == [40, 40, 53, 35]


def test_study_days_of_2026_make_exactly_34_weeks():
    assert count_days(FIVE, QUARTERS_2026) == [39, 42, 53, 36]
    assert sum(count_days(FIVE, QUARTERS_2026)) == 34 * 5


def test_study_days_of_a_six_day_week():
    assert sum(count_days(SIX, QUARTERS_2026)) == 202


def test_extra_holidays_of_grade_one_have_no_lessons():
    extra = Period.of_days(date(2027, 2, 13), date(2027, 2, 21))

    days = list_study_days(calendar=FIVE, days=QUARTERS_2026[2], holidays=[extra])

    assert len(days) == 53 - 6  # Monday to Friday, and the working Saturday of 20 February


def test_swapped_day_is_taught_by_the_timetable_of_the_other():
    week = week_of(date(2026, 11, 9))
    saturday, friday = date(2026, 11, 14), date(2026, 11, 13)

    days = list_study_days(calendar=FIVE, days=week, swapped={saturday: friday})

    assert [study.day.day for study in days] == [9, 10, 11, 12, 14]
    assert days[-1] == StudyDay(saturday, timetable_of=friday)
    assert days[-1].weekday == 5


def test_two_days_may_exchange_their_timetables():
    monday, tuesday = date(2026, 11, 9), date(2026, 11, 10)

    days = list_study_days(
        calendar=FIVE, days=week_of(monday), swapped={monday: tuesday, tuesday: monday}
    )

    assert [study.weekday for study in days] == [2, 1, 3, 4, 5]


def test_last_school_day_of_a_quarter():
    days = list_study_days(calendar=FIVE, days=Period(date(2026, 9, 1), date(2026, 10, 26)))

    assert last_school_day(days) == date(2026, 10, 23)
    assert last_school_day([]) is None


@pytest.mark.requirement("JRN-025")
@pytest.mark.parametrize(
    ("day", "level", "title"),
    [
        pytest.param(date(2026, 10, 23), 7, "1 четверть", id="last day of a quarter"),
        pytest.param(date(2026, 10, 23), 10, "1 полугодие", id="same day in grade 10"),
        pytest.param(date(2026, 10, 26), 10, "1 полугодие", id="no holidays between half-years"),
        pytest.param(date(2026, 11, 2), 9, "2 четверть", id="first day of the second quarter"),
    ],
)
def test_period_depends_on_the_level_inside_one_school(day, level, title):
    term = term_of(day, TERMS, level=level)

    assert term is not None
    assert term.title == title


def test_no_period_in_the_holidays():
    assert term_of(date(2026, 10, 24), TERMS, level=7) is None
    assert term_of(date(2026, 10, 24), []) is None


@pytest.mark.requirement("JRN-024", part=True)
def test_every_kind_of_period_has_a_russian_name():
    titles = [term_title(kind, 1) for kind in TermKind]

    assert titles == ["1 четверть", "1 триместр", "1 полугодие", "1 модуль", "1 семестр"]


def test_school_year_turns_on_the_first_of_september():
    assert start_year_of(date(2026, 8, 31)) == 2025
    assert start_year_of(date(2026, 9, 1)) == 2026
    assert school_year_title(2026) == "2026/27"
    assert school_year_title(2099) == "2099/00"


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_day_lies_in_its_own_year_and_week(day):
    week = week_of(day)

    assert school_year_bounds(start_year_of(day)).contains(day)
    assert week.contains(day)
    assert week.since.isoweekday() == 1
    assert len(list(week.days())) == 7
