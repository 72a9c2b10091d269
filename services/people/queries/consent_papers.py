"""What is signed and what was signed: the text that holds, the document, the sealed snapshot."""

import secrets
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from foundation.documents.rendering import render_pdf
from foundation.sealing import unseal
from kernel.actor import Actor
from kernel.errors import NotFound
from services.people.consents.document import (
    ConsentDocument,
    SignerDetails,
    choose_text,
    compose,
    fill_blank,
    read_document,
    read_places,
    show_places,
)
from services.people.consents.texts import HEADINGS, ConsentKind, get_edition
from services.people.models import CONSENT_SEAL, Consent, Employee, Guardian, Pupil
from services.people.queries.consents import RegisterRow, get_operator, get_person_name
from services.regulation.queries import get_setting


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """What was signed, with its place in the register; the snapshot is whole or it is not given."""

    document: ConsentDocument
    number: str
    accepted_on: date
    accepter: str
    identified_title: str
    digest: str
    is_intact: bool


def get_signed_document(*, row: RegisterRow) -> SignedDocument:
    """Return what was signed under a line somebody may see; raise `NotFound` when it is erased."""
    consent = Consent.objects.get(pk=row.card.id)
    if consent.snapshot is None:
        raise NotFound
    document = read_document(unseal(bytes(consent.snapshot), purpose=CONSENT_SEAL))
    return SignedDocument(
        document=document,
        number=consent.number,
        accepted_on=consent.accepted_on,
        accepter=consent.accepter_name,
        identified_title=consent.get_identified_by_display(),
        digest=consent.digest,
        is_intact=document.digest == consent.digest,
    )


def new_salt() -> str:
    """Return what makes the digest of a sheet impossible to guess; one for each sheet printed."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class TextSection:
    """A section of the text as the school may word it."""

    code: str
    heading: str
    text: str
    shipped: str

    @property
    def is_own(self) -> bool:
        """Return whether the school worded it itself."""
        return self.text != self.shipped


@dataclass(frozen=True, slots=True)
class TextCard:
    """The text of a kind that holds on a day, and its edition."""

    kind: ConsentKind
    title: str
    edition: str
    sections: tuple[TextSection, ...]


def get_consent_text(*, kind: ConsentKind, on: date) -> TextCard:
    """Return the text that holds on a day with the school's own sections."""
    edition = get_edition(on)
    setting = get_setting(key=f"consent.text.{kind.value}", on=on)
    own = dict(setting.value or {})
    text = choose_text(edition=edition, kind=kind, own_sections=own)
    shipped = edition.texts[kind].sections
    label = f"{edition.since_on:%d.%m.%Y}"
    if own:
        label = f"{label}, текст школы от {setting.since_on:%d.%m.%Y}"
    return TextCard(
        kind=kind,
        title=text.title,
        edition=label,
        sections=tuple(
            TextSection(code.value, HEADINGS[code], show_places(words), show_places(shipped[code]))
            for code, words in text.sections.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose consent it is: the pupil, with the guardian who signs or agrees, or the employee."""

    kind: ConsentKind
    pupil_id: int | None = None
    guardian_id: int | None = None
    employee_id: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """Return the columns of the register that say so."""
        return {**asdict(self), "kind": self.kind.value}


def compose_consent(
    *, actor: Actor, parties: Parties, details: SignerDetails, salt: str, on: date
) -> ConsentDocument:
    """Return the document to sign, names from the cards; raise `NotFound`, `ConsentIsIncomplete`.

    The same words, the same salt: the same digest.
    """
    subject: Pupil | Employee | None
    if parties.kind is ConsentKind.EMPLOYEE:
        subject = Employee.objects.filter(pk=parties.employee_id or 0).first()
    else:
        subject = Pupil.objects.filter(pk=parties.pupil_id or 0).first()
    guardian = Guardian.objects.filter(pk=parties.guardian_id or 0).first()
    if subject is None or (parties.guardian_id and guardian is None):
        raise NotFound
    edition = get_edition(on)
    card = get_consent_text(kind=parties.kind, on=on)
    own = {one.code: read_places(one.text) for one in card.sections}
    return compose(
        kind=parties.kind,
        text=choose_text(edition=edition, kind=parties.kind, own_sections=own),
        edition=card.edition,
        salt=salt,
        operator=get_operator(actor=actor, on=on),
        destroy_days=int(get_setting(key="consent.destroy_days", on=on).value),
        subject_name=get_person_name(subject),
        representative_name=get_person_name(guardian),
        details=details,
    )


def blank_document(*, actor: Actor, kind: ConsentKind, on: date) -> ConsentDocument:
    """Return the document of a kind with lines to fill by hand; raise `ConsentIsIncomplete`."""
    card = get_consent_text(kind=kind, on=on)
    own = {one.code: read_places(one.text) for one in card.sections}
    return fill_blank(
        kind=kind,
        text=choose_text(edition=get_edition(on), kind=kind, own_sections=own),
        edition=card.edition,
        operator=get_operator(actor=actor, on=on),
        destroy_days=int(get_setting(key="consent.destroy_days", on=on).value),
    )


def render_sheet(*, document: ConsentDocument) -> bytes:
    """Return the PDF to sign: no number yet; a blank has no digest."""
    digest = document.digest if document.salt else ""
    return _render(document, digest=digest)


def render_signed(*, signed: SignedDocument) -> bytes:
    """Return the PDF of a registered consent; raise `NotFound` when the snapshot was tampered with.

    What somebody changed in the database is never shown as signed.
    """
    if not signed.is_intact:
        raise NotFound
    return _render(
        signed.document,
        number=signed.number,
        on=signed.accepted_on.isoformat(),
        accepter=signed.accepter,
        identified=signed.identified_title,
        digest=signed.digest,
    )


def _render(document: ConsentDocument, **more: str) -> bytes:
    empty = dict.fromkeys(("number", "on", "accepter", "identified"), "")
    return render_pdf(template="people/consent.typ", data={**asdict(document), **empty, **more})
