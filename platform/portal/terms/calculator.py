"""The page of the calculator: a form in the address, a due day, and the way to it day by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from kernel.regions import find_region
from kernel.terms import Term, count_term
from kernel.working_days import ProductionCalendar, load_calendar
from portal.terms.forms import NONE, OWN, TermForm

DAYS = 10
SHOWN = 400


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the term as the table shows it."""

    day: date
    place: str
    reason: str
    is_counted: bool
    is_last: bool


def build_page(
    asked: QueryDict, *, own: ProductionCalendar, own_title: str, today: date
) -> dict[str, Any]:
    """Return the context of the page; `own` is the calendar of the place that asks."""
    first = {
        "start": today.isoformat(),
        "days": str(DAYS),
        "unit": "working",
        "week": str(own.week),
        "region": OWN,
    }
    data = {**first, **{key: asked[key] for key in first if key in asked}}
    form = TermForm(data, own_title=own_title)
    term = _count(form.cleaned_data, own) if form.is_valid() else None
    context: dict[str, Any] = {"form": form, "term": term}
    if term is not None:
        context |= {
            "rows": _rows(term),
            "hidden": max(0, len(term.days) - SHOWN),
            "skipped": len(term.skipped),
            "warning": _warning(form.cleaned_data["region"], term),
        }
    return context


def _count(asked: Mapping[str, Any], own: ProductionCalendar) -> Term:
    region = find_region(asked["region"])
    regional = region.days if region else {}
    calendar = load_calendar(
        6 if asked["week"] == "6" else 5, own.regional if asked["region"] == OWN else regional
    )
    return count_term(
        calendar=calendar,
        start=asked["start"],
        number=asked["days"],
        unit="calendar" if asked["unit"] == "calendar" else "working",
    )


def _rows(term: Term) -> list[DayRow]:
    return [
        DayRow(
            day=one.day,
            place="—" if one.place is None else str(one.place),
            reason=one.reason,
            is_counted=one.place is not None,
            is_last=one.day == term.due_on,
        )
        for one in term.days[-SHOWN:]
    ]


def _warning(chosen: str, term: Term) -> str:
    """Return what the reader must know before relying on the day."""
    warnings = []
    if term.is_provisional:
        warnings.append(
            "День предварительный: постановление о переносе выходных ещё не вышло или не сверено."
        )
    region = find_region(chosen) if chosen not in (OWN, NONE) else None
    years = range(term.start.year, term.due_on.year + 1)
    if region and not region.whole_years.issuperset(years):
        warnings.append("Дни этого региона известны не все: сверьте с указом на год.")
    return " ".join(warnings)
