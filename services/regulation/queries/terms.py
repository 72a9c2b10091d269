"""The clock of every legal term: which day is the n-th, by the school's week and regional days.

Law: ГК РФ ст. 191 and 193, ТК РФ ст. 112; law.md §3. The week is a norm and holds from a day on;
the regional days are facts, so the newest known ones count, whenever the term began. What counted
is named by `edition`: a changed calendar is recognised by it, and open terms are counted anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kernel.terms import Term, TermUnit, count_term
from kernel.working_days import DayKind, ProductionCalendar, WeekType, load_calendar
from services.regulation.queries import Setting, get_setting

WEEK = "deadline.week"
REGIONAL = "calendar.regional_days"
EDITION = "calendar.edition"


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a term and how it was counted; `start` is day 0."""

    start: date
    number: int
    unit: TermUnit
    week: WeekType
    due_on: date
    edition: str
    is_provisional: bool
    skipped: tuple[tuple[date, str], ...]


def get_due_day(
    *,
    start: date,
    number: int,
    unit: TermUnit = "working",
    on: date | None = None,
    move: bool = True,
) -> DueDay:
    """Return the day a term ends on, by the calendar of the school that is open.

    `on` is the day whose regulation names the week, by default `start`. A term in calendar days
    ending on a day off ends on the next working day unless `move` is False. Never blocks: a year
    without a decree is counted by weekends and holidays and called provisional.
    Raise `TermIsUnreadable`.
    """
    term = explain_due_day(start=start, number=number, unit=unit, on=on, move=move)
    return DueDay(
        start=term.start,
        number=term.number,
        unit=term.unit,
        week=term.week,
        due_on=term.due_on,
        edition=term.edition,
        is_provisional=term.is_provisional,
        skipped=term.skipped,
    )


def explain_due_day(
    *,
    start: date,
    number: int,
    unit: TermUnit = "working",
    on: date | None = None,
    move: bool = True,
) -> Term:
    """Return the same day by day, for whoever wants to check. Raise `TermIsUnreadable`."""
    calendar = get_deadline_calendar(on=on or start)
    return count_term(calendar=calendar, start=start, number=number, unit=unit, move=move)


def count_working_days(*, since: date, until: date) -> int:
    """Return the working days from `since` to `until`, both included; 0 when there are none."""
    return get_deadline_calendar(on=since).count_working_days(since, until)


def get_deadline_calendar(*, on: date) -> ProductionCalendar:
    """Return the working days of the school that is open, by the week of a day."""
    return load_calendar(get_setting(key=WEEK, on=on).value, get_regional_days())


def get_regional_days() -> Mapping[date, DayKind]:
    """Return the region's own days as the school that is open knows them."""
    return read_regional_days(_newest(REGIONAL).value)


def get_known_edition() -> str:
    """Return the mark of the calendar that terms of this school were last counted by."""
    return str(_newest(EDITION).value)


def read_regional_days(value: Mapping[str, str]) -> dict[date, DayKind]:
    """Return the setting's value as days: {"2026-10-05": "off"}."""
    return {
        date.fromisoformat(day): "work" if kind == "work" else "off" for day, kind in value.items()
    }


def _newest(key: str) -> Setting:
    return get_setting(key=key, on=date.max)
