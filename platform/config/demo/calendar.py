"""The calendars of the demo schools, for any school year.

Source: curriculum.md §5. The ministry's quarters of 2025/26 and the derived ones of 2026/27 follow
one pattern, which goes on: quarters end on a fourth Friday, lessons begin again on a Monday.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from kernel.school_year import TermKind, TermSpan
from services.schedule.operations import HolidayPlan

FRIDAY, SATURDAY, MONDAY = 5, 6, 1
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The year of one school."""

    start_year: int
    starts_on: date
    ends_on: date
    terms: tuple[TermSpan, ...]
    holidays: tuple[HolidayPlan, ...]
    half_year_turns_on: date


def plan_year(start_year: int, *, has_trimesters: bool, has_seniors: bool) -> YearPlan:
    """Return the year of a school by quarters or trimesters, with half-years for seniors."""
    top = 9 if has_seniors else 11
    plan = _trimesters(start_year, top) if has_trimesters else _quarters(start_year, top)
    terms, holidays = plan
    winter_end = nth_weekday(start_year + 1, 1, MONDAY, 1, since_day=9)
    first_day, last_day = date(start_year, 9, 1), date(start_year + 1, 5, 26)
    if has_seniors:
        terms += (
            TermSpan(TermKind.HALF_YEAR, 1, first_day, date(start_year, 12, 30), 10, 11),
            TermSpan(TermKind.HALF_YEAR, 2, winter_end, last_day, 10, 11),
        )
    return YearPlan(start_year, first_day, last_day, terms, holidays, winter_end)


def nth_weekday(year: int, month: int, weekday: int, number: int, *, since_day: int = 1) -> date:
    """Return the `number`-th such weekday of the month, counted from a day of it."""
    first = date(year, month, since_day)
    return first + DAY * ((weekday - first.isoweekday()) % 7 + 7 * (number - 1))


def _quarters(start_year: int, top: int) -> tuple[tuple[TermSpan, ...], tuple[HolidayPlan, ...]]:
    spring = start_year + 1
    autumn_end = nth_weekday(start_year, 10, FRIDAY, 4)
    second = autumn_end + DAY * 10
    # 3 November 2025 is a moved day off; a Monday right before 4 November is given with it.
    while (second.month, second.day) in {(11, 3), (11, 4)}:
        second += DAY
    winter_end = nth_weekday(spring, 1, MONDAY, 1, since_day=9)
    third_end = nth_weekday(spring, 3, FRIDAY, 4)
    fourth = third_end + DAY * 10
    bounds = [
        (date(start_year, 9, 1), autumn_end),
        (second, date(start_year, 12, 30)),
        (winter_end, third_end),
        (fourth, date(spring, 5, 26)),
    ]
    february = nth_weekday(spring, 2, MONDAY, 3)
    holidays = (
        HolidayPlan("Осенние каникулы", autumn_end + DAY, second - DAY),
        HolidayPlan("Зимние каникулы", date(start_year, 12, 31), winter_end - DAY),
        HolidayPlan("Дополнительные каникулы", february - DAY * 2, february + DAY * 6, 1, 1),
        HolidayPlan("Весенние каникулы", third_end + DAY, fourth - DAY),
    )
    return _spans(TermKind.QUARTER, bounds, top), holidays


def _trimesters(start_year: int, top: int) -> tuple[tuple[TermSpan, ...], tuple[HolidayPlan, ...]]:
    spring = start_year + 1
    october = nth_weekday(start_year, 10, SATURDAY, 1)
    november = nth_weekday(start_year, 11, SATURDAY, 3)
    winter_end = nth_weekday(spring, 1, MONDAY, 1, since_day=9)
    february = nth_weekday(spring, 2, SATURDAY, 3)
    april = nth_weekday(spring, 4, SATURDAY, 2)
    bounds = [
        (date(start_year, 9, 1), november - DAY),
        (november + DAY * 9, february - DAY),
        (february + DAY * 9, date(spring, 5, 26)),
    ]
    holidays = (
        HolidayPlan("Осенние каникулы", october, october + DAY * 8),
        HolidayPlan("Ноябрьские каникулы", november, november + DAY * 8),
        HolidayPlan("Зимние каникулы", date(start_year, 12, 31), winter_end - DAY),
        HolidayPlan("Февральские каникулы", february, february + DAY * 8),
        HolidayPlan("Весенние каникулы", april, april + DAY * 8),
    )
    return _spans(TermKind.TRIMESTER, bounds, top), holidays


def _spans(kind: TermKind, bounds: list[tuple[date, date]], top: int) -> tuple[TermSpan, ...]:
    return tuple(
        TermSpan(kind, number, starts_on, ends_on, 1, top)
        for number, (starts_on, ends_on) in enumerate(bounds, start=1)
    )
