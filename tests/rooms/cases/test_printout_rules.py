"""When a sheet of paper falls due, by hand-made tables of days (INF-003, INF-004, INF-006)."""

from datetime import date, timedelta

import pytest

from kernel.working_days import load_calendar
from services.cases.printout_rules import Due, due_day, state_on

FIVE = load_calendar(5, {})
SIX = load_calendar(6, {})


def lessons(*spans: tuple[str, str]) -> list[date]:
    """Return the weekdays of spans, both ends included."""
    days = []
    for since, last in spans:
        day = date.fromisoformat(since)
        while day <= date.fromisoformat(last):
            if day.isoweekday() <= 5:
                days.append(day)
            day += timedelta(days=1)
    return days


# Autumn holidays from 26 October to 1 November, winter ones from 31 December to 10 January,
# spring ones from 27 March to 4 April; after 26 May the summer.
YEAR = lessons(
    ("2026-09-01", "2026-10-23"),
    ("2026-11-02", "2026-12-30"),
    ("2027-01-11", "2027-03-26"),
    ("2027-04-05", "2027-05-26"),
)


@pytest.mark.requirement("INF-003", "INF-004", "INF-006")
@pytest.mark.parametrize(
    ("last_on", "interval", "due_on", "why"),
    [
        ("2026-11-06", 7, "2026-11-13", "a week later, a Friday"),
        ("2026-11-06", 14, "2026-11-20", "two weeks later"),
        ("2026-11-15", 7, "2026-11-23", "a Sunday moves to Monday"),
        ("2026-10-28", 7, "2026-11-05", "4 November is a feast"),
        ("2026-10-23", 7, "2026-11-06", "the holidays owe nothing: the week after them does"),
        ("2026-10-23", 14, "2026-11-06", "two weeks hold lessons after the holidays"),
        ("2026-10-21", 7, "2026-10-28", "two days of lessons before the holidays are told of"),
        ("2026-12-30", 7, "2027-01-13", "New Year: no lessons in the first week"),
        ("2026-12-25", 7, "2027-01-11", "due on 1 January: the first working day"),
        ("2026-12-30", 14, "2027-01-13", "New Year by two weeks"),
        ("2026-12-28", 14, "2027-01-11", "two weeks over New Year end on the first working day"),
        ("2027-03-26", 7, "2027-04-09", "spring holidays owe nothing"),
        ("2027-05-21", 7, "2027-05-28", "the last days of May are told of"),
    ],
)
def test_sheet_is_due(last_on: str, interval: int, due_on: str, why: str) -> None:
    found = due_day(
        last_on=date.fromisoformat(last_on), interval=interval, calendar=FIVE, study_days=YEAR
    )

    assert found == date.fromisoformat(due_on), why


def test_six_day_week_works_on_saturday() -> None:
    saturday = date(2026, 11, 14)

    found = [
        due_day(last_on=date(2026, 11, 7), interval=7, calendar=one, study_days=YEAR)
        for one in (SIX, FIVE)
    ]

    assert found == [saturday, date(2026, 11, 16)]


@pytest.mark.parametrize("interval", [7, 14])
def test_summer_owes_nothing_until_the_next_year_begins(interval: int) -> None:
    september = [date(2027, 9, 1)]
    after_the_year = date(2027, 5, 28)

    def due(days: list[date]) -> date | None:
        return due_day(last_on=after_the_year, interval=interval, calendar=FIVE, study_days=days)

    assert due(YEAR) is None
    found = due(YEAR + september)
    assert found is not None
    assert date(2027, 9, 1) <= found < date(2027, 9, 15)


def test_school_that_prints_by_no_schedule_owes_nothing() -> None:
    assert due_day(last_on=date(2026, 11, 6), interval=0, calendar=FIVE, study_days=YEAR) is None


def test_state_of_a_day() -> None:
    today = date(2026, 11, 20)
    days = [None, date(2026, 11, 19), today, date(2026, 11, 23)]

    assert [state_on(day, today) for day in days] == [Due.NEVER, Due.OVERDUE, Due.TODAY, Due.LATER]
