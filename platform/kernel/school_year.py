"""The school year (учебный год): its days, weeks and periods of study.

Source: JRN-024 (kinds of periods), JRN-025 (different kinds per level inside one school),
TTC-003 (a school day moved to another date). Which of the three calendars of law.md §3 this is:
the calendar of lessons. Public holidays come from the production calendar of the school's week.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeVar

from kernel.periods import Period
from kernel.working_days import ProductionCalendar

FIRST_MONTH = 9
NO_SWAPS: Mapping[date, date] = MappingProxyType({})


class TermKind(StrEnum):
    """Into what a school divides its year."""

    QUARTER = "quarter"
    TRIMESTER = "trimester"
    HALF_YEAR = "half_year"
    MODULE = "module"
    SEMESTER = "semester"


TERM_KIND_LABELS: Mapping[TermKind, str] = MappingProxyType(
    {
        TermKind.QUARTER: "четверть",
        TermKind.TRIMESTER: "триместр",
        TermKind.HALF_YEAR: "полугодие",
        TermKind.MODULE: "модуль",
        TermKind.SEMESTER: "семестр",
    }
)


class TermLike(Protocol):
    """What a period of study must tell: both days count, and so do both levels."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def level_from(self) -> int: ...
    @property
    def level_to(self) -> int: ...


AnyTerm = TypeVar("AnyTerm", bound=TermLike)


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A period of study as plain values, for code that has no row at hand."""

    kind: TermKind
    number: int
    starts_on: date
    ends_on: date
    level_from: int = 1
    level_to: int = 11

    @property
    def title(self) -> str:
        """Return «1 четверть»."""
        return term_title(self.kind, self.number)


@dataclass(frozen=True, slots=True)
class StudyDay:
    """A day with lessons; `timetable_of` is the day whose timetable it follows."""

    day: date
    timetable_of: date

    @property
    def weekday(self) -> int:
        """Return the ISO weekday (Monday is 1) of the timetable that is taught."""
        return self.timetable_of.isoweekday()


def term_title(kind: TermKind, number: int) -> str:
    """Return the period's name: «1 четверть», «2 полугодие»."""
    return f"{number} {TERM_KIND_LABELS[kind]}"


def start_year_of(day: date) -> int:
    """Return the year in which the school year of the day began: it turns on 1 September."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def school_year_bounds(start_year: int) -> Period:
    """Return the whole school year, summer included: 1 September up to the next 1 September."""
    return Period(date(start_year, FIRST_MONTH, 1), date(start_year + 1, FIRST_MONTH, 1))


def school_year_title(start_year: int) -> str:
    """Return «2026/27»."""
    return f"{start_year}/{(start_year + 1) % 100:02}"


def week_of(day: date) -> Period:
    """Return the week of the day, Monday to Sunday."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    return Period(monday, monday + timedelta(days=7))


def term_of(day: date, terms: Iterable[AnyTerm], *, level: int | None = None) -> AnyTerm | None:
    """Return the period of study the day lies in, or None between two of them.

    A school may keep quarters for some levels and half-years for others: then `level` decides.
    """
    for term in terms:
        if level is not None and not term.level_from <= level <= term.level_to:
            continue
        if term.starts_on <= day <= term.ends_on:
            return term
    return None


def list_study_days(
    *,
    calendar: ProductionCalendar,
    days: Period,
    holidays: Iterable[Period] = (),
    swapped: Mapping[date, date] = NO_SWAPS,
) -> list[StudyDay]:
    """Return the days with lessons inside `days`, oldest first.

    `holidays` are school holidays (каникулы). `swapped` maps the day that is taught to the day it
    is taught instead of: the first has lessons whatever the calendar says, the second has none.
    """
    breaks = tuple(holidays)
    given_up = set(swapped.values()) - set(swapped)
    study_days = []
    for day in days.days():
        if day in swapped:
            study_days.append(StudyDay(day, timetable_of=swapped[day]))
            continue
        if day in given_up or not calendar.is_working_day(day):
            continue
        if not any(pause.contains(day) for pause in breaks):
            study_days.append(StudyDay(day, timetable_of=day))
    return study_days


def last_school_day(study_days: Iterable[StudyDay]) -> date | None:
    """Return the last of these days with lessons, or None when there is none."""
    return max((study_day.day for study_day in study_days), default=None)
