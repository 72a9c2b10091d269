"""«Согласия и мои данные»: what a parent or a pupil signed, withdrawing it, asking what is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from foundation.files.queries import StoredFileContent
from foundation.files.serving import file_response, pdf_response
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from portal.guardian.frame import family_page
from services.people.operations.consents import withdraw_consent
from services.people.operations.subject_requests import RequestIsThere, ask_for_data
from services.people.queries.answers import make_answer
from services.people.queries.consent_papers import get_signed_document, render_signed
from services.people.queries.consents import (
    get_operator,
    get_own_register_row,
    list_own_register,
)
from services.people.queries.signers import (
    is_accepted_from_esia,
    list_own_manners,
    list_own_sheets,
)
from services.people.queries.subject_requests import (
    get_own_request,
    list_askable,
    list_own_requests,
)
from services.regulation.queries import get_setting
from tenants.accounts.confirmation import came_through_esia
from tenants.accounts.gate import Request

ZIP = "application/zip"


@never_cache
@require_GET
def consents(request: Request, school: str) -> HttpResponse:
    """Show the consents one signed in this school, and the requests for own data."""
    actor = request.actor
    on = clock.today(actor.school.timezone)
    through_esia = came_through_esia(request)
    with school_transaction(actor, actor.school.id):
        rows = list_own_register(actor=actor, on=on)
        cards = list_own_requests(actor=actor, on=on)
        askable = list_askable(actor=actor, on=on)
        operator = get_operator(actor=actor, on=on)
        sheets = list_own_sheets(actor=actor, on=on)
        manners = list_own_manners(is_through_esia=through_esia, on=on)
        esia_would_do = is_accepted_from_esia(on=on)
        days = int(get_setting(key="subject_request.due_workdays", on=on).value)
    context = {
        "consents": [
            {
                "row": row,
                "paper_url": "" if row.erasure_id else _url("consent-paper", actor, row.card.id),
                "withdraw_url": _url("withdraw-consent", actor, row.card.id),
            }
            for row in rows
        ],
        "requests": [{"card": card, "url": _url("data-answer", actor, card.id)} for card in cards],
        "sheets": [
            {
                "sheet": one,
                "url": reverse(
                    "guardian:sign-consent",
                    kwargs={"school": actor.school.slug, "pupil_id": one.parties.pupil_id},
                ),
            }
            for one in sheets
        ],
        "may_sign": bool(manners),
        "esia_would_do": esia_would_do,
        "askable": askable,
        "ask_url": reverse("guardian:ask-data", kwargs={"school": actor.school.slug}),
        "operator": operator,
        "days": days,
        "school_name": actor.school.short_name,
    }
    return family_page(request, "consents.html", context)


@never_cache
@require_GET
def paper(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Answer with what one signed, word for word."""
    actor = request.actor
    on = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        row = get_own_register_row(actor=actor, consent_id=consent_id, on=on)
        signed = get_signed_document(row=row)
    name = f"consent-{signed.number.replace('/', '-')}.pdf"
    return pdf_response(name, render_signed(signed=signed))


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, school: str, consent_id: int) -> HttpResponse:
    """Say what a withdrawal changes; withdraw on the person's word. Twice is once."""
    actor = request.actor
    on = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        row = get_own_register_row(actor=actor, consent_id=consent_id, on=on)
        days = int(get_setting(key="consent.destroy_days", on=on).value)
    back_url = reverse("guardian:consents", kwargs={"school": actor.school.slug})
    is_sure = request.method == "POST" and "is_sure" in request.POST
    if is_sure:
        with school_transaction(actor, actor.school.id):
            withdraw_consent(actor=actor, consent_id=consent_id, manner="account", now=clock.now())
        messages.success(request, "Согласие отозвано. Сведения об учёбе школа выдаст на бумаге.")
        return HttpResponseRedirect(back_url if _stays(actor, row.card.id, on) else "/")
    context = {
        "row": row,
        "days": days,
        "back_url": back_url,
        "error": request.method == "POST",
    }
    return family_page(request, "withdraw.html", context, 400 if request.method == "POST" else 200)


def _stays(actor: Actor, consent_id: int, on: Any) -> bool:
    """Return whether the person keeps a place in this school: another live consent, or a pupil."""
    if actor.has(Role.PUPIL):
        return True
    with school_transaction(actor, actor.school.id):
        rows = list_own_register(actor=actor, on=on)
    return any(row.card.is_live for row in rows if row.card.id != consent_id)


@never_cache
@require_POST
def ask(request: Request, school: str) -> HttpResponse:
    """Ask what the school keeps, about oneself or about a child."""
    actor = request.actor
    about = request.POST.get("about", "")
    pupil_id = int(about) if about.isdecimal() and len(about) < 19 else None
    try:
        with school_transaction(actor, actor.school.id):
            card = ask_for_data(actor=actor, pupil_id=pupil_id, now=clock.now())
    except RequestIsThere as refusal:
        messages.info(request, refusal.message)
    else:
        words = f"Запрос № {card.number} зарегистрирован. Школа ответит до {card.due_on:%d.%m.%Y}."
        messages.success(request, words)
    return HttpResponseRedirect(reverse("guardian:consents", kwargs={"school": actor.school.slug}))


@never_cache
@require_GET
def answer(request: Request, school: str, request_id: int) -> HttpResponse:
    """Answer with the ZIP the school gave, while it may be taken."""
    actor = request.actor
    on = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        card = get_own_request(actor=actor, request_id=request_id, on=on)
        if not card.is_ready:
            raise NotFound
        content = make_answer(actor=actor, card=card, on=on)
    name = f"own-data-{card.number.replace('/', '-')}.zip"
    return file_response(StoredFileContent(name, ZIP, content, ""))


def _url(route: str, actor: Actor, one: int) -> str:
    key = "request_id" if route == "data-answer" else "consent_id"
    return reverse(f"guardian:{route}", kwargs={"school": actor.school.slug, key: one})
