"""The school year of one child: periods, holidays, every day, the week's timetable (TTC-014)."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from kernel.day_words import MONTH_TITLES, WEEKDAYS
from portal.guardian.family import render_child
from services.diary.queries import CalendarDay, CalendarPage, Month, get_calendar
from tenants.accounts.gate import Request


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period of study or holidays, as a line of the year."""

    title: str
    starts_on: date
    ends_on: date
    is_break: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A month as a sheet: weeks of seven places, empty ones at its edges."""

    title: str
    weeks: list[list[CalendarDay | None]]


@never_cache
@require_GET
def calendar(request: Request, school: str, child: int) -> HttpResponse:
    """Show the school year of the child's class."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        page = get_calendar(actor=actor, pupil_id=child, today=today)
    context = {
        "page": page,
        "stretches": _stretches(page, today),
        "months": [_sheet(month) for month in page.months],
        "timetable": [(WEEKDAYS[day - 1], slots) for day, slots in page.timetable],
    }
    return render_child(request, "guardian:calendar", page.child, context)


def _stretches(page: CalendarPage, today: date) -> list[Stretch]:
    found = [
        Stretch(
            one.title.capitalize(),
            one.starts_on,
            one.ends_on,
            is_break=is_break,
            is_current=one.starts_on <= today <= one.ends_on,
        )
        for group, is_break in ((page.terms, False), (page.breaks, True))
        for one in group
    ]
    return sorted(found, key=lambda one: (one.starts_on, one.is_break))


def _sheet(month: Month) -> MonthSheet:
    places: list[CalendarDay | None] = [None] * (month.first.isoweekday() - 1)
    places += month.days
    places += [None] * (-len(places) % 7)
    title = f"{MONTH_TITLES[month.first.month - 1].capitalize()} {month.first.year}"
    return MonthSheet(title, [places[start : start + 7] for start in range(0, len(places), 7)])
