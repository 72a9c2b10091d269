"""Marks by subject, absences and the report of a period of one child, of any year."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from kernel.errors import NotFound
from kernel.school_year import school_year_title
from portal.guardian.family import render_child
from portal.reports import frame
from portal.shell.navigation import Fact, NavItem
from portal.shell.speech import choose_form
from services.diary.queries import AbsencesPage, MarksPage, get_absences, get_marks
from services.people.queries import PupilYear
from services.records.queries import get_child_report
from services.records.queries.tables import pupil_rows
from tenants.accounts.gate import Request

WHOLE_YEAR = "year"


@never_cache
@require_GET
def marks(request: Request, school: str, child: int) -> HttpResponse:
    """Show the marks of a period with their averages; `?year=` and `?term=` choose another."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    term = request.GET.get("term", "")
    with school_transaction(actor, actor.school.id):
        page = get_marks(
            actor=actor,
            pupil_id=child,
            today=today,
            start_year=_whole(request.GET.get("year", "")),
            term_id=None if term == WHOLE_YEAR else _whole(term),
            whole_year=term == WHOLE_YEAR,
        )
    context = {
        "page": page,
        "tabs": _tabs(page),
        "years": _years(page.years, page.year),
        "count": sum(len(subject.marks) for subject in page.subjects),
    }
    return render_child(request, "guardian:marks", page.child, context)


@never_cache
@require_GET
def absences(request: Request, school: str, child: int) -> HttpResponse:
    """Show the absences of a school year; `?year=` chooses another."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    year = _whole(request.GET.get("year", ""))
    with school_transaction(actor, actor.school.id):
        page = get_absences(actor=actor, pupil_id=child, today=today, start_year=year)
    context = {
        "page": page,
        "facts": _facts(page),
        "years": _years(page.years, page.year),
    }
    return render_child(request, "guardian:absences", page.child, context)


@never_cache
@require_GET
def report(request: Request, school: str, child: int) -> HttpResponse:
    """Show a period on one page, as teachers see it; `?as=xlsx` gives the same table."""
    actor = request.actor
    today, year = clock.today(actor.school.timezone), frame.asked_year(request)
    with school_transaction(actor, actor.school.id):
        view, told = get_child_report(
            actor=actor,
            pupil_id=child,
            key=frame.asked_span(request),
            today=today,
            start_year=year,
        )
    if frame.wants_table(request):
        rows = pupil_rows(told, school=actor.school.short_name, today=today)
        return frame.give_table(f"Отчёт {told.name.short}", told.spans, rows)
    context = {
        "report": told,
        "years": frame.list_years(told.years, told.spans.start_year),
        **frame.around(actor, told.spans, today, year=year),
    }
    return render_child(request, "guardian:report", view, context)


def _whole(text: str) -> int | None:
    """Return the number in an address, None when there is none; raise `NotFound` for nonsense."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NotFound
    return int(text)


def _tabs(page: MarksPage) -> list[NavItem]:
    if page.year is None:
        return []
    start_year = page.year.start_year
    tabs = [
        NavItem(
            term.title.capitalize(),
            "?" + urlencode({"year": start_year, "term": term.id}),
            "marks",
            current=page.term == term,
        )
        for term in page.terms
    ]
    whole = "?" + urlencode({"year": start_year, "term": WHOLE_YEAR})
    return [*tabs, NavItem("Весь год", whole, "marks", current=page.term is None)]


def _years(years: Sequence[PupilYear], chosen: PupilYear | None) -> list[NavItem]:
    """Return the years of the child, the last first; nothing to choose from is nothing."""
    if len(years) < 2:
        return []
    return [
        NavItem(
            f"{school_year_title(year.start_year)}, {year.class_title}",
            f"?year={year.start_year}",
            "calendar",
            current=year == chosen,
        )
        for year in reversed(years)
    ]


def _facts(page: AbsencesPage) -> list[Fact]:
    lessons, days = page.missed_lessons, page.missed_days
    return [
        Fact(str(lessons), choose_form(lessons, ("урок", "урока", "уроков")) + " пропущено"),
        Fact(str(days), choose_form(days, ("день", "дня", "дней")) + " с пропусками"),
        Fact(str(page.unexplained), "без причины", "warn" if page.unexplained else ""),
        Fact(str(page.late), choose_form(page.late, ("опоздание", "опоздания", "опозданий"))),
    ]
