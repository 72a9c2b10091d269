"""The days a report is about: a period of study, or the whole year (REP-002)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kernel.errors import NotFound
from kernel.marks import LEVELS_WITHOUT_MARKS
from kernel.school_year import school_year_title
from services.regulation.queries import get_settings
from services.schedule import queries as schedule
from services.schedule.queries import TermCard

WHOLE_YEAR = "year"
ALL_LEVELS = (1, 11)
RULES = ["absence.codes", "mark.weighted_average", "mark.first_grade_without_marks"]


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """Days of a report, both included; `key` chooses them, `levels` learn by them."""

    key: str
    title: str
    since: date
    last: date
    levels: tuple[int, int]
    closed_at: datetime | None = None

    def has_begun(self, today: date) -> bool:
        """Return whether there is anything to count yet."""
        return self.since <= today

    def counted_to(self, today: date) -> date:
        """Return the last day that is counted: today while the span runs."""
        return min(self.last, today)

    def holds(self, level: int) -> bool:
        """Return whether a level learns by this period."""
        return self.levels[0] <= level <= self.levels[1]


@dataclass(frozen=True, slots=True)
class Spans:
    """What may be chosen in a school year, and what is."""

    start_year: int
    options: tuple[ReportSpan, ...]
    chosen: ReportSpan

    @property
    def year_title(self) -> str:
        """Return «2026/27»."""
        return school_year_title(self.start_year)


@dataclass(frozen=True, slots=True)
class ReportRules:
    """What the school's regulation says of averages and codes on the last day of a report."""

    is_weighted: bool
    codes: Sequence[str]
    first_grade_without_marks: bool

    def has_marks(self, level: int) -> bool:
        """Return whether a level learns with marks (MRK-010)."""
        return level not in LEVELS_WITHOUT_MARKS or not self.first_grade_without_marks

    def weigh(self, weight: Decimal) -> Decimal:
        """Return what a mark weighs in an average."""
        return weight if self.is_weighted else Decimal(1)


def read_rules(span: ReportSpan, today: date) -> ReportRules:
    """Return the rules that hold on the last counted day of a span."""
    settings = get_settings(keys=RULES, on=span.counted_to(today))
    return ReportRules(
        bool(settings["mark.weighted_average"].value),
        tuple(settings["absence.codes"].value),
        bool(settings["mark.first_grade_without_marks"].value),
    )


def read_spans(*, start_year: int, key: str, today: date, level: int | None = None) -> Spans:
    """Return the spans of a year, of one level or of all, with the one asked for.

    The default is the period that runs or the last one begun; once the year is over, the year.
    Raise `NotFound` for an unknown span and for a year that is not set up.
    """
    calendar = schedule.get_calendar(start_year=start_year)
    terms = calendar.terms if level is None else calendar.terms_of(level)
    year = ReportSpan(WHOLE_YEAR, "Весь год", calendar.starts_on, calendar.ends_on, ALL_LEVELS)
    own = sorted(
        (_span(term, is_for_all=level is None) for term in terms),
        key=lambda one: (one.levels, one.since),
    )
    return Spans(start_year, (*own, year), _choose((*own, year), key, today))


def _choose(options: Sequence[ReportSpan], key: str, today: date) -> ReportSpan:
    *terms, year = options
    if key:
        for one in options:
            if one.key == key:
                return one
        raise NotFound
    if today > year.last or not terms:
        return year
    begun = [one for one in terms if one.has_begun(today)]
    return max(begun, key=lambda one: one.since) if begun else terms[0]


def _span(term: TermCard, *, is_for_all: bool) -> ReportSpan:
    levels = (term.level_from, term.level_to)
    title = term.title
    if is_for_all and levels != ALL_LEVELS:
        first, last = levels
        title += f", {first} класс" if first == last else f", {first}–{last} классы"
    return ReportSpan(str(term.id), title, term.starts_on, term.ends_on, levels, term.closed_at)
