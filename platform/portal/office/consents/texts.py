"""The texts of consents and the school's data in them; the regulation on personal data."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation.db.door import school_transaction
from kernel.errors import NotFound
from portal.office.consents.forms import OperatorForm
from portal.office.consents.frame import page, pdf, tabs, today_of, url
from services.people.access import check_may_see_subjects, check_may_word_consents
from services.people.operations.consents import (
    ConsentKind,
    ConsentTextIsUnfit,
    change_consent_text,
    change_operator,
)
from services.people.queries.consent_papers import TextCard, get_consent_text
from services.people.queries.consents import get_operator
from services.regulation.queries import get_settings
from tenants.accounts.gate import Request

POLICY_TERMS = (
    "retention.journal_years",
    "retention.summary_years",
    "retention.consent_years",
    "retention.destruction_act_years",
    "consent.destroy_days",
    "subject_request.due_workdays",
    "subject_request.extension_workdays",
)


@never_cache
@require_http_methods(["GET", "POST"])
def texts(request: Request, school: str) -> HttpResponse:
    """Show the four texts and the school as the operator; change the latter."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        check_may_word_consents(actor)
        operator = get_operator(actor=actor, on=on)
        cards = [get_consent_text(kind=kind, on=on) for kind in ConsentKind]
        shown_tabs = tabs(actor, "consent-texts", on)
    initial = {
        "name": operator.name,
        "address": operator.address,
        "processor_name": operator.processor_name,
        "processor_address": operator.processor_address,
    }
    form = OperatorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with school_transaction(actor, actor.school.id):
            change_operator(actor=actor, values=form.values(), since_on=on)
        messages.success(request, "Сохранено. Новые согласия печатаются с этими данными.")
        return HttpResponseRedirect(url("consent-texts", actor))
    context = {
        "tabs": shown_tabs,
        "form": form,
        "cards": [
            {
                "card": card,
                "title": card.kind.label,
                "url": url("consent-text", actor, kind=card.kind.value),
                "blank_url": url("consent-blank", actor, kind=card.kind.value),
            }
            for card in cards
        ],
        "lacks_address": not operator.address,
        "policy_url": url("data-policy", actor),
    }
    return page(request, "texts.html", context, 400 if form.errors else 200)


class SectionsForm(forms.Form):
    """The sections of one text; what is typed as it ships stays the shipped one."""

    def __init__(self, *args: Any, card: TextCard, **more: Any) -> None:
        super().__init__(*args, **more)
        self.card = card
        for section in card.sections:
            self.fields[section.code] = forms.CharField(
                label=section.heading,
                initial=section.text,
                max_length=4000,
                error_messages={"required": "Раздел нельзя оставить пустым: его требует закон."},
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def own_sections(self) -> dict[str, str]:
        """Return the sections that differ from the shipped ones."""
        typed = {code: text.strip() for code, text in self.cleaned_data.items()}
        return {
            one.code: typed[one.code]
            for one in self.card.sections
            if typed[one.code] != one.shipped
        }


@never_cache
@require_http_methods(["GET", "POST"])
def text(request: Request, school: str, kind: str) -> HttpResponse:
    """Show one text by sections; take the school's own wording of some."""
    actor, on = request.actor, today_of(request.actor)
    if kind not in list(ConsentKind):
        raise NotFound
    with school_transaction(actor, actor.school.id):
        check_may_word_consents(actor)
        card = get_consent_text(kind=ConsentKind(kind), on=on)
        shown_tabs = tabs(actor, "consent-texts", on)
    is_reset = "reset" in request.POST
    form = SectionsForm(request.POST if request.method == "POST" else None, card=card)
    if is_reset or (request.method == "POST" and form.is_valid()):
        try:
            with school_transaction(actor, actor.school.id):
                change_consent_text(
                    actor=actor,
                    kind=ConsentKind(kind),
                    own_sections={} if is_reset else form.own_sections(),
                    since_on=on,
                )
        except ConsentTextIsUnfit as refusal:
            form.add_error(str(refusal.facts.get("section")), refusal.message)
        else:
            messages.success(request, "Текст сохранён. Подписанные раньше согласия не изменились.")
            return HttpResponseRedirect(url("consent-texts", actor))
    context = {
        "tabs": shown_tabs,
        "card": card,
        "title": card.kind.label,
        "form": form,
        "back_url": url("consent-texts", actor),
    }
    return page(request, "text.html", context, 400 if form.errors else 200)


@never_cache
@require_GET
def policy(request: Request, school: str) -> HttpResponse:
    """Answer with the school's regulation on pupils' personal data (PDP-010), filled in."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        check_may_see_subjects(actor)
        operator = get_operator(actor=actor, on=on)
        held = get_settings(keys=list(POLICY_TERMS), on=on)
    data = {
        "operator": {
            "name": operator.name,
            "address": operator.address,
            "processor_name": operator.processor_name,
            "processor_address": operator.processor_address,
        },
        "on": on,
        "terms": {key.replace(".", "_"): str(one.value) for key, one in held.items()},
    }
    return pdf("personal-data-regulation.pdf", "people/data_policy.typ", data)
