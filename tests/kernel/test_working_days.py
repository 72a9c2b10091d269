from datetime import date, timedelta
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.working_days import is_statutory_holiday, load_calendar

FIVE = load_calendar(5)
SIX = load_calendar(6)

MONTH_TOTALS = {
    (5, 2025): "17 20 21 22 18 19 23 21 22 23 19 22",
    (5, 2026): "15 19 21 22 19 21 23 21 22 22 20 22",
    (5, 2027): "15 19 22 22 19 21 22 22 22 21 20 22",
    (6, 2025): "20 24 25 26 24 24 27 26 26 27 24 26",
    (6, 2026): "20 23 25 26 24 25 27 26 26 27 24 26",
    (6, 2027): "19 23 26 26 24 25 27 26 26 26 25 26",
}
ADYGEA_2025: dict[date, Any] = {
    date(2025, 3, 30): "off",
    date(2025, 3, 31): "off",
    date(2025, 4, 26): "work",
    date(2025, 4, 29): "off",
    date(2025, 4, 30): "off",
    date(2025, 6, 6): "off",
    date(2025, 10, 5): "off",
    date(2025, 10, 6): "off",
}
any_day = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        pytest.param("2025-10-27", 5, "2025-11-01", id="due on a working Saturday"),
        pytest.param("2025-10-27", 10, "2025-11-11", id="over the November holidays"),
        pytest.param("2025-10-27", 15, "2025-11-18", id="a complaint in November"),
        pytest.param("2026-04-27", 5, "2026-05-05", id="over the first of May"),
        pytest.param("2026-04-27", 10, "2026-05-13", id="over both May holidays"),
        pytest.param("2026-04-27", 15, "2026-05-20", id="a complaint in May"),
        pytest.param("2026-12-28", 5, "2027-01-13", id="over New Year"),
        pytest.param("2026-12-28", 10, "2027-01-20", id="access over New Year"),
        pytest.param("2026-12-28", 15, "2027-01-27", id="a complaint over New Year"),
        pytest.param("2027-02-15", 5, "2027-02-20", id="due on a working Saturday in February"),
        pytest.param("2027-02-15", 10, "2027-03-02", id="over the February holidays"),
        pytest.param("2027-02-15", 15, "2027-03-10", id="a complaint over the eighth of March"),
    ],
)
def test_term_in_working_days_ends_as_the_law_sheet_says(start, number, due):
    assert FIVE.add_working_days(date.fromisoformat(start), number) == date.fromisoformat(due)


@pytest.mark.parametrize("year", [2025, 2026])
def test_five_day_week_agrees_with_an_independent_calendar_day_by_day(year):
    independent = holidays.country_holidays("RU", years=year)

    differing = [
        d for d in days_of(year) if FIVE.is_working_day(d) != independent.is_working_day(d)
    ]

    assert differing == []


@pytest.mark.parametrize(("week", "year"), MONTH_TOTALS)
def test_month_totals_are_those_of_the_decrees(week, year):
    calendar = load_calendar(week)
    totals = [0] * 12
    for day in days_of(year):
        totals[day.month - 1] += calendar.is_working_day(day)

    assert " ".join(map(str, totals)) == MONTH_TOTALS[week, year]


@pytest.mark.parametrize("year", [2025, 2026, 2027])
@pytest.mark.parametrize(("week", "total"), [(5, 247), (6, 299)])
def test_year_totals(week, total, year):
    assert load_calendar(week).count_working_days(date(year, 1, 1), date(year, 12, 31)) == total


def test_six_day_week_does_not_take_what_was_moved_from_a_saturday():
    assert SIX.is_working_day(date(2026, 1, 9))
    assert SIX.is_working_day(date(2026, 5, 11))
    assert not SIX.is_working_day(date(2026, 3, 9))
    assert not SIX.is_working_day(date(2026, 12, 31))


def test_only_2027_of_the_loaded_years_is_provisional():
    flags = {year: FIVE.is_provisional(date(year, 6, 1)) for year in (2025, 2026, 2027)}

    assert flags == {2025: False, 2026: False, 2027: True}


def test_edition_names_the_decree_and_the_week():
    edition = SIX.edition_of(date(2026, 11, 22))

    assert edition.id == "2026.1-6"
    assert edition.decree == "Постановление Правительства РФ от 24.09.2025 № 1466"


def test_edition_changes_with_the_regional_days_of_that_year_only():
    adygea = load_calendar(5, ADYGEA_2025)

    assert adygea.edition_of(date(2025, 1, 1)).id != FIVE.edition_of(date(2025, 1, 1)).id
    assert adygea.edition_of(date(2026, 1, 1)).id == FIVE.edition_of(date(2026, 1, 1)).id


def test_term_over_new_year_was_counted_by_two_editions():
    editions = FIVE.editions_between(date(2026, 12, 28), date(2027, 1, 20))

    assert [edition.id for edition in editions] == ["2026.1-5", "2027.0-5"]


@pytest.mark.parametrize(
    ("week", "day", "works"),
    [
        pytest.param(5, "2028-01-10", True, id="Monday after the January holidays"),
        pytest.param(5, "2028-01-06", False, id="January holiday"),
        pytest.param(5, "2031-02-24", False, id="23 February on Sunday moves to Monday"),
        pytest.param(5, "2031-03-10", False, id="8 March on Saturday moves to Monday"),
        pytest.param(6, "2031-03-10", True, id="8 March on Saturday: a six-day week does not move"),
        pytest.param(
            6, "2031-02-24", False, id="23 February on Sunday moves in a six-day week too"
        ),
        pytest.param(5, "2028-06-13", True, id="day after a holiday on Monday"),
    ],
)
def test_year_without_a_decree_is_computed_and_provisional(week, day, works):
    calendar = load_calendar(week)

    assert calendar.is_working_day(date.fromisoformat(day)) is works
    assert calendar.is_provisional(date.fromisoformat(day))
    assert calendar.edition_of(date.fromisoformat(day)).id == f"{day[:4]}.computed-{week}"


def test_regional_days_count_on_top_of_the_federal_ones():
    adygea = load_calendar(5, ADYGEA_2025)

    assert adygea.is_working_day(date(2025, 4, 26))
    assert not FIVE.is_working_day(date(2025, 4, 26))
    assert FIVE.add_working_days(date(2025, 4, 25), 3) == date(2025, 4, 30)
    assert adygea.add_working_days(date(2025, 4, 25), 3) == date(2025, 5, 5)
    assert adygea.add_working_days(date(2025, 3, 28), 1) == date(2025, 4, 1)
    assert adygea.count_working_days(date(2025, 1, 1), date(2025, 12, 31)) == 247 - 4


def test_counting_back_finds_the_latest_day_of_a_notice():
    assert FIVE.add_working_days(date(2026, 11, 9), -3) == date(2026, 11, 3)
    assert FIVE.add_working_days(date(2026, 11, 9), 0) == date(2026, 11, 9)


def test_last_day_of_a_calendar_term_moves_off_a_day_off():
    assert FIVE.working_day_from(date(2026, 5, 9)) == date(2026, 5, 12)
    assert FIVE.working_day_from(date(2026, 5, 12)) == date(2026, 5, 12)


def test_week_of_four_days_is_refused():
    with pytest.raises(ValueError, match="5 or 6"):
        load_calendar(4)  # type: ignore[arg-type]


def test_backward_count_is_zero():
    assert FIVE.count_working_days(date(2026, 5, 12), date(2026, 5, 11)) == 0


@given(any_day, st.integers(1, 40), st.sampled_from([FIVE, SIX]))
def test_adding_and_counting_agree(start, number, calendar):
    due = calendar.add_working_days(start, number)

    assert calendar.is_working_day(due)
    assert calendar.count_working_days(start + timedelta(1), due) == number


@given(any_day, st.sampled_from([FIVE, SIX]))
def test_statutory_holiday_never_works(day, calendar):
    assert not (is_statutory_holiday(day) and calendar.is_working_day(day))
