"""Counting a term (исчисление срока) day by day, so that anybody can check the due day.

Source: ГК РФ ст. 191 (the day of the event is day 0), ст. 193 (a last day that is off moves to the
next working day). Which days work, `kernel.working_days` says.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kernel.errors import DomainError
from kernel.periods import ONE_DAY
from kernel.working_days import ProductionCalendar, WeekType

TermUnit = Literal["working", "calendar"]
UNITS: dict[TermUnit, str] = {"working": "рабочих", "calendar": "календарных"}
LONGEST = 1000


class TermIsUnreadable(DomainError):
    """The number of days or the unit makes no term."""

    code = "term-is-unreadable"
    message = f"Срок — от 0 до {LONGEST} рабочих или календарных дней."


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day of a term: its place, or None when it is skipped; `reason` says why, or what is odd."""

    day: date
    place: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A counted term: `days` holds every day after `start` up to `due_on`."""

    start: date
    number: int
    unit: TermUnit
    week: WeekType
    due_on: date
    edition: str
    is_provisional: bool
    days: tuple[CountedDay, ...]

    @property
    def skipped(self) -> tuple[tuple[date, str], ...]:
        """Return the days that do not count, each with the reason."""
        return tuple((one.day, one.reason) for one in self.days if one.place is None)


def count_term(
    *,
    calendar: ProductionCalendar,
    start: date,
    number: int,
    unit: TermUnit = "working",
    move: bool = True,
) -> Term:
    """Return the term of `number` days after `start`; a negative number is no term.

    `move`: a term in calendar days that ends on a day off ends on the next working day.
    Raise `TermIsUnreadable`.
    """
    if unit not in UNITS or not 0 <= number <= LONGEST:
        raise TermIsUnreadable(number=number, unit=unit)
    if unit == "working":
        days = _count_working(calendar, start, number)
    else:
        days = _count_calendar(calendar, start, number, move)
    due_on = days[-1].day if days else start
    editions = calendar.editions_between(start, due_on)
    return Term(
        start=start,
        number=number,
        unit=unit,
        week=calendar.week,
        due_on=due_on,
        edition=", ".join(one.id for one in editions),
        is_provisional=any(one.is_provisional for one in editions),
        days=tuple(days),
    )


def _count_working(calendar: ProductionCalendar, start: date, number: int) -> list[CountedDay]:
    days: list[CountedDay] = []
    day, place = start, 0
    while place < number:
        day += ONE_DAY
        counts = calendar.is_working_day(day)
        place += counts
        days.append(CountedDay(day, place if counts else None, calendar.reason_of(day)))
    return days


def _count_calendar(
    calendar: ProductionCalendar, start: date, number: int, move: bool
) -> list[CountedDay]:
    """Every day counts; when the last is off, those up to the next working day are skipped."""
    last = start + number * ONE_DAY
    until = calendar.working_day_from(last) if move else last
    days = []
    for shift in range(1, (until - start).days + 1):
        day = start + shift * ONE_DAY
        place = None if last <= day < until else min(shift, number)
        days.append(CountedDay(day, place, calendar.reason_of(day)))
    return days
