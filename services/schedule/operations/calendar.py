"""Setting up the school year: its days, terms by level, holidays, moved days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from django.db.models import ProtectedError, Q

from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.periods import Period
from kernel.school_year import TermSpan, start_year_of
from services.schedule.access import check_may_set_up, get_term_for_change
from services.schedule.models import Holiday, SchoolYear, SwappedDay, Term


class TermsOverlap(DomainError):
    """Two terms of one level share a day."""

    code = "terms-overlap"
    message = "Два периода одной параллели приходятся на один день."


class TermHasLessons(DomainError):
    """A term with lessons cannot be taken out of the year."""

    code = "term-has-lessons"
    message = "В периоде есть уроки: его границы можно изменить, удалить нельзя."


@dataclass(frozen=True, slots=True)
class HolidayPlan:
    """School holidays to be set; both days count."""

    title: str
    starts_on: date
    ends_on: date
    level_from: int = 1
    level_to: int = 11


def open_year(*, actor: Actor, start_year: int, starts_on: date, ends_on: date) -> int:
    """Set the first and the last day of a school year and return its id (TTC-009)."""
    check_may_set_up(actor)
    year, _ = SchoolYear.objects.update_or_create(
        start_year=start_year, defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
    return year.pk


def set_terms(*, actor: Actor, start_year: int, terms: Sequence[TermSpan]) -> None:
    """Make these the terms of the year (JRN-024, JRN-025); known ones keep their lessons.

    Raise `NotFound` for a year not set up, `TermsOverlap`, `TermHasLessons`.
    """
    check_may_set_up(actor)
    _check_apart(terms)
    year = _get_year(start_year)
    kept = []
    for span in terms:
        term, _ = Term.objects.update_or_create(
            school_year=year,
            kind=span.kind,
            number=span.number,
            level_from=span.level_from,
            level_to=span.level_to,
            defaults={"starts_on": span.starts_on, "ends_on": span.ends_on},
        )
        kept.append(term.pk)
    try:
        Term.objects.filter(school_year=year).exclude(pk__in=kept).delete()
    except ProtectedError as error:
        raise TermHasLessons from error


def set_holidays(*, actor: Actor, start_year: int, holidays: Sequence[HolidayPlan]) -> None:
    """Make these the school holidays of the year. Raise `NotFound` for a year not set up."""
    check_may_set_up(actor)
    year = _get_year(start_year)
    Holiday.objects.filter(school_year=year).delete()
    Holiday.objects.bulk_create(
        Holiday(
            school_year=year,
            title=plan.title,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            level_from=plan.level_from,
            level_to=plan.level_to,
        )
        for plan in holidays
    )


def move_day(*, actor: Actor, day: date, instead_of: date) -> None:
    """Teach a day by the timetable of another, which is free then (TTC-003).

    An earlier move of either day is forgotten. Raise `NotFound` for a year not set up.
    """
    check_may_set_up(actor)
    year = _get_year(start_year_of(day))
    SwappedDay.objects.filter(Q(day=day) | Q(instead_of=instead_of)).delete()
    SwappedDay.objects.create(school_year=year, day=day, instead_of=instead_of)


def close_term(*, actor: Actor, term_id: int, now: datetime) -> None:
    """Close a term: nothing may be written into it any more. A closed one stays as it is."""
    term = get_term_for_change(actor=actor, term_id=term_id)
    if term.closed_at is None:
        term.closed_at = now
        term.save(update_fields=["closed_at"])


def _get_year(start_year: int) -> SchoolYear:
    year = SchoolYear.objects.filter(start_year=start_year).first()
    if year is None:
        raise NotFound
    return year


def _check_apart(terms: Sequence[TermSpan]) -> None:
    for one, other in combinations(terms, 2):
        same_level = one.level_from <= other.level_to and other.level_from <= one.level_to
        days, other_days = (Period.of_days(t.starts_on, t.ends_on) for t in (one, other))
        if same_level and days.overlaps(other_days):
            raise TermsOverlap(one=one.title, other=other.title)
