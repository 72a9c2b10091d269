"""Signing a consent by one's own account, where the school allows it (SRV-010 says in person).

Documents → the text, read whole → the signature. Nothing is kept before it is signed; the person
has just confirmed who they are, what is registered is what was shown.
"""

import re
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from portal.guardian.frame import family_page
from portal.office.consents.forms import BIRTH, PASSPORT, AuthorityForm, PapersForm, details_of
from services.people.operations.consents import (
    ConsentDocument,
    SignedSheet,
    SignerDetails,
    check_may_give,
    sign_own_consent,
)
from services.people.queries.consent_papers import compose_consent, new_salt
from services.people.queries.signers import (
    OwnSheet,
    get_own_parties,
    get_own_sheet,
    is_accepted_from_esia,
    is_signed,
    list_own_manners,
)
from tenants.accounts.confirmation import came_through_esia, require_fresh_confirmation
from tenants.accounts.gate import Request

SALT = re.compile(r"[0-9a-f]{32}")


class SignForm(forms.Form):
    """The person's own word; nothing is ticked beforehand."""

    is_signed = forms.BooleanField(
        label="Прочитал(а) текст целиком и подписываю его",
        error_messages={"required": "Отметьте, что прочитали текст и подписываете его."},
    )


class Papers:
    """The forms of documents, bound to what came."""

    def __init__(self, request: Request, sheet: OwnSheet) -> None:
        data = request.POST if request.method == "POST" else None
        today = clock.today(request.actor.school.timezone)
        has_child = sheet.parties.guardian_id is not None
        own = PapersForm(
            data,
            prefix="representative" if has_child else "subject",
            today=today,
            initial={"document": PASSPORT, "address": sheet.signer_address},
        )
        self.kind = sheet.parties.kind.value
        self.own = own
        self.child = (
            PapersForm(
                data,
                prefix="subject",
                today=today,
                address_is_shared=True,
                initial={
                    "document": BIRTH if sheet.is_young else PASSPORT,
                    "address": sheet.subject_address,
                },
            )
            if has_child
            else None
        )
        self.authority = AuthorityForm(data) if has_child else None

    @property
    def forms(self) -> list[Any]:
        """Return the forms in the order they are filled."""
        return [one for one in (self.own, self.child, self.authority) if one]

    def are_valid(self) -> bool:
        """Return whether everything the law asks for is there."""
        return all([one.is_valid() for one in self.forms])  # noqa: C419 each says what it lacks

    def details(self) -> SignerDetails:
        """Return what was typed."""
        return details_of(
            kind=self.kind,
            subject=self.child or self.own,
            representative=self.own if self.child else None,
            authority=self.authority.cleaned_data["authority"] if self.authority else "",
        )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign(request: Request, school: str, pupil_id: int) -> HttpResponseBase:
    """Say that the school accepts signatures in person only, or take one."""
    actor = request.actor
    on = clock.today(actor.school.timezone)
    through_esia = came_through_esia(request)
    with school_transaction(actor, actor.school.id):
        parties = get_own_parties(actor=actor, pupil_id=pupil_id, on=on)
        if is_signed(parties=parties):
            messages.info(request, "Это согласие уже подписано.")
            return HttpResponseRedirect(_back(actor))
        sheet = get_own_sheet(actor=actor, pupil_id=pupil_id, on=on)
        manners = list_own_manners(is_through_esia=through_esia, on=on)
        esia_would_do = is_accepted_from_esia(on=on)
    if not manners:
        context = {"sheet": sheet, "esia_would_do": esia_would_do, "back_url": _back(actor)}
        status = 409 if request.method == "POST" else 200
        return family_page(request, "sign_closed.html", context, status)
    return _sign(request, sheet, manners[0])


@require_fresh_confirmation
def _sign(request: Request, sheet: OwnSheet, manner: str) -> HttpResponse:
    papers = Papers(request, sheet)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step not in ("check", "sign"):
        return _show_papers(request, sheet, papers)
    if not papers.are_valid():
        return _show_papers(request, sheet, papers, 400)
    form = SignForm(request.POST if step == "sign" else None)
    salt = request.POST.get("salt", "")
    try:
        document = _compose(request, sheet, papers, salt if SALT.fullmatch(salt) else new_salt())
        if step == "sign" and form.is_valid():
            return _register(request, sheet, papers, manner)
    except NotFound:
        raise
    except DomainError as refusal:
        return _show_papers(request, sheet, papers, 409, refusal.message)
    return _show_text(request, sheet, papers, document, form)


def _compose(request: Request, sheet: OwnSheet, papers: Papers, salt: str) -> ConsentDocument:
    actor = request.actor
    on = clock.today(actor.school.timezone)
    with school_transaction(actor, actor.school.id):
        check_may_give(parties=sheet.parties, on=on)
        return compose_consent(
            actor=actor, parties=sheet.parties, details=papers.details(), salt=salt, on=on
        )


def _register(request: Request, sheet: OwnSheet, papers: Papers, manner: str) -> HttpResponse:
    actor, typed = request.actor, request.POST
    assert sheet.parties.pupil_id is not None
    signed = SignedSheet(
        details=papers.details(),
        identified_by=manner,
        salt=typed.get("salt", ""),
        shown_digest=typed.get("digest", "") or "nothing was shown",
        request_key=_key(request),
    )
    with school_transaction(actor, actor.school.id):
        card = sign_own_consent(
            actor=actor, pupil_id=sheet.parties.pupil_id, sheet=signed, now=clock.now()
        )
    words = f"Согласие подписано и зарегистрировано: № {card.number}."
    messages.success(request, words)
    return HttpResponseRedirect(_back(actor))


def _show_papers(
    request: Request, sheet: OwnSheet, papers: Papers, status: int = 200, error: str = ""
) -> HttpResponse:
    context = {"sheet": sheet, "papers": papers, "error": error, "back_url": _back(request.actor)}
    return family_page(request, "sign_papers.html", context, status)


def _show_text(
    request: Request,
    sheet: OwnSheet,
    papers: Papers,
    document: ConsentDocument,
    form: SignForm,
) -> HttpResponse:
    context = {
        "sheet": sheet,
        "papers": papers,
        "document": document,
        "digest": document.digest,
        "key": request.POST.get("key") or str(uuid.uuid4()),
        "form": form,
    }
    return family_page(request, "sign_text.html", context, 400 if form.errors else 200)


def _key(request: Request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _back(actor: Actor) -> str:
    return reverse("guardian:consents", kwargs={"school": actor.school.slug})
