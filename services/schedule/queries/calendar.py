"""Reading the school year: terms by level, holidays, study days (TTC-014)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from foundation.db.door import planned_cursor
from kernel.errors import NotFound
from kernel.periods import ONE_DAY, Period
from kernel.school_year import (
    StudyDay,
    TermKind,
    school_year_title,
    start_year_of,
    term_title,
)
from kernel.school_year import (
    list_study_days as study_days_of_calendar,
)
from kernel.working_days import DayKind, ProductionCalendar, WeekType, load_calendar
from services.regulation.queries import get_settings
from services.schedule.models import Bell, Holiday, SchoolYear, SwappedDay, Term
from services.schedule.rules import BellTime, week_of_level

# The columns of a card, in the order of its fields. Every journal's page asks it.
TERM = """
SELECT id, kind, number, level_from, level_to, starts_on, ends_on, closed_at
FROM schedule_term WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class TermCard:
    """A period of study; both days count, and so do both levels."""

    id: int
    kind: TermKind
    number: int
    level_from: int
    level_to: int
    starts_on: date
    ends_on: date
    closed_at: datetime | None

    @property
    def title(self) -> str:
        """Return «1 четверть»."""
        return term_title(self.kind, self.number)

    @property
    def is_closed(self) -> bool:
        """Return whether nothing may be written into the period any more."""
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class Break:
    """School holidays (каникулы) of some levels; both days count."""

    title: str
    starts_on: date
    ends_on: date
    level_from: int
    level_to: int


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """The annual calendar schedule (годовой календарный учебный график) of the school.

    `swapped` maps a day that is taught to the day whose timetable it follows.
    """

    start_year: int
    starts_on: date
    ends_on: date
    week: WeekType
    terms: tuple[TermCard, ...]
    breaks: tuple[Break, ...]
    swapped: dict[date, date]
    regional: dict[date, DayKind]

    @property
    def title(self) -> str:
        """Return «2026/27»."""
        return school_year_title(self.start_year)

    def terms_of(self, level: int) -> list[TermCard]:
        """Return the terms of one level, oldest first."""
        return [term for term in self.terms if term.level_from <= level <= term.level_to]

    def breaks_of(self, level: int) -> list[Break]:
        """Return the holidays of one level, oldest first."""
        return [pause for pause in self.breaks if pause.level_from <= level <= pause.level_to]

    def production_calendar(self, level: int) -> ProductionCalendar:
        """Return the calendar of working days a level learns by."""
        return load_calendar(week_of_level(week=self.week, level=level), self.regional)

    def study_days(self, level: int, days: Period | None = None) -> list[StudyDay]:
        """Return the level's days with lessons, of the whole year or of some days."""
        year = Period.of_days(self.starts_on, self.ends_on)
        wanted = year if days is None else year.intersection(days)
        if wanted is None:
            return []
        found = study_days_of_calendar(
            calendar=self.production_calendar(level),
            days=wanted,
            holidays=[Period.of_days(b.starts_on, b.ends_on) for b in self.breaks_of(level)],
            swapped=self.swapped,
        )
        terms = self.terms_of(level)
        return [one for one in found if any(t.starts_on <= one.day <= t.ends_on for t in terms)]


def get_calendar(*, start_year: int) -> YearCalendar:
    """Return the calendar of a school year; raise `NotFound` when the year is not set up."""
    year = SchoolYear.objects.filter(start_year=start_year).first()
    if year is None:
        raise NotFound
    settings = get_settings(keys=["school.week", "calendar.regional_days"], on=year.ends_on)
    regional: dict[str, DayKind] = settings["calendar.regional_days"].value
    swapped = SwappedDay.objects.filter(school_year=year).order_by("day")
    return YearCalendar(
        start_year=start_year,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        week=settings["school.week"].value,
        terms=tuple(_cards(Term.objects.filter(school_year=year))),
        breaks=tuple(_breaks(year)),
        swapped=dict(swapped.values_list("day", "instead_of")),
        regional={date.fromisoformat(day): kind for day, kind in regional.items()},
    )


def list_terms(*, level: int, start_year: int) -> list[TermCard]:
    """Return the terms of a level in a school year, oldest first."""
    rows = Term.objects.filter(school_year__start_year=start_year)
    return _cards(rows.filter(level_from__lte=level, level_to__gte=level))


def find_quarter(*, on: date) -> Period | None:
    """Return the quarter a day lies in, or the last one before it; None for a school without."""
    begun = Term.objects.filter(kind=TermKind.QUARTER, starts_on__lte=on)
    last = begun.order_by("starts_on", "pk").last()
    return None if last is None else Period.of_days(last.starts_on, last.ends_on)


def get_term(*, term_id: int) -> TermCard:
    """Return a term; raise `NotFound`."""
    with planned_cursor() as cursor:
        cursor.execute(TERM, [term_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    pk, kind, *rest = row
    return TermCard(pk, TermKind(kind), *rest)


def list_study_days(*, level: int, since: date, until: date) -> list[StudyDay]:
    """Return the level's days with lessons from `since` to `until`, both included.

    A school year that is not set up has none.
    """
    days = Period.of_days(since, until)
    found: list[StudyDay] = []
    for start_year in range(start_year_of(since), start_year_of(until) + 1):
        try:
            calendar = get_calendar(start_year=start_year)
        except NotFound:
            continue
        found += calendar.study_days(level, days)
    return found


def last_study_day(*, level: int, day: date) -> date | None:
    """Return the day itself if the level has lessons, else the last before, else None.

    In July it is the last day of May, on 1 September before the year is set up as well.
    """
    for start_year in (start_year_of(day), start_year_of(day) - 1):
        try:
            calendar = get_calendar(start_year=start_year)
        except NotFound:
            continue
        past = (
            calendar.study_days(level, Period.of_days(calendar.starts_on, day))
            if (day >= calendar.starts_on)
            else []
        )
        if past:
            return past[-1].day
    return None


def next_study_day(*, level: int, day: date) -> date | None:
    """Return the first day with lessons after a day, or None when no year that far is set up."""
    for start_year in (start_year_of(day), start_year_of(day) + 1):
        try:
            calendar = get_calendar(start_year=start_year)
        except NotFound:
            continue
        coming = calendar.study_days(level, Period(day + ONE_DAY))
        if coming:
            return coming[0].day
    return None


def find_first_day() -> date | None:
    """Return the first day of the first school year that is kept."""
    return SchoolYear.objects.order_by("starts_on").values_list("starts_on", flat=True).first()


def find_last_day(*, start_year: int) -> date | None:
    """Return the last day of lessons of a school year, or None when it is not set up."""
    rows = SchoolYear.objects.filter(start_year=start_year)
    return rows.values_list("ends_on", flat=True).first()


def list_bells(*, level: int, shift: int, on: date) -> list[BellTime]:
    """Return the bells that ring for a level of a shift on a day, by number."""
    return [
        bell
        for bell in to_bell_times(Bell.objects.order_by("number", "pk"))
        if bell.serves(shift=shift, level=level) and bell.rings_on(on)
    ]


def to_bell_times(rows: Iterable[Bell]) -> list[BellTime]:
    """Return bells as plain values."""
    return [
        BellTime(
            shift=row.shift,
            number=row.number,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            level_from=row.level_from,
            level_to=row.level_to,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    ]


def _cards(rows: QuerySet[Term]) -> list[TermCard]:
    return [
        TermCard(
            id=row.pk,
            kind=TermKind(row.kind),
            number=row.number,
            level_from=row.level_from,
            level_to=row.level_to,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            closed_at=row.closed_at,
        )
        for row in rows.order_by("starts_on", "level_from", "pk")
    ]


def _breaks(year: SchoolYear) -> Sequence[Break]:
    rows = Holiday.objects.filter(school_year=year).order_by("starts_on", "level_from", "pk")
    return [
        Break(row.title, row.starts_on, row.ends_on, row.level_from, row.level_to) for row in rows
    ]
