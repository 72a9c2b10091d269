"""Accepting a consent: pupil → who signs → documents → print → signed (SRV-010, SRV-014).

Nothing is kept before it is signed: what is typed travels with the page until the last step.
"""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.db.door import school_transaction
from foundation.files.serving import pdf_response
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from portal.office.consents.forms import (
    BIRTH,
    PASSPORT,
    AuthorityForm,
    PapersForm,
    SignedForm,
    details_of,
)
from portal.office.consents.frame import page, tabs, today_of, url
from services.people.operations.consents import (
    ConsentDocument,
    ConsentKind,
    Parties,
    SignerDetails,
    accept_consent,
    check_may_give,
)
from services.people.queries.consent_papers import (
    blank_document,
    compose_consent,
    new_salt,
    render_sheet,
)
from services.people.queries.signers import (
    find_employees_to_sign,
    find_pupils_to_sign,
    get_employee_to_sign,
    list_signers,
)
from services.regulation import access as rights
from services.regulation.queries import get_setting
from tenants.accounts.gate import Request

SALT = re.compile(r"[0-9a-f]{32}")
STEPS = ("fill", "check", "print", "accept")


@never_cache
@require_GET
def pupils(request: Request, school: str) -> HttpResponse:
    """Find the pupil; a class teacher sees the class at once."""
    actor, on = request.actor, today_of(request.actor)
    words = request.GET.get("q", "").strip()[:100]
    is_staff = request.GET.get("who") == "staff"
    with school_transaction(actor, actor.school.id):
        shown_tabs = tabs(actor, "consent-pupils", on)
        if is_staff:
            found: list[Any] = [
                (one, url("consent-new-staff", actor, employee_id=one.id))
                for one in find_employees_to_sign(actor=actor, words=words, on=on)
            ]
        else:
            found = [
                (one, url("consent-signers", actor, pupil_id=one.id))
                for one in find_pupils_to_sign(actor=actor, words=words, on=on)
            ]
    context = {
        "tabs": shown_tabs,
        "words": words,
        "found": found,
        "is_staff": is_staff,
        "blanks": [
            (kind.label, url("consent-blank", actor, kind=kind.value)) for kind in ConsentKind
        ],
    }
    return page(request, "pupils.html", context)


@never_cache
@require_GET
def signers(request: Request, school: str, pupil_id: int) -> HttpResponse:
    """Show who may sign for the pupil, and who has signed."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        shown = list_signers(actor=actor, pupil_id=pupil_id, on=on)
        shown_tabs = tabs(actor, "consent-pupils", on)
        may_answer = rights.may(actor=actor, right=Right.SUBJECTS_ANSWER, on=on)
    cards = [
        {
            "signer": one,
            "url": _new_url(request, pupil_id, one.guardian_id, one.kind),
            "live_url": url("consent", actor, consent_id=one.live.id) if one.live else "",
        }
        for one in shown.signers
    ]
    context = {
        "tabs": shown_tabs,
        "pupil": shown,
        "cards": cards,
        "askers": {one.guardian_id: one.name for one in shown.signers if one.guardian_id},
        "ask_url": url("data-request-new", actor) if may_answer else "",
        "back_url": url("consent-pupils", actor),
    }
    return page(request, "signers.html", context)


def _new_url(request: Request, pupil_id: int, guardian_id: int | None, kind: ConsentKind) -> str:
    address = url("consent-new", request.actor, pupil_id=pupil_id, guardian_id=guardian_id or 0)
    return f"{address}?kind={kind.value}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Who signs what, and what the cards know already."""

    parties: Parties
    title: str
    subject_name: str
    subject_address: str
    representative_name: str
    representative_address: str
    is_young: bool
    back_url: str

    @property
    def has_representative(self) -> bool:
        """Return whether a parent signs or agrees."""
        return self.parties.guardian_id is not None


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: Request, school: str, pupil_id: int, guardian_id: int) -> HttpResponse:
    """Take a consent of a parent, or of a pupil."""
    return _take(request, _sheet_of_pupil(request, pupil_id, guardian_id))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_staff(request: Request, school: str, employee_id: int) -> HttpResponse:
    """Take a consent of an employee."""
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        one = get_employee_to_sign(actor=actor, employee_id=employee_id, on=on)
    sheet = Sheet(
        parties=Parties(ConsentKind.EMPLOYEE, employee_id=employee_id),
        title=one.name,
        subject_name=one.name,
        subject_address=one.address,
        representative_name="",
        representative_address="",
        is_young=False,
        back_url=f"{url('consent-pupils', actor)}?who=staff",
    )
    return _take(request, sheet)


def _sheet_of_pupil(request: Request, pupil_id: int, guardian_id: int) -> Sheet:
    actor, on = request.actor, today_of(request.actor)
    wanted = request.POST.get("kind") or request.GET.get("kind", "")
    with school_transaction(actor, actor.school.id):
        pupil = list_signers(actor=actor, pupil_id=pupil_id, on=on)
    for one in pupil.signers:
        if one.guardian_id == (guardian_id or None) and wanted in ("", one.kind.value):
            return Sheet(
                parties=Parties(one.kind, pupil_id, one.guardian_id),
                title=one.name,
                subject_name=pupil.name,
                subject_address=pupil.address,
                representative_name=one.name if one.guardian_id else "",
                representative_address=one.address,
                is_young=pupil.age is not None and pupil.age < 14,
                back_url=url("consent-signers", actor, pupil_id=pupil_id),
            )
    raise NotFound


class Filled:
    """The forms of one sheet, bound to what came."""

    def __init__(self, request: Request, sheet: Sheet) -> None:
        data = request.POST if request.method == "POST" else None
        today = today_of(request.actor)
        self.sheet = sheet
        self.representative = (
            PapersForm(
                data,
                prefix="representative",
                today=today,
                initial={"document": PASSPORT, "address": sheet.representative_address},
            )
            if sheet.has_representative
            else None
        )
        self.subject = PapersForm(
            data,
            prefix="subject",
            today=today,
            address_is_shared=sheet.has_representative,
            initial={
                "document": BIRTH if sheet.is_young else PASSPORT,
                "address": sheet.subject_address,
            },
        )
        self.authority = AuthorityForm(data) if sheet.has_representative else None

    @property
    def forms(self) -> list[Any]:
        """Return the forms in the order they are filled."""
        return [one for one in (self.representative, self.subject, self.authority) if one]

    def are_valid(self) -> bool:
        """Return whether everything the law asks for is there."""
        found = [one.is_valid() for one in self.forms]  # every form says what it lacks
        return all(found)

    def details(self) -> SignerDetails:
        """Return what the person showed."""
        return details_of(
            kind=self.sheet.parties.kind.value,
            subject=self.subject,
            representative=self.representative,
            authority=self.authority.cleaned_data["authority"] if self.authority else "",
        )


def _take(request: Request, sheet: Sheet) -> HttpResponse:
    step = request.POST.get("step", "") if request.method == "POST" else ""
    filled = Filled(request, sheet)
    if step not in STEPS:
        return _show_form(request, filled)
    if not filled.are_valid():
        return _show_form(request, filled, status=400)
    if step == "fill":
        return _show_form(request, filled)
    salt = request.POST.get("salt", "")
    salt = salt if SALT.fullmatch(salt) else new_salt()
    try:
        document = _compose(request, filled, salt)
        if step == "print":
            return _print(document)
        if step == "accept":
            return _accept(request, filled, document)
    except DomainError as refusal:
        if isinstance(refusal, NotFound):
            raise
        return _show_form(request, filled, status=409, error=refusal.message)
    return _show_check(request, filled, document)


def _compose(request: Request, filled: Filled, salt: str) -> ConsentDocument:
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        check_may_give(parties=filled.sheet.parties, on=on)
        return compose_consent(
            actor=actor, parties=filled.sheet.parties, details=filled.details(), salt=salt, on=on
        )


def _print(document: ConsentDocument) -> HttpResponse:
    return pdf_response("consent.pdf", render_sheet(document=document))


def _accept(request: Request, filled: Filled, document: ConsentDocument) -> HttpResponse:
    actor, on = request.actor, today_of(request.actor)
    signed = SignedForm(request.POST, manners=_manners(request))
    if not signed.is_valid():
        return _show_check(request, filled, document, signed=signed, status=400)
    parties = filled.sheet.parties
    with school_transaction(actor, actor.school.id):
        card = accept_consent(
            actor=actor,
            kind=parties.kind,
            pupil_id=parties.pupil_id,
            guardian_id=parties.guardian_id,
            employee_id=parties.employee_id,
            details=filled.details(),
            identified_by=signed.cleaned_data["identified_by"],
            accepted_on=on,
            now=clock.now(),
            salt=document.salt,
            shown_digest=request.POST.get("digest", ""),
            request_key=_key(request),
        )
    messages.success(request, f"Согласие зарегистрировано: № {card.number}.")
    return HttpResponseRedirect(url("consent", actor, consent_id=card.id))


def _key(request: Request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _manners(request: Request) -> list[str]:
    actor, on = request.actor, today_of(request.actor)
    with school_transaction(actor, actor.school.id):
        return list(get_setting(key="consent.identification", on=on).value)


def _show_form(
    request: Request, filled: Filled, *, status: int = 200, error: str = ""
) -> HttpResponse:
    context = {"sheet": filled.sheet, "filled": filled, "error": error}
    return page(request, "fill.html", {**context, "kind": filled.sheet.parties.kind}, status)


def _show_check(
    request: Request,
    filled: Filled,
    document: ConsentDocument,
    *,
    signed: SignedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "sheet": filled.sheet,
        "filled": filled,
        "kind": filled.sheet.parties.kind,
        "document": document,
        "digest": document.digest,
        "key": request.POST.get("key") or str(uuid.uuid4()),
        "signed": signed or SignedForm(manners=_manners(request)),
    }
    return page(request, "check.html", context, status)


@never_cache
@require_GET
def blank(request: Request, school: str, kind: str) -> HttpResponse:
    """Answer with an empty form of a kind, to be filled by hand (SRV-035)."""
    actor, on = request.actor, today_of(request.actor)
    if kind not in list(ConsentKind):
        raise NotFound
    with school_transaction(actor, actor.school.id):
        find_pupils_to_sign(actor=actor, words="", on=on)
        document = blank_document(actor=actor, kind=ConsentKind(kind), on=on)
    return pdf_response(f"consent-{kind}-blank.pdf", render_sheet(document=document))
