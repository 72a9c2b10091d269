"""Complaints to the school's head: the queue, a complaint with its moves, one on paper."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.complaints.reading import ComplaintCard, ComplaintRow
from foundation.db.door import school_transaction
from foundation.documents.serving import paper_response
from foundation.files.queries import list_files, read_file
from foundation.files.serving import file_response
from kernel.actor import Actor
from kernel.complaints import Action, Body, Channel, ComplaintIsIncomplete, Procedure
from kernel.errors import DomainError, NotFound
from portal.complaints import desk
from portal.complaints.submitting import build_form as build_complaint
from portal.complaints.submitting import read_key, read_procedure, submit
from portal.complaints.words import BADGES, LATE, view_row
from portal.public.complaints import issuer_of
from portal.shell.menus import school_menu
from portal.shell.navigation import Crumb, Fact, NavItem
from services.cases.operations import committee_letters as letter_operations
from services.cases.operations import complaints as operations
from services.cases.queries import committee_letters as letters
from services.cases.queries import complaints as queries
from services.cases.queries.complaint_papers import compose_paper, list_papers
from services.people.queries.staff_names import list_staff_names
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request

DONE = {
    Action.REGISTER: "Жалоба зарегистрирована.",
    Action.NAME_PERSON: "Записано.",
    Action.FORWARD: "Жалоба направлена, заявителю сообщили.",
    Action.DECIDE: "Решение принято. Направьте ответ не позднее завтрашнего дня.",
    Action.ANSWER: "Записано: ответ направлен.",
    Action.LEAVE: "Жалоба оставлена без ответа.",
    Action.NOTE_OFFENCE: "Записано.",
}


def url_of(route: str, actor: Actor, **more: object) -> str:
    """Return an address of the office."""
    return reverse(f"office:{route}", kwargs={"school": actor.school.slug, **more})


# --- The register ---------------------------------------------------------------------------------


@never_cache
@require_GET
def complaints(request: Request, school: str) -> HttpResponse:
    """Show the register by a filter in the address."""
    actor = request.actor
    rows, _ = _list(request)
    is_filtered = bool(request.GET.urlencode())
    late = sum(row.lateness == "overdue" for row in rows)
    waiting = sum(row.term is not None for row in rows)
    context = {
        **_frame(actor, "complaints"),
        **desk.filter_context(request.GET, read_procedure(actor)),
        "facts": [
            Fact(str(len(rows)), "найдено" if is_filtered else "всего"),
            Fact(str(waiting), "в работе"),
            Fact(str(late), "просрочено", "bad" if late else ""),
        ],
        "rows": [view_row(row, url_of("complaint", actor, complaint_id=row.id)) for row in rows],
        "is_filtered": is_filtered,
        "new_url": url_of("complaint-new", actor),
        "export_url": f"{url_of('complaints-export', actor)}?{request.GET.urlencode()}",
        "print_url": f"{url_of('complaints-print', actor)}?{request.GET.urlencode()}",
    }
    return render(request, "office/complaints.html", context)


@never_cache
@require_GET
@confirm_mass_export()
def export(request: Request, school: str) -> HttpResponse:
    """Give the register as a spreadsheet."""
    rows, _ = _list(request)
    return desk.export_register(rows, clock.today(request.actor.school.timezone))


@never_cache
@require_GET
@confirm_mass_export()
def print_out(request: Request, school: str) -> HttpResponse:
    """Give the extract of the register as a PDF."""
    actor = request.actor
    rows, words = _list(request)
    issuer = issuer_of(actor, Body.SCHOOL, actor.name)
    return desk.print_register(rows, words, issuer, clock.today(actor.school.timezone))


def _list(request: Request) -> tuple[list[ComplaintRow], str]:
    actor, asked = request.actor, desk.read_filter(request.GET)
    with school_transaction(actor, actor.school.id):
        rows = queries.list_complaints(
            actor=actor, asked=asked, today=clock.today(actor.school.timezone)
        )
    return rows, desk.say_filter(asked, read_procedure(actor))


# --- One complaint --------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def complaint(request: Request, school: str, complaint_id: int) -> HttpResponse:
    """Show a complaint; make the move that was posted."""
    actor = request.actor
    if request.method == "GET":
        return _show(request, complaint_id, {}, HTTPStatus.OK)
    action = _action(request.POST)
    procedure = read_procedure(actor)
    form = _form_of(actor, procedure)(action, request.POST)
    if not form.is_valid():
        return _show(request, complaint_id, {action.value: form}, HTTPStatus.BAD_REQUEST)
    try:
        with school_transaction(actor, actor.school.id):
            _act(actor, action, complaint_id, form)
    except ComplaintIsIncomplete as error:
        refused = {action.value: desk.refuse(form, error)}
        return _show(request, complaint_id, refused, HTTPStatus.BAD_REQUEST)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(url_of("complaint", actor, complaint_id=complaint_id))
    messages.success(request, DONE[action])
    back = url_of("complaint", actor, complaint_id=complaint_id)
    return HttpResponseRedirect(back if _is_still_seen(actor, complaint_id) else _list_url(actor))


def _act(actor: Actor, action: Action, complaint_id: int, form: forms.Form) -> None:
    place: dict[str, Any] = {"actor": actor, "complaint_id": complaint_id, "now": clock.now()}
    held = form.cleaned_data
    moves: Mapping[Action, Callable[[], object]] = {
        Action.REGISTER: lambda: operations.register_complaint(**place),
        Action.NAME_PERSON: lambda: operations.name_person(**place, **form.named()),  # type: ignore[attr-defined]
        Action.FORWARD: lambda: operations.forward_complaint(**place, reason=held["reason"]),
        Action.DECIDE: lambda: operations.decide_complaint(**place, decision=form.decision()),  # type: ignore[attr-defined]
        Action.ANSWER: lambda: operations.answer_complaint(**place, manner=form.chosen()),  # type: ignore[attr-defined]
        Action.LEAVE: lambda: operations.leave_complaint(**place, ground=held["ground"]),
        Action.NOTE_OFFENCE: lambda: operations.note_offence(**place, note=held["note"]),
    }
    if action not in moves:
        raise NotFound
    moves[action]()


def _form_of(actor: Actor, procedure: Procedure) -> desk.Build:
    def build(action: Action, posted: QueryDict | None) -> forms.Form:
        if action is not Action.NAME_PERSON:
            return desk.build_form(action, posted, procedure=procedure, body=Body.SCHOOL)
        with school_transaction(actor, actor.school.id):
            names = list_staff_names()
        return desk.PersonForm(posted, people=names)

    return build


def _show(
    request: Request, complaint_id: int, refused: Mapping[str, forms.Form], status: HTTPStatus
) -> HttpResponse:
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        card = queries.get_complaint(actor=actor, complaint_id=complaint_id, today=today)
        allowed = queries.list_moves(actor=actor, complaint_id=complaint_id, today=today)
        files = list_files(file_ids=list(card.file_ids))
        case_id = queries.find_case_id(number=card.case_number)
    late_badge, late_word = LATE.get(card.row.lateness, ("", ""))
    procedure = read_procedure(actor)
    place = {"complaint_id": complaint_id}
    context = {
        **_frame(actor, "complaints"),
        "crumbs": [Crumb("Жалобы", url_of("complaints", actor)), Crumb(card.row.title)],
        "card": card,
        "badge": BADGES[card.row.state],
        "late_badge": late_badge,
        "late_word": late_word,
        "moves": desk.build_moves(card, allowed, _form_of(actor, procedure), refused),
        "files": [
            (one.name, url_of("complaint-file", actor, **place, file_id=one.id)) for one in files
        ],
        "papers": [
            (title, url_of("complaint-paper", actor, **place, kind=kind))
            for kind, title in list_papers(card)
        ],
        "case_url": _case_url(actor, case_id),
    }
    return render(request, "office/complaint.html", context, status=status)


@never_cache
@require_GET
def paper(request: Request, school: str, complaint_id: int, kind: str) -> HttpResponse:
    """Give a paper of a complaint as a PDF."""
    actor = request.actor
    card = _card(actor, complaint_id)
    issuer = issuer_of(actor, Body.SCHOOL, actor.name)
    document = compose_paper(card=card, kind=kind, issuer=issuer)
    return paper_response(document)


@never_cache
@require_GET
def file(request: Request, school: str, complaint_id: int, file_id: int) -> HttpResponse:
    """Give an attachment of a complaint."""
    actor = request.actor
    card = _card(actor, complaint_id)
    if file_id not in card.file_ids:
        raise NotFound
    with school_transaction(actor, actor.school.id):
        return file_response(read_file(file_id=file_id))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: Request, school: str) -> HttpResponse:
    """Take in a complaint that came on paper; one about the head goes straight to the committee."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        queries.check_may_work(actor=actor)
    form = build_complaint(actor)
    form.speak_to_clerk()
    key, status = uuid.uuid4(), HTTPStatus.OK
    if request.method == "POST":
        form = build_complaint(actor, request.POST, request.FILES)
        form.speak_to_clerk()
        key, status = read_key(request.POST), HTTPStatus.BAD_REQUEST
        accepted = None
        if form.is_valid():
            accepted = submit(replace(actor), form, key=key, channel=Channel.PAPER)
        if accepted is not None:
            messages.success(
                request,
                f"Жалоба принята. Отдайте заявителю входящий номер {accepted.reference} "
                f"и код {accepted.code}.",
            )
            return HttpResponseRedirect(_list_url(actor))
    context = {
        **_frame(actor, "complaints"),
        "crumbs": [Crumb("Жалобы", url_of("complaints", actor)), Crumb("С бумаги")],
        "form": form,
        "key": key,
    }
    return render(request, "office/complaint_new.html", context, status=status)


# --- Letters of the committee ---------------------------------------------------------------------


@never_cache
@require_GET
def committee(request: Request, school: str) -> HttpResponse:
    """Show the letters of the committee, those without a reply first."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        found = letters.list_letters(actor=actor)
    context = {
        **_frame(actor, "committee"),
        "rows": [
            {
                "letter": one,
                "url": url_of("committee-letter", actor, letter_id=one.id),
                "is_late": one.replied_on is None and today > one.due_on,
            }
            for one in found
        ],
    }
    return render(request, "office/committee.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def committee_letter(request: Request, school: str, letter_id: int) -> HttpResponse:
    """Show a letter of the committee; send the reply."""
    actor = request.actor
    error, typed = "", request.POST.get("reply", "")
    if request.method == "POST":
        try:
            with school_transaction(actor, actor.school.id):
                letter_operations.answer_letter(
                    actor=actor, letter_id=letter_id, reply=typed[:10000], now=clock.now()
                )
        except NotFound:
            raise
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "Ответ направлен комитету.")
            return HttpResponseRedirect(url_of("committee-letter", actor, letter_id=letter_id))
    with school_transaction(actor, actor.school.id):
        letter = letters.get_letter(actor=actor, letter_id=letter_id)
    context = {
        **_frame(actor, "committee"),
        "crumbs": [Crumb("Письма комитета", url_of("committee", actor)), Crumb(letter.subject)],
        "letter": letter,
        "error": error,
        "typed": typed,
        "is_late": letter.replied_on is None and clock.today(actor.school.timezone) > letter.due_on,
    }
    return render(request, "office/committee_letter.html", context, status=400 if error else 200)


# --- Around ---------------------------------------------------------------------------------------


def _frame(actor: Actor, current: str) -> dict[str, Any]:
    with school_transaction(actor, actor.school.id):
        is_head = queries.is_head(actor)
    tabs = [
        NavItem("Жалобы", url_of("complaints", actor), "", current == "complaints"),
    ]
    if is_head:
        tabs.append(
            NavItem("Письма комитета", url_of("committee", actor), "", current == "committee")
        )
    return {"nav": school_menu(actor, "office:complaints"), "tabs": tabs}


def _card(actor: Actor, complaint_id: int) -> ComplaintCard:
    with school_transaction(actor, actor.school.id):
        return queries.get_complaint(
            actor=actor, complaint_id=complaint_id, today=clock.today(actor.school.timezone)
        )


def _is_still_seen(actor: Actor, complaint_id: int) -> bool:
    try:
        _card(actor, complaint_id)
    except NotFound:
        return False
    return True


def _action(posted: QueryDict) -> Action:
    try:
        return Action(posted.get("action", ""))
    except ValueError as error:
        raise NotFound from error


def _list_url(actor: Actor) -> str:
    return url_of("complaints", actor)


def _case_url(actor: Actor, case_id: int | None) -> str:
    return "" if case_id is None else url_of("service-case", actor, case=case_id)
