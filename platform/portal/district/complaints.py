"""Complaints to the committee: the register, a complaint with its moves, a case as it was shown.

No school is opened here: what the committee knows of one came by an event, as a frozen copy.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
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
from foundation.db.door import public_transaction
from foundation.documents.serving import paper_response
from foundation.files.queries import list_files, read_file
from foundation.files.serving import file_response
from kernel.complaints import Action, Body, ComplaintIsIncomplete
from kernel.errors import DomainError, NotFound
from kernel.roles import DISTRICT_ROLES
from portal.complaints import desk
from portal.complaints.words import BADGES, LATE, view_row
from portal.district.frame import district_menu
from portal.district.views import stand_in_district
from portal.district.words import read_snapshot
from portal.public.complaints import committee_issuer
from portal.shell.forms import offer
from portal.shell.navigation import Crumb, Fact
from services.cases.queries.complaint_papers import compose_paper, list_papers
from services.oversight import operations, queries
from services.oversight.access import Officer
from services.oversight.queries import Casework
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request
from tenants.accounts.queries.members import list_members
from tenants.registry.queries import get_district, get_school, get_school_by_id, list_schools

DONE = {
    Action.REGISTER: "Жалоба зарегистрирована.",
    Action.NAME_PERSON: "Записано.",
    Action.ASSIGN: "Жалоба поручена.",
    Action.FORWARD: "Жалоба направлена директору школы, заявителю сообщили.",
    Action.ASK_CASE: "Дело запрошено. Снимок появится здесь через минуту.",
    Action.ASK_SCHOOL: "Запрос отправлен директору школы.",
    Action.DECIDE: "Решение принято. Направьте ответ не позднее завтрашнего дня.",
    Action.ANSWER: "Записано: ответ направлен.",
    Action.LEAVE: "Жалоба оставлена без ответа.",
    Action.NOTE_OFFENCE: "Записано.",
}


class AskCaseForm(forms.Form):
    """Which case of the school."""

    number = forms.CharField(
        label="Номер заявления",
        max_length=20,
        help_text="Комитет увидит только это дело: копию на день запроса.",
        error_messages={"required": "Укажите номер заявления."},
    )


class AskSchoolForm(forms.Form):
    """What the school's head is asked."""

    text = forms.CharField(
        label="О чём спрашиваете",
        max_length=10000,
        widget=forms.Textarea({"rows": 4}),
        help_text="С этим письмом директор узнаёт о жалобе. Самой жалобы он не увидит.",
        error_messages={"required": "Напишите, о чём спрашиваете школу."},
    )


class AssignForm(forms.Form):
    """Who works on it."""

    account = forms.TypedChoiceField(
        label="Кому", coerce=int, error_messages={"required": "Выберите, кому поручить."}
    )

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "account", [(str(pk), name) for pk, name in people.items()])


# --- The register ---------------------------------------------------------------------------------


@never_cache
@require_GET
def complaints(request: Request) -> HttpResponse:
    """Show the register by a filter in the address."""
    rows, _ = _list(request)
    schools = {one.id: one.short_name for one in list_schools()}
    is_filtered = bool(request.GET.urlencode())
    late = sum(row.lateness == "overdue" for row in rows)
    waiting = sum(row.term is not None for row in rows)
    stand_in_district(request)
    context = {
        "nav": district_menu("district:complaints"),
        **desk.filter_context(request.GET, queries.get_procedure(on=_today())),
        "asked": _asked(request),
        "schools": list_schools(),
        "facts": [
            Fact(str(len(rows)), "найдено" if is_filtered else "всего"),
            Fact(str(waiting), "в работе"),
            Fact(str(late), "просрочено", "bad" if late else ""),
        ],
        "rows": [view_row(row, _url(row.id), schools.get(row.school_id or 0, "")) for row in rows],
        "is_filtered": is_filtered,
        "export_url": f"{reverse('district:complaints-export')}?{request.GET.urlencode()}",
        "print_url": f"{reverse('district:complaints-print')}?{request.GET.urlencode()}",
    }
    return render(request, "district/complaints.html", context)


@never_cache
@require_GET
@confirm_mass_export()
def export(request: Request) -> HttpResponse:
    """Give the register as a spreadsheet."""
    rows, _ = _list(request)
    return desk.export_register(rows, _today())


@never_cache
@require_GET
@confirm_mass_export()
def print_out(request: Request) -> HttpResponse:
    """Give the extract of the register as a PDF."""
    rows, words = _list(request)
    return desk.print_register(rows, words, committee_issuer(officer_of(request).name), _today())


def _asked(request: Request) -> Any:
    asked = desk.read_filter(request.GET)
    slug = request.GET.get("school", "")
    school = get_school(slug) if slug else None
    mine = officer_of(request).account_id if request.GET.get("mine") else None
    return replace(asked, school_id=school.id if school else None, assigned_to=mine)


def _list(request: Request) -> tuple[list[ComplaintRow], str]:
    asked = _asked(request)
    with public_transaction():
        rows = queries.list_complaints(officer=officer_of(request), asked=asked, today=_today())
    return rows, desk.say_filter(asked, queries.get_procedure(on=_today()))


# --- One complaint --------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def complaint(request: Request, complaint_id: int) -> HttpResponse:
    """Show a complaint; make the move that was posted."""
    if request.method == "GET":
        return _show(request, complaint_id, {}, HTTPStatus.OK)
    try:
        action = Action(request.POST.get("action", ""))
    except ValueError as error:
        raise NotFound from error
    officer = officer_of(request)
    form = _form_of(officer)(action, request.POST)
    if not form.is_valid():
        return _show(request, complaint_id, {action.value: form}, HTTPStatus.BAD_REQUEST)
    try:
        with public_transaction(officer.account_id, request.META.get("okrug.request_id", "")):
            _act(officer, action, complaint_id, form)
    except ComplaintIsIncomplete as error:
        refused = {action.value: desk.refuse(form, error)}
        return _show(request, complaint_id, refused, HTTPStatus.BAD_REQUEST)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, DONE[action])
    is_seen = _is_still_seen(officer, complaint_id)
    return HttpResponseRedirect(_url(complaint_id) if is_seen else reverse("district:complaints"))


def _act(officer: Officer, action: Action, complaint_id: int, form: forms.Form) -> None:
    place: dict[str, Any] = {
        "officer": officer,
        "complaint_id": complaint_id,
        "now": clock.now(),
    }
    held = form.cleaned_data
    moves: Mapping[Action, Callable[[], object]] = {
        Action.REGISTER: lambda: operations.register_complaint(**place),
        Action.NAME_PERSON: lambda: operations.name_person(**place, **form.named()),  # type: ignore[attr-defined]
        Action.ASSIGN: lambda: operations.assign_complaint(**place, account_id=held["account"]),
        Action.FORWARD: lambda: operations.forward_complaint(**place, reason=held["reason"]),
        Action.ASK_CASE: lambda: operations.ask_case(**place, number=held["number"]),
        Action.ASK_SCHOOL: lambda: operations.ask_school(**place, text=held["text"]),
        Action.DECIDE: lambda: operations.decide_complaint(**place, decision=form.decision()),  # type: ignore[attr-defined]
        Action.ANSWER: lambda: operations.answer_complaint(**place, manner=form.chosen()),  # type: ignore[attr-defined]
        Action.LEAVE: lambda: operations.leave_complaint(**place, ground=held["ground"]),
        Action.NOTE_OFFENCE: lambda: operations.note_offence(**place, note=held["note"]),
    }
    moves[action]()


def _form_of(officer: Officer, card: ComplaintCard | None = None) -> desk.Build:
    names = list_members(school_id=None, roles=DISTRICT_ROLES)
    free = names if officer.leads else {k: v for k, v in names.items() if k == officer.account_id}

    def build(action: Action, posted: QueryDict | None) -> forms.Form:
        if action is Action.NAME_PERSON:
            return desk.PersonForm(posted, people=names)
        if action is Action.ASSIGN:
            return AssignForm(posted, people=free)
        if action is Action.ASK_CASE:
            return AskCaseForm(posted, initial={"number": card.case_number if card else ""})
        if action is Action.ASK_SCHOOL:
            return AskSchoolForm(posted)
        return desk.build_form(
            action, posted, procedure=queries.get_procedure(on=_today()), body=Body.COMMITTEE
        )

    return build


def _show(
    request: Request, complaint_id: int, refused: Mapping[str, forms.Form], status: HTTPStatus
) -> HttpResponse:
    officer = officer_of(request)
    card, work = _get(officer, complaint_id)
    with public_transaction():
        files = list_files(file_ids=list(card.file_ids))
    late_badge, late_word = LATE.get(card.row.lateness, ("", ""))
    place = {"complaint_id": complaint_id}
    allowed = work.moves if work.is_his else frozenset[Action]()
    stand_in_district(request)
    context = {
        "nav": district_menu("district:complaints"),
        "crumbs": [Crumb("Жалобы", reverse("district:complaints")), Crumb(card.row.title)],
        "card": card,
        "work": work,
        "school": get_school_by_id(work.school_id),
        "badge": BADGES[card.row.state],
        "late_badge": late_badge,
        "late_word": late_word,
        "moves": desk.build_moves(card, allowed, _form_of(officer, card), refused),
        "files": [
            (one.name, reverse("district:complaint-file", kwargs={**place, "file_id": one.id}))
            for one in files
        ],
        "papers": [
            (title, reverse("district:complaint-paper", kwargs={**place, "kind": kind}))
            for kind, title in list_papers(card)
        ],
        "case_url": "",
        "snapshots": [
            (one, reverse("district:snapshot", kwargs={**place, "snapshot_id": one.id}))
            for one in work.snapshots
        ],
    }
    return render(request, "district/complaint.html", context, status=status)


@never_cache
@require_GET
def snapshot(request: Request, complaint_id: int, snapshot_id: int) -> HttpResponse:
    """Show a case as it was handed over; that somebody looked is written down."""
    officer = officer_of(request)
    card, work = _get(officer, complaint_id)
    if snapshot_id not in {one.id for one in work.snapshots}:
        raise NotFound
    with public_transaction(officer.account_id, request.META.get("okrug.request_id", "")):
        content = operations.look_at_snapshot(
            officer=officer, snapshot_id=snapshot_id, now=clock.now()
        )
    _, work = _get(officer, complaint_id)
    (one,) = [row for row in work.snapshots if row.id == snapshot_id]
    stand_in_district(request)
    context = {
        "nav": district_menu("district:complaints"),
        "crumbs": [
            Crumb("Жалобы", reverse("district:complaints")),
            Crumb(card.row.title, _url(complaint_id)),
            Crumb(f"Дело {one.case_number}"),
        ],
        "snapshot": one,
        "case": read_snapshot(content),
        "school": get_school_by_id(work.school_id),
    }
    return render(request, "district/snapshot.html", context)


@never_cache
@require_GET
def paper(request: Request, complaint_id: int, kind: str) -> HttpResponse:
    """Give a paper of a complaint as a PDF."""
    officer = officer_of(request)
    card, _ = _get(officer, complaint_id)
    document = compose_paper(card=card, kind=kind, issuer=committee_issuer(officer.name))
    return paper_response(document)


@never_cache
@require_GET
def file(request: Request, complaint_id: int, file_id: int) -> HttpResponse:
    """Give an attachment of a complaint."""
    card, _ = _get(officer_of(request), complaint_id)
    if file_id not in card.file_ids:
        raise NotFound
    with public_transaction():
        return file_response(read_file(file_id=file_id))


# --- Around ---------------------------------------------------------------------------------------


def officer_of(request: Request) -> Officer:
    """Return the visitor as somebody of the committee."""
    assert request.visitor is not None
    return Officer.of(request.visitor)


def _get(officer: Officer, complaint_id: int) -> tuple[ComplaintCard, Casework]:
    with public_transaction():
        return queries.get_complaint(officer=officer, complaint_id=complaint_id, today=_today())


def _is_still_seen(officer: Officer, complaint_id: int) -> bool:
    try:
        _get(officer, complaint_id)
    except NotFound:
        return False
    return True


def _url(complaint_id: int) -> str:
    return reverse("district:complaint", kwargs={"complaint_id": complaint_id})


def _today() -> date:
    return clock.today(get_district().timezone)
