"""The state of an application by its number and its secret code: what signed-in people see too."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from foundation.documents.serving import paper_response
from kernel.errors import DomainError, NotFound
from portal.public.frame import render_open, url_of
from portal.public.words import STATE_BADGES, list_documents, tell
from services.cases.operations.service import act_by_secret
from services.cases.queries.cases import get_case_by_secret
from services.cases.queries.papers import get_paper_by_secret
from tenants.accounts.gate import Request

UNKNOWN = "Такого заявления нет, или номер и код не подходят друг к другу. Проверьте оба."


class StatusForm(forms.Form):
    """The number and the code of the receipt."""

    number = forms.CharField(
        label="Номер заявления",
        max_length=20,
        widget=forms.TextInput({"placeholder": "2026/000123", "autocomplete": "off"}),
        error_messages={"required": "Укажите номер заявления."},
    )
    secret = forms.CharField(
        label="Код проверки",
        max_length=40,
        widget=forms.TextInput(
            {
                "placeholder": "ABCD-EFGH-JKMN-PQRS-TVWX",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Введите код проверки."},
    )


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def status(request: Request, school: str) -> HttpResponse:
    """Ask for the number and the code, and show where the case stands."""
    if request.method == "GET":
        return _show(request, StatusForm(), {}, HTTPStatus.OK)
    return _answer(request)


def _answer(request: Request) -> HttpResponse:
    """Show the case of the number and the code that were typed, or what is wrong with them."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _show(request, form, {}, HTTPStatus.BAD_REQUEST)
    actor = request.actor
    today = clock.today(actor.school.timezone)
    try:
        with school_transaction(actor, actor.school.id):
            view = get_case_by_secret(**form.cleaned_data, on=today)
    except NotFound:
        form.add_error(None, UNKNOWN)
        return _show(request, form, {}, HTTPStatus.BAD_REQUEST)
    found = {
        "view": view,
        "way": tell(view),
        "badge_state": STATE_BADGES.get(view.row.state, "plain"),
        "documents": list_documents(view),
        "act_url": url_of("public:act", actor.school.slug),
        "paper_url": url_of("public:paper", actor.school.slug),
    }
    return _show(request, form, found, 200)


@never_cache
@sensitive_post_parameters("secret")
@require_POST
def act(request: Request, school: str) -> HttpResponse:
    """Withdraw the application or stop the service, by the code; show what came of it."""
    actor = request.actor
    try:
        with school_transaction(actor, actor.school.id):
            act_by_secret(
                actor=actor,
                number=request.POST.get("number", ""),
                secret=request.POST.get("secret", ""),
                action=request.POST.get("action", ""),
                now=clock.now(),
            )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Сделано.")
    return _answer(request)


@never_cache
@sensitive_post_parameters("secret")
@require_POST
def paper(request: Request, school: str) -> HttpResponse:
    """Give a document of the case to who knows the code."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        document = get_paper_by_secret(
            actor=actor,
            number=request.POST.get("number", ""),
            secret=request.POST.get("secret", ""),
            paper=request.POST.get("paper", ""),
            on=clock.today(actor.school.timezone),
        )
    return paper_response(document, is_shown=False)


def _show(request: Request, form: StatusForm, found: dict[str, Any], code: int) -> HttpResponse:
    return render_open(request, "public/status.html", {"form": form, "view": None, **found}, code)
