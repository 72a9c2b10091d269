"""«Запросы своих данных»: the queue with its clock, the answer, five days more with a reason."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from kernel.errors import DomainError, NotFound
from portal.office.consents.forms import ExtendForm
from portal.office.consents.frame import download, page, tabs, today_of, url
from services.people.access import check_may_answer_subjects
from services.people.operations.looks import record_look
from services.people.operations.subject_requests import (
    answer_request,
    extend_request,
    write_down_request,
)
from services.people.queries.answers import make_answer
from services.people.queries.own_data import digest_of
from services.people.queries.subject_requests import get_request, list_requests
from tenants.accounts.gate import Request

ZIP = "application/zip"


@never_cache
@require_GET
def queue(request: Request, school: str) -> HttpResponse:
    """Show who waits for an answer, the most urgent first."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        cards = list_requests(actor=actor, on=on)
        shown_tabs = tabs(actor, "data-requests", on)
    context = {
        "tabs": shown_tabs,
        "cards": [(card, url("data-request", actor, request_id=card.id)) for card in cards],
        "find_url": url("consent-pupils", actor),
    }
    return page(request, "requests.html", context)


@never_cache
@require_GET
def one(request: Request, school: str, request_id: int) -> HttpResponse:
    """Show a request: what it asks, until when, what to do."""
    return _show(request, request_id)


def _show(
    request: Request, request_id: int, form: ExtendForm | None = None, error: str = ""
) -> HttpResponse:
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        card = get_request(actor=actor, request_id=request_id, on=on)
        shown_tabs = tabs(actor, "data-requests", on)
        may_answer = _may_answer(request)
    here = {"request_id": request_id}
    context = {
        "tabs": shown_tabs,
        "card": card,
        "may_answer": may_answer,
        "form": form or ExtendForm(),
        "error": error,
        "may_extend": card.is_open and card.extended_on is None and card.days_left >= 0,
        "zip_url": url("data-answer", actor, **here),
        "answer_url": url("answer-request", actor, **here),
        "extend_url": url("extend-request", actor, **here),
        "back_url": url("data-requests", actor),
    }
    return page(request, "request.html", context, 400 if form or error else 200)


@never_cache
@require_GET
def answer_file(request: Request, school: str, request_id: int) -> HttpResponse:
    """Answer with the ZIP of what the school keeps; the look is noted."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        check_may_answer_subjects(actor)
        card = get_request(actor=actor, request_id=request_id, on=on)
        content = make_answer(actor=actor, card=card, on=on)
        record_look(actor=actor, what="document", kind="own-data", object_id=request_id)
    name = f"own-data-{card.number.replace('/', '-')}.zip"
    return download(name, content, ZIP)


@never_cache
@require_POST
def answer(request: Request, school: str, request_id: int) -> HttpResponse:
    """Give the answer: the person may take it, the register keeps its digest."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        check_may_answer_subjects(actor)
        card = get_request(actor=actor, request_id=request_id, on=on)
        digest = digest_of(make_answer(actor=actor, card=card, on=on))
        answer_request(actor=actor, request_id=request_id, digest=digest, now=clock.now())
    messages.success(request, "Ответ дан: человек увидит его в личном кабинете.")
    return HttpResponseRedirect(url("data-request", actor, request_id=request_id))


@never_cache
@require_POST
def extend(request: Request, school: str, request_id: int) -> HttpResponse:
    """Give the school more time, once, and tell the person why."""
    actor = request.actor
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _show(request, request_id, form)
    try:
        with school_transaction(actor, actor.school.id):
            extend_request(
                actor=actor,
                request_id=request_id,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            )
    except NotFound:
        raise
    except DomainError as refusal:
        return _show(request, request_id, error=refusal.message)
    messages.success(request, "Срок продлён, человек получит объяснение.")
    return HttpResponseRedirect(url("data-request", actor, request_id=request_id))


@never_cache
@require_POST
def write_down(request: Request, school: str) -> HttpResponse:
    """Register a request that came on paper."""
    actor = request.actor
    asked = {key: _id(request.POST.get(key, "")) for key in ("guardian", "pupil", "employee")}
    if asked["guardian"] is None and asked["employee"] is None:
        asked["pupil"] = asked["pupil"] or _id(request.POST.get("child", ""))
    try:
        with school_transaction(actor, actor.school.id):
            card = write_down_request(
                actor=actor,
                guardian_id=asked["guardian"],
                pupil_id=asked["pupil"],
                employee_id=asked["employee"],
                now=clock.now(),
            )
    except NotFound:
        raise
    except DomainError as refusal:
        messages.info(request, refusal.message)
        return HttpResponseRedirect(url("data-requests", actor))
    messages.success(request, f"Запрос зарегистрирован: № {card.number}.")
    return HttpResponseRedirect(url("data-request", actor, request_id=card.id))


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() and 0 < len(text) < 19 else None


def _may_answer(request: Request) -> bool:
    try:
        check_may_answer_subjects(request.actor)
    except NotFound:
        return False
    return True
