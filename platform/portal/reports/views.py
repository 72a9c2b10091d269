"""Reports for people at work: which are in reach, the school, a class, a subject, a pupil.

A look is noted as one at the journal is, a row per person, page and day: the marks are the same.
"""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor
from portal.reports import frame
from portal.reports.frame import around, asked_span, asked_year, crumbs, link
from portal.shell.menus import school_menu
from services.people.operations.looks import record_seen
from services.records import queries
from services.records.queries import Spans, tables
from services.records.queries.pupil_lines import PupilHead
from services.schedule.queries import JournalCard
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request

HOME = "reports:home"
COUNTS = "counts"


@never_cache
@require_GET
def home(request: Request, school: str) -> HttpResponse:
    """Show which reports the actor may open."""
    actor, today = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        contents = queries.get_contents(actor=actor, today=today, start_year=asked_year(request))
    names = contents.teachers
    context = {
        "nav": school_menu(actor, HOME),
        "contents": contents,
        "years": frame.list_years(contents.years, contents.start_year),
        "school_url": f"{link(actor, 'school')}?year={contents.start_year}",
        "classes": [
            {
                "told": one,
                "url": link(actor, "class", class_id=one.card.id),
                "journals": [_journal(actor, card, names) for card in one.journals],
            }
            for one in contents.classes
        ],
        "courses": [_journal(actor, card, names) for card in contents.courses],
    }
    return render(request, "reports/home.html", context)


@never_cache
@require_GET
def school_report(request: Request, school: str) -> HttpResponse:
    """Show the classes of the school with their figures."""
    actor, today, year = request.actor, today_of(request.actor), asked_year(request)
    with school_transaction(actor, actor.school.id):
        report = queries.get_school_report(
            actor=actor, key=asked_span(request), today=today, now=clock.now(), start_year=year
        )
        _note(actor, "school", today)
    if frame.wants_table(request):
        rows = tables.school_rows(report, school=actor.school.short_name, today=today)
        return frame.give_table("Отчёт по школе", report.spans, rows)
    context = {
        "nav": school_menu(actor, HOME),
        "crumbs": crumbs(actor, page="Школа"),
        "report": report,
        "years": frame.list_years(report.years, report.spans.start_year),
        "lines": [
            (line, link(actor, "class", class_id=line.card.id) if line.card else "")
            for line in report.lines
        ],
        **around(actor, report.spans, today, year=year),
    }
    return render(request, "reports/school.html", context)


@never_cache
@require_GET
@confirm_mass_export(when=frame.wants_table)
def class_report(request: Request, school: str, class_id: int) -> HttpResponse:
    """Show the pupils of a class by subject: averages, or how many marks with `?show=counts`."""
    actor, today = request.actor, today_of(request.actor)
    shows_counts = request.GET.get("show") == COUNTS
    with school_transaction(actor, actor.school.id):
        report = queries.get_class_report(
            actor=actor, class_id=class_id, key=asked_span(request), today=today
        )
        _note(actor, f"class:{class_id}", today)
    title = f"Отчёт по классу {report.card.title}"
    if frame.wants_table(request):
        rows = tables.class_rows(report, school=actor.school.short_name, today=today)
        return frame.give_table(title, report.spans, rows)
    other = f"?term={report.spans.chosen.key}"
    context = {
        "nav": school_menu(actor, HOME),
        "crumbs": crumbs(actor, page=report.card.title),
        "title": title,
        "report": report,
        "shows_counts": shows_counts,
        "show_url": other if shows_counts else f"{other}&show={COUNTS}",
        "columns": [
            (one, _subject_url(actor, one.journals[0]) if len(one.journals) == 1 else "")
            for one in report.subjects
        ],
        "lines": [(line, _pupil_url(actor, line.head, report.spans)) for line in report.lines],
        **around(actor, report.spans, today, show=COUNTS if shows_counts else ""),
    }
    return render(request, "reports/class.html", context)


@never_cache
@require_GET
def subject_report(request: Request, school: str, group: int, subject: int) -> HttpResponse:
    """Show the pupils of a journal with the spread of their marks."""
    actor, today = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        report = queries.get_subject_report(
            actor=actor,
            group_id=group,
            subject_id=subject,
            key=asked_span(request),
            today=today,
            now=clock.now(),
        )
        _note(actor, f"page:{group}:{subject}", today)
    title = f"{report.subject}, {report.group.title}"
    if frame.wants_table(request):
        rows = tables.subject_rows(report, school=actor.school.short_name, today=today)
        return frame.give_table(f"Отчёт {title}", report.spans, rows)
    context = {
        "nav": school_menu(actor, HOME),
        "crumbs": crumbs(
            actor,
            *_to_class(actor, report.group.school_class_id, report.group.title),
            page=report.subject,
        ),
        "title": title,
        "report": report,
        "lines": [(line, _pupil_url(actor, line.head, report.spans)) for line in report.lines],
        **around(actor, report.spans, today),
    }
    return render(request, "reports/subject.html", context)


@never_cache
@require_GET
def pupil_report(request: Request, school: str, pupil_id: int) -> HttpResponse:
    """Show the marks and absences of a pupil, as his family sees them."""
    actor, today, year = request.actor, today_of(request.actor), asked_year(request)
    with school_transaction(actor, actor.school.id):
        report = queries.get_pupil_report(
            actor=actor, pupil_id=pupil_id, key=asked_span(request), today=today, start_year=year
        )
        _note(actor, f"pupil:{pupil_id}", today)
    if frame.wants_table(request):
        rows = tables.pupil_rows(report, school=actor.school.short_name, today=today)
        return frame.give_table(f"Отчёт {report.name.short}", report.spans, rows)
    context = {
        "nav": school_menu(actor, HOME),
        "crumbs": crumbs(
            actor, *_to_class(actor, report.class_id, report.class_title), page=report.name.short
        ),
        "report": report,
        "years": frame.list_years(report.years, report.spans.start_year),
        **around(actor, report.spans, today, year=year),
    }
    return render(request, "reports/pupil.html", context)


def today_of(actor: Actor) -> date:
    """Return the day it is in the actor's school."""
    return clock.today(actor.school.timezone)


def _note(actor: Actor, page: str, today: date) -> None:
    record_seen(actor=actor, page=f"report:{page}", day=today, now=clock.now())


def _journal(actor: Actor, card: JournalCard, names: dict[int, str]) -> dict[str, Any]:
    return {
        "group": card.group_title,
        "subject": card.subject_name,
        "teacher": ", ".join(names[pk] for pk in card.employee_ids if pk in names),
        "url": _subject_url(actor, card),
    }


def _to_class(actor: Actor, class_id: int | None, title: str) -> list[tuple[str, str]]:
    """Return the step to the report of a class; nothing for a course of several."""
    return [] if class_id is None else [(title, link(actor, "class", class_id=class_id))]


def _subject_url(actor: Actor, card: JournalCard) -> str:
    return link(actor, "subject", group=card.group_id, subject=card.subject_id)


def _pupil_url(actor: Actor, head: PupilHead | None, spans: Spans) -> str:
    """Return the address of a pupil's own report of the same days, "" when it is out of reach."""
    if head is None or not head.may_open:
        return ""
    asked = urlencode({"year": spans.start_year, "term": spans.chosen.key})
    return f"{link(actor, 'pupil', pupil_id=head.id)}?{asked}"
