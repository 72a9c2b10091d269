"""The school's year as a family sees it: terms, holidays, every day, and the week's timetable.

Source: TTC-014 (годовой календарный учебный график and the timetable of the current period).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.periods import Period
from kernel.school_year import start_year_of, term_of
from services.diary import access
from services.diary.access import ChildView
from services.people import queries as people
from services.schedule import queries as schedule
from services.schedule.queries import Break, SlotCard, TermCard, YearCalendar


class DayKind(StrEnum):
    """What a day of the year is for a pupil."""

    STUDY = "study"
    WEEKEND = "weekend"
    FEAST = "feast"
    BREAK = "break"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the year; `is_moved`: taught by the timetable of another day."""

    day: date
    kind: DayKind
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its days; `first` is its first day."""

    first: date
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The year of a child's class; `year` is None while the school has not set it up."""

    child: ChildView
    year: YearCalendar | None
    terms: tuple[TermCard, ...]
    breaks: tuple[Break, ...]
    months: tuple[Month, ...]
    current: TermCard | None
    timetable: tuple[tuple[int, tuple[SlotCard, ...]], ...]


def get_calendar(*, actor: Actor, pupil_id: int, today: date) -> CalendarPage:
    """Return the school year of a child, in summer the coming one if it is set up.

    Raise `NotFound`.
    """
    child = access.get_child(actor=actor, pupil_id=pupil_id, on=today)
    year = _choose_year(today)
    if year is None:
        return CalendarPage(child, None, (), (), (), None, ())
    level = child.level or 1
    terms = tuple(year.terms_of(level))
    return CalendarPage(
        child=child,
        year=year,
        terms=terms,
        breaks=tuple(year.breaks_of(level)),
        months=tuple(_months(year, level)),
        current=term_of(today, terms),
        timetable=tuple(_timetable(child, max(today, year.starts_on))),
    )


def _choose_year(today: date) -> YearCalendar | None:
    found = None
    for start_year in (start_year_of(today) + 1, start_year_of(today)):
        try:
            year = schedule.get_calendar(start_year=start_year)
        except NotFound:
            continue
        if year.starts_on <= today <= year.ends_on or found is None:
            found = year
    return found


def _months(year: YearCalendar, level: int) -> Iterable[Month]:
    study = {one.day for one in year.study_days(level)}
    pauses = [Period.of_days(one.starts_on, one.ends_on) for one in year.breaks_of(level)]
    calendar = year.production_calendar(level)
    first = year.starts_on.replace(day=1)
    while first <= year.ends_on:
        following = (first + timedelta(days=31)).replace(day=1)
        days = []
        for day in Period(first, following).days():
            kind = _kind(day, study, pauses, is_weekend=day.isoweekday() > calendar.week)
            if not year.starts_on <= day <= year.ends_on:
                kind = DayKind.OUTSIDE
            days.append(CalendarDay(day, kind, is_moved=day in year.swapped))
        yield Month(first, tuple(days))
        first = following


def _kind(day: date, study: set[date], pauses: Sequence[Period], *, is_weekend: bool) -> DayKind:
    if day in study:
        return DayKind.STUDY
    if any(pause.contains(day) for pause in pauses):
        return DayKind.BREAK
    return DayKind.WEEKEND if is_weekend else DayKind.FEAST


def _timetable(child: ChildView, on: date) -> Iterable[tuple[int, tuple[SlotCard, ...]]]:
    """Yield (weekday, lessons) of the weekly timetable as it holds on a day."""
    spans = people.list_group_spans(pupil_id=child.id, since=on, until=on)
    slots = schedule.list_timetable(group_ids={span.group_id for span in spans}, on=on)
    for weekday in sorted({slot.weekday for slot in slots}):
        yield weekday, tuple(slot for slot in slots if slot.weekday == weekday)
