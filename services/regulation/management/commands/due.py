"""`manage.py due --start 2026-12-28 --days 10`: the last day of a term, and why, day by day."""

import argparse
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.day_words import WEEKDAYS
from kernel.errors import DomainError, NotFound
from kernel.regions import find_region, list_regions
from kernel.terms import UNITS, Term, count_term
from kernel.working_days import DayKind, ProductionCalendar, load_calendar
from services.regulation.queries.terms import get_deadline_calendar
from tenants.registry.queries import get_school


class Command(BaseCommand):
    """Count a term by the calendar of a school, of a region, or of the federation only."""

    help = "Считает последний день срока и показывает, какие дни в него не вошли."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the term and for whose calendar counts."""
        parser.add_argument("--start", required=True, type=_day, help="день события, 2026-12-28")
        parser.add_argument("--days", required=True, type=int, help="сколько дней")
        parser.add_argument("--unit", choices=list(UNITS), default="working", help="каких")
        parser.add_argument("--week", type=int, choices=(5, 6), help="дней в рабочей неделе")
        parser.add_argument("--no-move", action="store_true", help="не переносить с выходного")
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--school", help="адрес школы: её неделя и региональные дни")
        whose.add_argument("--region", help="регион: " + ", ".join(r.code for r in list_regions()))

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and print."""
        try:
            term = count_term(
                calendar=_calendar(options),
                start=options["start"],
                number=options["days"],
                unit=options["unit"],
                move=not options["no_move"],
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write("\n".join(_lines(term)))


def _calendar(options: Mapping[str, Any]) -> ProductionCalendar:
    if options["school"]:
        return _of_school(options["school"], options["week"], options["start"])
    regional: Mapping[date, DayKind] = {}
    if options["region"]:
        region = find_region(options["region"])
        if region is None:
            known = ", ".join(f"{one.code} ({one.title})" for one in list_regions())
            raise CommandError(f"Регион «{options['region']}» неизвестен. Известны: {known}.")
        regional = region.days
    return load_calendar(options["week"] or 5, regional)


def _of_school(slug: str, week: Any, start: date) -> ProductionCalendar:
    try:
        school = get_school(slug)
    except NotFound as error:
        raise CommandError(f"Школы «{slug}» нет или она не открыта.") from error
    with school_transaction(Actor.system(school), school.id):
        calendar = get_deadline_calendar(on=start)
    return load_calendar(week, calendar.regional) if week else calendar


def _lines(term: Term) -> list[str]:
    lines = [
        f"{_words(term.due_on)}: последний день срока",
        f"  {term.number} {UNITS[term.unit]} дн. после {_words(term.start)}, "
        f"неделя {term.week} дн.",
        f"  календарь {term.edition}",
    ]
    if term.is_provisional:
        lines.append("  предварительно: постановление о переносе выходных ещё не сверено")
    lines.append("")
    for one in term.days:
        place = "—" if one.place is None else str(one.place)
        lines.append(f"{place:>4}  {_words(one.day)}  {one.reason}".rstrip())
    return lines


def _words(day: date) -> str:
    return f"{day:%d.%m.%Y} {WEEKDAYS[day.isoweekday() - 1][:2]}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("День пишется так: 2026-12-28.") from error
