"""«К уничтожению»: what falls due, the act, what has been destroyed (приказ РКН № 179)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from foundation.files.serving import pdf_response
from kernel.errors import NotFound
from portal.office.consents.forms import WitnessFormSet, witnesses_of
from portal.office.consents.frame import page, tabs, today_of, url
from services.people.access import check_may_destroy
from services.people.operations.destruction import (
    ActNeedsNames,
    NothingToDestroy,
    destroy_extra_data,
    erase_signed,
)
from services.people.queries.destruction import (
    KEPT_BY_LAW,
    get_act,
    get_due,
    list_acts,
    list_due,
    list_expired,
    render_act,
)
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.gate import Request


@never_cache
@require_GET
def due(request: Request, school: str) -> HttpResponse:
    """Show what must be destroyed, by which day, and the acts of what has been."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        waiting = list_due(actor=actor, on=on)
        expired = list_expired(actor=actor, on=on)
        acts = list_acts(actor=actor)
        shown_tabs = tabs(actor, "destruction", on)
        may_destroy = _may_destroy(request)
    context = {
        "tabs": shown_tabs,
        "due": [(one, url("destroy", actor, consent_id=one.row.card.id)) for one in waiting],
        "expired": [(one, url("erase-signed", actor, consent_id=one.card.id)) for one in expired],
        "acts": [(one, url("destruction-act", actor, act_id=one.id)) for one in acts],
        "may_destroy": may_destroy,
    }
    return page(request, "destruction.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@require_fresh_confirmation
def destroy(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Show what goes and what stays; destroy it with an act on the word of who signs it."""
    if request.method == "POST":
        return _do(request, consent_id, destroy_extra_data, _asked_to_destroy)
    return _ask(request, _asked_to_destroy(request, consent_id))


@never_cache
@require_http_methods(["GET", "POST"])
@require_fresh_confirmation
def erase(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Destroy the text of a consent whose term is over, with an act."""
    if request.method == "POST":
        return _do(request, consent_id, erase_signed, _asked_to_erase)
    return _ask(request, _asked_to_erase(request, consent_id))


@never_cache
@require_GET
def act(request: Request, school: str, act_id: int) -> HttpResponse:
    """Answer with an act and its export of the event log."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        card = get_act(actor=actor, act_id=act_id)
    name = f"destruction-act-{card.number.replace('/', '-')}.pdf"
    return pdf_response(name, render_act(act=card))


def _asked_to_destroy(request: Request, consent_id: int) -> dict[str, Any]:
    """Return what goes and what stays; raise `NotFound` when it is gone already."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        check_may_destroy(actor)
        one = get_due(actor=actor, consent_id=consent_id, on=today_of(actor))
    return {"row": one.row, "items": one.items, "kept": KEPT_BY_LAW}


def _asked_to_erase(request: Request, consent_id: int) -> dict[str, Any]:
    """Return the same for a consent whose term is over; raise `NotFound`."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        check_may_destroy(actor)
        expired = list_expired(actor=actor, on=today_of(actor))
    for row in expired:
        if row.card.id == consent_id:
            return {
                "row": row,
                "items": ["текст подписанного согласия и его скан"],
                "kept": ["строка журнала регистрации согласий"],
            }
    raise NotFound


def _ask(
    request: Request, asked: dict[str, Any], *, witnesses: Any = None, error: str = ""
) -> HttpResponse:
    context = {
        **asked,
        "witnesses": witnesses or WitnessFormSet(initial=[{"name": request.actor.name}]),
        "error": error,
        "back_url": url("destruction", request.actor),
    }
    return page(request, "destroy.html", context, 400 if error else 200)


def _do(
    request: Request, consent_id: int, operation: Any, asked: Callable[..., dict[str, Any]]
) -> HttpResponse:
    actor = request.actor
    typed = WitnessFormSet(request.POST)
    if not typed.is_valid():
        message = ActNeedsNames.message
        return _ask(request, asked(request, consent_id), witnesses=typed, error=message)
    named = witnesses_of(typed)
    try:
        with school_transaction(actor, actor.school.id):
            act_id = operation(actor=actor, consent_id=consent_id, witnesses=named, now=clock.now())
            card = get_act(actor=actor, act_id=act_id)
    except ActNeedsNames as refusal:
        return _ask(request, asked(request, consent_id), witnesses=typed, error=refusal.message)
    except NothingToDestroy as refusal:
        messages.info(request, refusal.message)
        return HttpResponseRedirect(url("destruction", actor))
    messages.success(
        request, f"Данные уничтожены. Акт № {card.number} составлен, распечатайте его."
    )
    return HttpResponseRedirect(url("destruction", actor))


def _may_destroy(request: Request) -> bool:
    try:
        check_may_destroy(request.actor)
    except NotFound:
        return False
    return True
