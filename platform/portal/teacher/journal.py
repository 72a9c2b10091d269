"""The journal: the list of one's pages, a page, its cells as JSON, and saves."""

import json
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.school_year import start_year_of
from portal.shell.menus import school_menu
from portal.shell.navigation import NavItem
from services.journal import access, operations, queries, wire
from services.people import queries as people
from services.people.operations.looks import record_seen
from services.schedule import queries as schedule
from services.schedule.queries.pages import list_page_teachers
from tenants.accounts.gate import Request


@never_cache
@require_GET
def journals(request: Request, school: str) -> HttpResponse:
    """Show the journals the actor may open: own, of the class, or all of the school."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        cards = access.list_journals(actor=actor, start_year=start_year_of(today), on=today)
        names = people.get_employee_names(
            employee_ids={pk for card in cards for pk in card.employee_ids}
        )
        whole = access.list_whole_classes(actor=actor, start_year=start_year_of(today), on=today)
    groups: dict[str, dict[str, Any]] = {}
    for card in cards:
        row = groups.setdefault(
            card.group_title, {"title": card.group_title, "journals": [], "paper_url": ""}
        )
        if card.group_id in whole:
            row["paper_url"] = _url("class-paper", actor, group=card.group_id)
        url = _url("journal-now", actor, group=card.group_id, subject=card.subject_id)
        row["journals"].append(
            {
                "title": card.subject_name,
                "url": url,
                "teacher": ", ".join(names[pk] for pk in card.employee_ids if pk in names),
            }
        )
    context = {"nav": school_menu(actor, "teacher:journals"), "groups": list(groups.values())}
    return render(request, "teacher/journals.html", context)


@never_cache
@require_GET
def current_term(request: Request, school: str, group: int, subject: int) -> HttpResponse:
    """Lead to the page of the term that is on, or the last one."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        access.check_page(actor=actor, group_id=group, subject_id=subject, on=today)
        terms = _terms(actor, group)
    begun = [term for term in terms if term.starts_on <= today] or terms[:1]
    if not begun:
        raise NotFound
    return HttpResponseRedirect(
        _url("journal", actor, group=group, subject=subject, term=begun[-1].id)
    )


def _terms(actor: Actor, group_id: int) -> list[schedule.TermCard]:
    card = people.get_groups(group_ids=[group_id]).get(group_id)
    if card is None:
        raise NotFound
    return schedule.list_terms(level=card.level, start_year=card.start_year)


def _url(route: str, actor: Actor, **more: int) -> str:
    return reverse(f"teacher:{route}", kwargs={"school": actor.school.slug, **more})


@never_cache
@require_GET
def journal(request: Request, school: str, group: int, subject: int, term: int) -> HttpResponse:
    """Show a page of the journal; its cells come by `cells`."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        access.check_page(actor=actor, group_id=group, subject_id=subject, on=today)
        terms = _terms(actor, group)
        titles = people.get_groups(group_ids=[group])
        subject_name = schedule.get_subjects(subject_ids=[subject])[subject].name
        teachers = list_page_teachers(group_id=group, subject_id=subject)
        names = people.get_employee_names(employee_ids=teachers)
        page_seen = f"journal:{group}:{subject}"
        record_seen(actor=actor, page=page_seen, day=today, now=clock.now())
    if term not in {one.id for one in terms}:
        raise NotFound
    page = {"group": group, "subject": subject, "term": term}
    context = {
        "nav": school_menu(actor, "teacher:journals"),
        "journal": {
            "group_name": titles[group].title,
            "subject_name": subject_name,
            "teacher_name": ", ".join(names.values()),
            "cells_url": _url("cells", actor, **page),
            "save_url": _url("save-cells", actor),
            "kind_url": _url("set-kind", actor),
            "lessons_url": _url("lessons", actor, **page),
            "paper_url": _url("subject-paper", actor, **page),
            "owner": actor.account_id,
        },
        "terms": [
            NavItem(
                one.title, _url("journal", actor, **{**page, "term": one.id}), "", one.id == term
            )
            for one in terms
        ],
    }
    return render(request, "teacher/journal.html", context)


@never_cache
@require_GET
def cells(request: Request, school: str, group: int, subject: int, term: int) -> JsonResponse:
    """Answer with the cells of a page."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        page = queries.get_page(
            actor=actor, group_id=group, subject_id=subject, term_id=term, today=today
        )
    template = _url("lesson", actor, lesson_id=0)
    body = wire.page_to_json(
        page,
        today=today.isoformat(),
        url_of=lambda lesson_id: template.replace("/0/", f"/{lesson_id}/"),
    )
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _body(request: Request) -> Any:
    if request.content_type != "application/json":  # a form is read already, its body is gone
        raise wire.UnreadableRequest
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise wire.UnreadableRequest from error


@never_cache
@require_POST
def save_cells(request: Request, school: str) -> JsonResponse:
    """Save cells of one lesson; answer with their new state, conflicts and refusals."""
    actor = request.actor
    key, lesson_id, wanted = wire.read_save(_body(request))
    now = clock.now()
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        answer = operations.put_cells(
            actor=actor, lesson_id=lesson_id, cells=wanted, key=key, now=now, today=today
        )
    zone = actor.school.timezone
    body = wire.answer_to_json(answer, saved_at=clock.hour(now, zone), timezone=zone)
    return JsonResponse(body)


@never_cache
@require_POST
def set_kind(request: Request, school: str) -> JsonResponse:
    """Set the kind of work of a column; answer with the page's new averages."""
    actor = request.actor
    key, lesson_id, kind_id = wire.read_kind(_body(request))
    with school_transaction(actor, actor.school.id):
        averages = operations.set_work_kind(
            actor=actor, lesson_id=lesson_id, work_kind_id=kind_id, key=key
        )
    saved_at = clock.hour(clock.now(), actor.school.timezone)
    return JsonResponse({"saved_at": saved_at, "averages": wire.averages_to_json(averages)})
