"""«Услуга» at the desk: the queue, one case with its next step, taking an application in person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.documents.serving import paper_response
from foundation.files.serving import file_response, xlsx_response
from foundation.spreadsheets.writing import write_xlsx
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from portal.public.forms import ApplicationForm
from portal.public.words import ACTIONS, PAPERS, STATE_BADGES, list_documents
from portal.shell.forms import offer
from portal.shell.menus import school_menu
from portal.shell.navigation import Crumb, NavItem
from services.cases import access
from services.cases.operations import desk, service
from services.cases.operations.applying import Door, Paper, submit_application
from services.cases.queries import register
from services.cases.queries.cases import (
    PAGE_SIZE,
    WAITING,
    Candidate,
    CaseFilter,
    count_queue,
    find_consent_of,
    get_case_view,
    get_paper_file,
    list_candidates,
    list_cases,
)
from services.cases.queries.papers import get_paper
from services.cases.queries.reading import CaseRow, CaseView
from services.people import queries as people
from services.regulation.queries import get_setting
from tenants.accounts.confirmation import confirm_mass_export
from tenants.accounts.gate import Request
from tenants.accounts.queries import get_account_state
from tenants.registry.queries import list_schools

TABS = (
    (WAITING, "Ждут вас"),
    ("active", "Оказывается"),
    ("refusals", "Отказы"),
    ("over", "Завершены"),
    ("", "Все"),
)
WHO_AT_DESK = (("parent", "Родитель или законный представитель"), ("pupil", "Сам обучающийся"))
DUES = (("", "Любой срок"), ("overdue", "Срок нарушен"), ("soon", "Срок близок"))


class DeskForm(ApplicationForm):
    """The same application at the desk: papers are seen there, no scan is asked for."""

    paper_seen = forms.BooleanField(
        label="Письменное согласие родителей видели (обучающемуся от 14 до 18 лет)", required=False
    )
    scan = forms.FileField(
        label="Скан заявления",
        required=False,
        help_text="Если заявление на бумаге: PDF, JPEG или PNG.",
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "who", WHO_AT_DESK)
        self.fields["applicant"].label = "Фамилия, имя, отчество заявителя"
        self.fields["relation"].label = "Кем приходится обучающемуся"

    def papers(self) -> list[Paper]:
        """Return the scan and what was seen on paper."""
        found = super().papers()
        scan = self.cleaned_data.get("scan")
        found.append(Paper("application", scan.name, scan.read()) if scan else Paper("application"))
        if self.cleaned_data["paper_seen"] and self.cleaned_data["who"] == "pupil":
            found.append(Paper("parental_consent"))
        return found


@never_cache
@require_GET
def queue(request: Request, school: str) -> HttpResponse:
    """Show the cases the person may see, filtered by the address."""
    actor = request.actor
    state, asked, wanted = _read_filter(request)
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        rows, found = list_cases(actor=actor, wanted=wanted, on=today, page=page)
        counts = count_queue(actor=actor, on=today)
        classes = [one.title for one in access.list_classes_on(today)]
        held = access.get_desk(actor=actor, on=today)
        may_export = register.may_export(actor=actor, on=today)
    base, kept = _url("service", actor), {name: value for name, value in asked.items() if value}
    filtered = urlencode({"state": state, **kept})
    context = {
        "nav": school_menu(actor, "office:service"),
        "tabs": _tabs(base, state, kept, counts[WAITING]),
        "overdue": counts["overdue"],
        "overdue_url": f"{base}?state={WAITING}&due=overdue",
        "rows": [
            (row, STATE_BADGES.get(row.state, "plain"), _case_url(actor, row.id)) for row in rows
        ],
        "found": found,
        "page": Paginator(range(found), PAGE_SIZE).get_page(page),
        "query": f"{filtered}&",
        "state": state,
        "asked": asked,
        "dues": DUES,
        "classes": classes,
        "new_url": _url("service-new", actor),
        "table_url": f"{_url('service-table', actor)}?{filtered}",
        "register_url": f"{_url('service-register', actor)}?{filtered}",
        "printouts_url": _url("printouts-register", actor),
        "may_export": may_export,
        "may_accept": Right.CASES_ACCEPT in held.everywhere | held.in_own_class,
    }
    return render(request, "office/service.html", context)


def _tabs(base: str, state: str, kept: dict[str, str], waiting: int) -> list[NavItem]:
    """Return the states to choose from; those who wait are counted."""
    return [
        NavItem(
            title,
            f"{base}?{urlencode({'state': code, **kept})}",
            "",
            state == code,
            str(waiting) if waiting and code == WAITING else "",
        )
        for code, title in TABS
    ]


@never_cache
@require_GET
@confirm_mass_export()
def table(request: Request, school: str) -> HttpResponse:
    """Give the register as a spreadsheet, filtered as the queue was."""
    actor, today = request.actor, clock.today(request.actor.school.timezone)
    _, _, wanted = _read_filter(request)
    with school_transaction(actor, actor.school.id):
        lines = register.list_register(actor=actor, wanted=wanted, on=today)
    content = write_xlsx(register.register_cells(lines), sheet="Реестр заявлений")
    return xlsx_response(f"Реестр заявлений {today}.xlsx", content)


@never_cache
@require_GET
@confirm_mass_export()
def print_register(request: Request, school: str) -> HttpResponse:
    """Give the extract of the register, or of the refusals, as a PDF."""
    actor, today = request.actor, clock.today(request.actor.school.timezone)
    state, _, wanted = _read_filter(request)
    with school_transaction(actor, actor.school.id):
        lines = register.list_register(actor=actor, wanted=wanted, on=today)
        document = register.compose_register(
            actor=actor, lines=lines, is_of_refusals=state == "refusals", on=today
        )
    return paper_response(document)


def _read_filter(request: Request) -> tuple[str, dict[str, str], CaseFilter]:
    asked = {name: request.GET.get(name, "")[:40] for name in ("due", "class", "q")}
    state = request.GET.get("state", WAITING)[:20]
    return state, asked, CaseFilter(state, asked["due"], asked["class"], asked["q"].strip())


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: Request, school: str) -> HttpResponse:
    """Take an application in person: without a queue, registered at once (SRV-014)."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        access.check_desk(actor=actor, right=Right.CASES_ACCEPT, on=today)
    key = _read_key(request.POST.get("key", "")) or uuid4()
    first = {"who": "parent", "delivery": "portal", "class_title": request.GET.get("class", "")}
    form = DeskForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            with school_transaction(actor, actor.school.id):
                receipt = submit_application(
                    actor=actor,
                    door=Door("in_person", key),
                    typed=form.typed(),
                    papers=form.papers(),
                    now=clock.now(),
                )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Зарегистрировано под № {receipt.number}.")
            return HttpResponseRedirect(_case_url(actor, receipt.case_id))
    context = {
        "nav": school_menu(actor, "office:service"),
        "crumbs": [Crumb("Услуга", _url("service", actor)), Crumb("Принять лично")],
        "form": form,
        "key": key,
    }
    bad = request.method == "POST"
    return render(request, "office/service_new.html", context, status=400 if bad else 200)


@never_cache
@require_GET
def case(request: Request, school: str, case: int) -> HttpResponse:
    """Show one case with its next step."""
    return _show(request, case)


@never_cache
@require_POST
def act(request: Request, school: str, case: int, action: str) -> HttpResponse:
    """Take a step."""
    actor = request.actor
    try:
        with school_transaction(actor, actor.school.id):
            _take(actor, case, action, request)
    except NotFound:
        raise
    except DomainError as refusal:
        return _show(request, case, refusal.message)
    messages.success(request, f"{ACTIONS[action]}.")
    return HttpResponseRedirect(_case_url(actor, case))


def _take(actor: Actor, case_id: int, action: str, request: Request) -> None:
    step = STEPS.get(action)
    if step is None:
        raise NotFound
    step(request.POST, {"actor": actor, "case_id": case_id, "now": clock.now()})


def _recognise(posted: QueryDict, about: dict[str, Any]) -> None:
    pupil, _, guardian = posted.get("match", "").partition("-")
    if not pupil.isdecimal():
        raise desk.NobodyIsChosen
    match = desk.Match(int(pupil), int(guardian) if guardian.isdecimal() else None)
    desk.recognise(match=match, **about)


def _terminate(posted: QueryDict, about: dict[str, Any]) -> None:
    there = posted.get("to_school", "")
    to_school_id = int(there) if there.isdecimal() else None
    service.terminate(to_school_id=to_school_id, **_ground(posted), **about)


def _ground(posted: QueryDict) -> dict[str, Any]:
    return {"ground": posted.get("ground", ""), "note": posted.get("note", "").strip()}


STEPS: dict[str, Callable[[QueryDict, dict[str, Any]], None]] = {
    "recognise": _recognise,
    "ask_document": lambda posted, about: desk.ask_documents(
        kinds=posted.getlist("document"), **about
    ),
    "refuse_to_accept": lambda posted, about: desk.refuse_to_accept(**_ground(posted), **about),
    "accept": lambda posted, about: desk.accept(**about),
    "grant": lambda posted, about: service.grant(**about),
    "hand_over": lambda posted, about: service.hand_over(
        is_explained=posted.get("explained") == "on", **about
    ),
    "refuse": lambda posted, about: service.refuse(**_ground(posted), **about),
    "suspend": lambda posted, about: service.suspend(**_ground(posted), **about),
    "resume": lambda posted, about: service.resume(**about),
    "withdraw": lambda posted, about: service.withdraw(**about),
    "stop": lambda posted, about: service.stop(**about),
    "terminate": _terminate,
}


@never_cache
@require_GET
def paper(request: Request, school: str, case: int, paper: str) -> HttpResponse:
    """Give a document of the case as a PDF."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        document = get_paper(actor=actor, case_id=case, paper=paper, on=today)
    return paper_response(document)


@never_cache
@require_GET
def file(request: Request, school: str, case: int, paper_id: int) -> HttpResponse:
    """Give a file that came with the application."""
    actor = request.actor
    today = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        content = get_paper_file(actor=actor, case_id=case, paper_id=paper_id, on=today)
    return file_response(content)


@dataclass(frozen=True, slots=True)
class WayIn:
    """How the applicant gets in after the grant: the account is on its way, new, or known."""

    state: str  # opening, new, known
    text: str
    sheet_url: str = ""  # where the sheet of a new one is printed


def _show(request: Request, case_id: int, error: str = "") -> HttpResponse:
    actor = request.actor
    today = clock.today(actor.school.timezone)
    words = request.GET.get("q", "").strip()[:80]
    with school_transaction(actor, actor.school.id):
        view = get_case_view(actor=actor, case_id=case_id, on=today)
        candidates: list[Candidate] = []
        alike: list[CaseRow] = []
        if "recognise" in view.actions:
            candidates, alike = list_candidates(actor=actor, case_id=case_id, words=words, on=today)
        consent = find_consent_of(view=view) if "accept" in view.actions else None
        documents = get_setting(key="service.documents", on=today).value
        guardian = _guardian_of(view)
        sheet_url = _sheet_url(actor, view, today)
    context: dict[str, Any] = {
        "nav": school_menu(actor, "office:service"),
        "crumbs": [
            Crumb("Услуга", _url("service", actor)),
            Crumb(f"№\N{NO-BREAK SPACE}{view.row.number}"),
        ],
        "view": view,
        "badge_state": STATE_BADGES.get(view.row.state, "plain"),
        "error": error,
        "words": words,
        "candidates": candidates,
        "alike": [(row, _case_url(actor, row.id)) for row in alike],
        "consent": consent,
        "documents": documents,
        "guardian_name": guardian[0],
        "way_in": _way_in(view, guardian[1], sheet_url),
        "consent_url": _consent_url(actor, view),
        "schools": [one for one in list_schools() if one.id != actor.school.id],
        **_contents(actor, view),
    }
    return render(request, "office/service_case.html", context, status=409 if error else 200)


def _contents(actor: Actor, view: CaseView) -> dict[str, Any]:
    """Return what lies in the case with its addresses: acts, papers, files, the log."""
    case_id = view.row.id
    return {
        "acts": {
            one.action: _case_url(actor, case_id, "service-act", action=one.action)
            for one in view.offers
        },
        "grounds": {one.action: one.grounds for one in view.offers},
        "papers": [
            (title, number, _case_url(actor, case_id, "service-paper", paper=code))
            for code, title, number in list_documents(view)
        ],
        "files": [
            (
                one.title,
                one.name,
                _case_url(actor, case_id, "service-file", paper_id=one.id) if one.file_id else "",
            )
            for one in view.papers
        ],
        "log": [
            (row, ACTIONS.get(row.action, row.action), PAPERS.get(row.paper, ""))
            for row in view.log
        ],
    }


def _guardian_of(view: CaseView) -> tuple[str, int | None]:
    """Return the name and the account of the recognised applicant's card."""
    if view.guardian_id is not None:
        card = people.get_guardians(guardian_ids=[view.guardian_id])[view.guardian_id]
    elif view.pupil_id is not None:
        card = people.get_pupils(pupil_ids=[view.pupil_id])[view.pupil_id]
    else:
        return "", None
    return str(card.name), card.account_id


def _consent_url(actor: Actor, view: CaseView) -> str:
    """Return where the consent of the recognised applicant is taken."""
    if view.pupil_id is None:
        return ""
    place = {"school": actor.school.slug, "pupil_id": view.pupil_id}
    if view.guardian_id is None:
        return reverse("office:consent-signers", kwargs=place)
    return reverse("office:consent-new", kwargs={**place, "guardian_id": view.guardian_id})


def _sheet_url(actor: Actor, view: CaseView, on: date) -> str:
    """Return where the applicant's sheet of activation is printed, "" when he is in no class."""
    if view.pupil_id is None:
        return ""
    class_id = people.get_pupil_cards(pupil_ids=[view.pupil_id], on=on)[view.pupil_id].class_id
    if class_id is None:
        return ""
    person = f"guardian-{view.guardian_id}" if view.guardian_id else f"pupil-{view.pupil_id}"
    place = {"school": actor.school.slug, "group": str(class_id)}
    return f"{reverse('office:accounts-of', kwargs=place)}?{urlencode({'person': person})}"


def _way_in(view: CaseView, account_id: int | None, sheet_url: str) -> WayIn | None:
    if view.row.state not in ("access_granted", "active"):
        return None
    if account_id is None:
        return WayIn("opening", "Доступ открывается. Обновите страницу через минуту.")
    with public_transaction():
        state = get_account_state(account_id=account_id)
    if state.is_activated:
        return WayIn("known", "Войдёт своим прежним логином: нового не нужно.")
    words = "Входа ещё не было: напечатайте лист активации и передайте лично."
    return WayIn("new", words, sheet_url)


def _read_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _url(route: str, actor: Actor) -> str:
    return reverse(f"office:{route}", kwargs={"school": actor.school.slug})


def _case_url(actor: Actor, case_id: int, route: str = "service-case", **more: str | int) -> str:
    kwargs = {"school": actor.school.slug, "case": case_id, **more}
    return reverse(f"office:{route}", kwargs=kwargs)
