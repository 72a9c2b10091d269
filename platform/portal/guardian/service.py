"""«Мои заявления»: the service from the applicant's side, in every school of the district.

An application may lie in a school where the person holds no role yet, so these pages ask every
school for the person's account; a school shows only what is the applicant's own.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from foundation.documents.serving import paper_response
from foundation.files.serving import file_response
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError, NotFound
from kernel.roles import FAMILY_ROLES
from portal.guardian.frame import person_menu
from portal.public.forms import DELIVERIES
from portal.public.words import STATE_BADGES, Milestone, list_documents, tell
from services.cases.operations import applying, service
from services.cases.queries.cases import get_case_view, get_paper_file, list_own_cases
from services.cases.queries.papers import get_paper
from services.cases.queries.printout_register import list_own_sheets
from services.cases.queries.reading import CaseView
from tenants.accounts.gate import Request
from tenants.accounts.visitor import Visitor
from tenants.registry.queries import get_school, list_schools


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case of the applicant with the school it lies in."""

    view: CaseView
    school: SchoolRef

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return _url("service-case", self.school, self.view.row.id)

    @property
    def badge_state(self) -> str:
        """Return how its state is drawn."""
        return STATE_BADGES.get(self.view.row.state, "plain")

    @property
    def way(self) -> list[Milestone]:
        """Return the steps of the case."""
        return tell(self.view)

    @property
    def next(self) -> Milestone:
        """Return what is to be done now, else what was done last."""
        way = self.way
        return next((one for one in way if one.state in ("now", "bad")), way[-1])


@never_cache
@require_GET
def cases(request: Request) -> HttpResponse:
    """Show every application of the person and where a new one may be sent."""
    found = []
    schools = list_schools()
    for school in schools:
        actor = _actor(request, school)
        with school_transaction(actor, school.id):
            views = list_own_cases(actor=actor, on=clock.today(school.timezone))
        found += [OwnCase(view, school) for view in views]
    found.sort(key=lambda one: (one.view.ended_on is not None, -one.view.row.id))
    near = {place.school.id for place in request.visitor.memberships} if request.visitor else set()
    ordered = sorted(schools, key=lambda one: (one.id not in near, one.short_name))
    context = {
        "nav": person_menu(_visitor(request), "guardian:service"),
        "cases": found,
        "schools": [
            (one.short_name, reverse("public:apply", kwargs={"school": one.slug}))
            for one in ordered
        ],
    }
    return render(request, "guardian/service.html", context)


@never_cache
@require_GET
def case(request: Request, slug: str, case: int) -> HttpResponse:
    """Show one application: its way, its documents, what may be done."""
    return _show(request, _school(slug), case)


@never_cache
@require_http_methods(["GET", "POST"])
def act(request: Request, slug: str, case: int, action: str) -> HttpResponse:
    """Withdraw, stop, change the delivery, or apply again; a reloaded address shows the case."""
    school = _school(slug)
    if request.method == "GET":
        return _show(request, school, case)
    actor = _actor(request, school)
    try:
        answer = _take(request, actor, case, action)
    except NotFound:
        raise
    except DomainError as refusal:
        return _show(request, school, case, refusal.message)
    return answer or HttpResponseRedirect(_url("service-case", school, case))


def _take(request: Request, actor: Actor, case_id: int, action: str) -> HttpResponse | None:
    now = clock.now()
    done = {"withdraw": "Заявление отозвано.", "stop": "Услуга прекращена, доступ закрыт."}
    with school_transaction(actor, actor.school.id):
        if action == "withdraw":
            service.withdraw(actor=actor, case_id=case_id, now=now)
        elif action == "stop":
            service.stop(actor=actor, case_id=case_id, now=now)
        elif action == "change_delivery":
            service.change_delivery(
                actor=actor,
                case_id=case_id,
                delivery=_delivery(request),
                phone=request.POST.get("phone", "").strip()[:20],
                email=request.POST.get("email", "").strip()[:254],
                now=now,
            )
        elif action == "resubmit":
            key = applying.start_again(actor=actor, case_id=case_id, key=uuid4(), now=now)
            form = reverse("public:apply", kwargs={"school": actor.school.slug})
            return HttpResponseRedirect(f"{form}?form={key}")
        else:
            raise NotFound
    messages.success(request, done.get(action, "Способ доставки изменён."))
    return None


@never_cache
@require_GET
def paper(request: Request, slug: str, case: int, paper: str) -> HttpResponse:
    """Give a document of the case."""
    school = _school(slug)
    actor = _actor(request, school)
    with school_transaction(actor, school.id):
        document = get_paper(
            actor=actor, case_id=case, paper=paper, on=clock.today(school.timezone)
        )
    return paper_response(document)


@never_cache
@require_GET
def file(request: Request, slug: str, case: int, paper_id: int) -> HttpResponse:
    """Give back a file the applicant attached."""
    school = _school(slug)
    actor = _actor(request, school)
    with school_transaction(actor, school.id):
        content = get_paper_file(
            actor=actor, case_id=case, paper_id=paper_id, on=clock.today(school.timezone)
        )
    return file_response(content)


def _show(request: Request, school: SchoolRef, case_id: int, error: str = "") -> HttpResponse:
    actor = _actor(request, school)
    with school_transaction(actor, school.id):
        today = clock.today(school.timezone)
        view = get_case_view(actor=actor, case_id=case_id, on=today)
        sheets = list_own_sheets(actor=actor, case_id=case_id, on=today)
    own = OwnCase(view, school)
    context: dict[str, Any] = {
        "nav": person_menu(_visitor(request), "guardian:service"),
        "own": own,
        "view": view,
        "error": error,
        "documents": [
            (title, number, _url("service-paper", school, case_id, paper=code))
            for code, title, number in list_documents(view)
        ],
        "files": [
            (one.title, one.name, _url("service-file", school, case_id, paper_id=one.id))
            for one in view.papers
            if one.file_id is not None
        ],
        "sheets": sheets,
        "deliveries": DELIVERIES,
        "acts": {
            name: _url("service-act", school, case_id, action=name)
            for name in ("withdraw", "stop", "change_delivery", "resubmit")
            if name in view.actions
        },
        "list_url": reverse("guardian:service"),
    }
    return render(request, "guardian/service_case.html", context, status=409 if error else 200)


def _delivery(request: Request) -> str:
    chosen = request.POST.get("delivery", "")
    if chosen not in dict(DELIVERIES):
        raise NotFound
    return chosen


def _actor(request: Request, school: SchoolRef) -> Actor:
    """Return the person as an applicant: roles of work count for nothing on these pages."""
    visitor = request.visitor
    assert visitor is not None
    request_id = request.META.get("okrug.request_id", "")
    passer_by = replace(Actor.public(school, request_id), account_id=visitor.account_id)
    try:
        actor = visitor.actor_in(school.slug, request_id)
    except NotFound:
        return passer_by
    family = actor.roles & FAMILY_ROLES
    return replace(actor, roles=family) if family else passer_by


def _school(slug: str) -> SchoolRef:
    return get_school(slug)


def _url(route: str, school: SchoolRef, case_id: int, **more: str | int) -> str:
    return reverse(f"guardian:{route}", kwargs={"slug": school.slug, "case": case_id, **more})


def _visitor(request: Request) -> Visitor:
    assert request.visitor is not None
    return request.visitor
