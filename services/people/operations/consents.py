"""Accepting a consent, withdrawing it, keeping its scan (SRV-010, SRV-014, SRV-015, AUD-005).

A consent is registered on the day it is signed, with a number from an unbroken register. What was
signed is kept word for word, sealed. Every step may be repeated.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from foundation.files.operations import store_file
from foundation.outbox.operations import record
from foundation.registers.operations import take_number
from foundation.sealing import seal
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import DomainError, NotFound
from kernel.roles import Role
from services.people import access
from services.people.consents.document import (
    SALT,
    ConsentDocument,
    ConsentIsIncomplete,
    ConsentTextIsUnfit,
    Papers,
    SignerDetails,
    check_sections,
    read_places,
)
from services.people.consents.texts import ConsentKind
from services.people.events import ConsentAccepted, ConsentWithdrawn
from services.people.models import CONSENT_SEAL, Consent, Employee, GuardianLink, Pupil
from services.people.queries.consent_papers import Parties, compose_consent, new_salt
from services.people.queries.consents import ConsentCard, to_consent_card
from services.people.queries.days import on_day
from services.people.queries.signers import age_on, get_own_parties
from services.regulation.operations import change_setting
from services.regulation.queries import get_setting

__all__ = [
    "ConsentCannotBeGiven",
    "ConsentDocument",
    "ConsentIsAlreadyThere",
    "ConsentIsIncomplete",
    "ConsentKind",
    "ConsentTextChanged",
    "ConsentTextIsUnfit",
    "IdentificationIsNotAccepted",
    "Papers",
    "Parties",
    "RegisteredLate",
    "ScanIsThere",
    "SignedSheet",
    "SignerDetails",
    "accept_consent",
    "attach_scan",
    "change_consent_text",
    "change_operator",
    "sign_own_consent",
    "withdraw_consent",
]

REGISTER = "consents"
WITHDRAWALS = "consent-withdrawals"
BY_OWN_ACCOUNT = "подписано в личном кабинете"
OPERATOR_KEYS = ("operator.name", "operator.address", "processor.name", "processor.address")


class ConsentIsAlreadyThere(DomainError):
    """The same person has a live consent."""

    code = "consent-is-already-there"
    message = "Такое согласие уже принято и действует."


class ConsentCannotBeGiven(DomainError):
    """This person cannot sign this kind of consent: age, or no link to the child."""

    code = "consent-cannot-be-given"
    message = "Этот человек не может подписать такое согласие."


class IdentificationIsNotAccepted(DomainError):
    """The school does not accept consents from persons identified so."""

    code = "identification-is-not-accepted"
    message = "Школа принимает согласие только лично, с документом, удостоверяющим личность."


class RegisteredLate(DomainError):
    """A consent is registered on the day it is submitted (SRV-015)."""

    code = "consent-is-registered-on-its-day"
    message = "Согласие регистрируют в день подачи. Укажите сегодняшнее число."


class ConsentTextChanged(DomainError):
    """What was printed is not what would be registered now."""

    code = "consent-text-changed"
    message = "Пока вы печатали, текст согласия изменился. Напечатайте его заново."


class ScanIsThere(DomainError):
    """A consent has one scan."""

    code = "scan-is-there"
    message = "Скан этого согласия уже приложен."


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """What was signed: the documents shown, who the signer proved to be, the sheet as it was shown.

    `salt` is of the sheet (`queries.consent_papers.new_salt`), `shown_digest` its digest; the same
    `request_key` again registers nothing new.
    """

    details: SignerDetails
    identified_by: str
    salt: str = ""
    shown_digest: str = ""
    request_key: UUID | None = None


def accept_consent(
    *,
    actor: Actor,
    details: SignerDetails,
    identified_by: str,
    accepted_on: date,
    now: datetime,
    pupil_id: int | None = None,
    guardian_id: int | None = None,
    employee_id: int | None = None,
    kind: ConsentKind | None = None,
    salt: str = "",
    shown_digest: str = "",
    request_key: UUID | None = None,
) -> ConsentCard:
    """Register a signed consent and return it; the same `request_key` again returns the same.

    A guardian signs for the child (`kind` PARENT) unless `kind` is PUPIL: then the pupil signs and
    the guardian agrees in writing. Without a guardian the adult pupil signs, or the employee.
    `salt` is of the sheet that was printed (`queries.consents.new_salt`), `shown_digest` its
    digest: what is registered is what was shown.

    Raise `NotFound`, `ConsentIsAlreadyThere`, `ConsentCannotBeGiven`, `ConsentIsIncomplete`,
    `IdentificationIsNotAccepted`, `RegisteredLate`, `ConsentTextChanged`. Holds the lock of the
    pupil's (employee's) card until the transaction ends: two clerks make one row.
    """
    today = local_day(now, actor.school.timezone)
    access.check_may_accept_consent(actor=actor, pupil_id=pupil_id, on=today)
    _check_day(accepted_on, today)
    kind = kind or _choose_kind(guardian_id, employee_id)
    return _register(
        actor=actor,
        parties=Parties(kind, pupil_id, guardian_id, employee_id),
        sheet=SignedSheet(details, identified_by, salt, shown_digest, request_key),
        accepter=_name_of(actor),
        accepted_on=accepted_on,
        now=now,
    )


def sign_own_consent(
    *, actor: Actor, pupil_id: int, sheet: SignedSheet, now: datetime
) -> ConsentCard:
    """Register what the parent, or the pupil of age, signed by the own account, and return it.

    Only how the school's setting allows: by an account the school confirmed, or through ЕСИА
    (SRV-010 says in person). Whoever asks has just confirmed the sign-in. Raise `NotFound` for
    somebody else's child, and as `accept_consent` does.
    """
    today = local_day(now, actor.school.timezone)
    parties = get_own_parties(actor=actor, pupil_id=pupil_id, on=today)
    if sheet.identified_by == Consent.IdentifiedBy.IN_PERSON:
        raise IdentificationIsNotAccepted
    return _register(
        actor=actor,
        parties=parties,
        sheet=sheet,
        accepter=BY_OWN_ACCOUNT,
        accepted_on=today,
        now=now,
    )


def _register(
    *,
    actor: Actor,
    parties: Parties,
    sheet: SignedSheet,
    accepter: str,
    accepted_on: date,
    now: datetime,
) -> ConsentCard:
    today = local_day(now, actor.school.timezone)
    _lock_card(parties.pupil_id, parties.employee_id)
    key = sheet.request_key
    repeated = Consent.objects.filter(request_key=key, **parties.columns).first() if key else None
    if repeated is not None:
        return to_consent_card(repeated)
    _check_identification(sheet.identified_by, today)
    check_may_give(parties=parties, on=today)
    document = compose_consent(
        actor=actor,
        parties=parties,
        details=sheet.details,
        salt=sheet.salt if SALT.fullmatch(sheet.salt) else new_salt(),
        on=today,
    )
    if sheet.shown_digest and sheet.shown_digest != document.digest:
        raise ConsentTextChanged
    _check_is_first(parties)
    consent = Consent.objects.create(
        number=str(take_number(register=REGISTER, year=today.year)),
        **parties.columns,
        accepted_on=accepted_on,
        accepted_at=now,
        accepted_by=actor.account_id,
        accepter_name=accepter,
        identified_by=sheet.identified_by,
        edition=document.edition,
        digest=document.digest,
        snapshot=seal(document.as_json(), purpose=CONSENT_SEAL),
        request_key=key,
    )
    if consent.pupil_id is not None:
        record(ConsentAccepted(consent.pk, consent.pupil_id, _guardian_of(consent)))
    return to_consent_card(consent)


def withdraw_consent(*, actor: Actor, consent_id: int, manner: str, now: datetime) -> ConsentCard:
    """Withdraw a consent and start the clock of destruction; one already withdrawn stays as it is.

    In person the office writes it down (`desk`); by the account (`account`) only the one who
    signed, or for the consent of a pupil his guardian as well. Raise `NotFound`.
    """
    today = local_day(now, actor.school.timezone)
    consent = Consent.objects.select_for_update(of=("self",)).filter(pk=consent_id).first()
    if consent is None:
        raise NotFound
    if manner == Consent.Manner.ACCOUNT:
        _check_is_own(actor, consent)
    else:
        access.check_may_accept_consent(actor=actor, pupil_id=consent.pupil_id, on=today)
    if not consent.is_live:
        return to_consent_card(consent)
    days = int(get_setting(key="consent.destroy_days", on=today).value)
    consent.withdrawn_at = now
    consent.withdrawn_manner = Consent.Manner(manner)
    consent.withdrawn_by = actor.account_id
    consent.withdrawal_number = str(take_number(register=WITHDRAWALS, year=today.year))
    # Thirty days at most: a day off at the end does not make them thirty-one.
    consent.destroy_due_on = today + timedelta(days=days)
    consent.save(
        update_fields=[
            "withdrawn_at",
            "withdrawn_manner",
            "withdrawn_by",
            "withdrawal_number",
            "destroy_due_on",
        ]
    )
    if consent.pupil_id is not None:
        record(ConsentWithdrawn(consent.pk, consent.pupil_id, _guardian_of(consent)))
    return to_consent_card(consent)


def attach_scan(*, actor: Actor, consent_id: int, name: str, content: bytes, now: datetime) -> None:
    """Keep the scan of a signed consent, once. Raise `NotFound`, `ScanIsThere`,
    `FileIsNotAccepted`.
    """
    today = local_day(now, actor.school.timezone)
    consent = Consent.objects.select_for_update(of=("self",)).filter(pk=consent_id).first()
    if consent is None:
        raise NotFound
    access.check_may_accept_consent(actor=actor, pupil_id=consent.pupil_id, on=today)
    if not get_setting(key="consent.keep_scan", on=today).value or consent.erasure_id is not None:
        raise NotFound
    if consent.scan_id is not None:
        raise ScanIsThere
    consent.scan_id = store_file(
        actor_account_id=actor.account_id, name=name, content=content, kind="consent"
    )
    consent.save(update_fields=["scan_id"])


def change_consent_text(
    *, actor: Actor, kind: ConsentKind, own_sections: dict[str, str], since_on: date
) -> None:
    """Let the school's own wording of some sections hold from a day on.

    Consents signed before keep their text. Raise `NotFound`, `ConsentTextIsUnfit`.
    """
    access.check_may_word_consents(actor)
    own_sections = {
        code: read_places(" ".join(text.split())) for code, text in own_sections.items()
    }
    check_sections(kind=kind, own_sections=own_sections)
    change_setting(
        actor=actor,
        key=f"consent.text.{kind.value}",
        value=own_sections,
        clause="Локальный акт школы",
        since_on=since_on,
    )


def change_operator(*, actor: Actor, values: dict[str, str], since_on: date) -> None:
    """Write down how the school is called as the operator, and who processes for it."""
    access.check_may_word_consents(actor)
    for key in OPERATOR_KEYS:
        if key in values:
            change_setting(
                actor=actor,
                key=key,
                value=values[key].strip(),
                clause="152-ФЗ ст. 9 ч. 4",
                since_on=since_on,
            )


def check_may_give(*, parties: Parties, on: date) -> None:
    """Raise `ConsentCannotBeGiven` for a stranger's child and for the wrong age, `NotFound`."""
    if parties.kind is ConsentKind.EMPLOYEE:
        if not Employee.objects.filter(pk=parties.employee_id or 0, left_on=None).exists():
            raise ConsentCannotBeGiven("Этот человек сейчас не работает в школе.")
        return
    pupil = Pupil.objects.filter(pk=parties.pupil_id or 0).first()
    if pupil is None:
        raise NotFound
    if parties.kind is not ConsentKind.ADULT_PUPIL:
        links = on_day(
            GuardianLink.objects.filter(pupil=pupil, guardian_id=parties.guardian_id or 0), on
        )
        if not links.exists():
            raise ConsentCannotBeGiven("Этот человек не значится представителем ребёнка в школе.")
        if not links.filter(state=GuardianLink.State.CONFIRMED).exists():
            raise ConsentCannotBeGiven(
                "Школа ещё не подтвердила, что этот человек — представитель ребёнка."
            )
    _check_age(parties.kind, pupil.birth_date, on)


def _check_age(kind: ConsentKind, birth_date: date | None, on: date) -> None:
    adult = int(get_setting(key="consent.adult_age", on=on).value)
    young = int(get_setting(key="consent.pupil_age", on=on).value)
    age = age_on(birth_date, on)
    if kind is ConsentKind.PARENT and age is not None and age >= adult:
        raise ConsentCannotBeGiven("Обучающийся совершеннолетний: согласие подписывает он сам.")
    if kind is ConsentKind.ADULT_PUPIL and (age is None or age < adult):
        raise ConsentCannotBeGiven(
            f"Обучающемуся нет {adult} лет: согласие подписывает родитель (законный представитель)."
        )
    if kind is ConsentKind.PUPIL and (age is None or not young <= age < adult):
        raise ConsentCannotBeGiven(
            f"Своё согласие обучающийся подписывает с {young} лет и до совершеннолетия."
        )


def _choose_kind(guardian_id: int | None, employee_id: int | None) -> ConsentKind:
    if employee_id is not None:
        return ConsentKind.EMPLOYEE
    return ConsentKind.PARENT if guardian_id is not None else ConsentKind.ADULT_PUPIL


def _lock_card(pupil_id: int | None, employee_id: int | None) -> None:
    if pupil_id is not None:
        Pupil.objects.select_for_update(of=("self",), no_key=True).filter(pk=pupil_id).first()
    else:
        Employee.objects.select_for_update(of=("self",), no_key=True).filter(
            pk=employee_id or 0
        ).first()


def _check_day(accepted_on: date, today: date) -> None:
    days = int(get_setting(key="consent.registered_within_days", on=today).value)
    if not today - timedelta(days=days) <= accepted_on <= today:
        raise RegisteredLate


def _check_identification(identified_by: str, today: date) -> None:
    accepted = get_setting(key="consent.identification", on=today).value
    if identified_by not in accepted or identified_by not in Consent.IdentifiedBy.values:
        raise IdentificationIsNotAccepted


def _check_is_first(parties: Parties) -> None:
    live = Consent.objects.live().filter(**parties.columns)
    there = live.first()
    if there is not None:
        raise ConsentIsAlreadyThere(
            f"Это согласие уже принято: № {there.number} от {there.accepted_on:%d.%m.%Y}, "
            f"принял(а) {there.accepter_name}.",
            consent_id=there.pk,
        )


def _check_is_own(actor: Actor, consent: Consent) -> None:
    """Raise `NotFound` unless the actor signed it, or stands for the pupil who did."""
    guardian_id, pupil_id = actor.person(Role.GUARDIAN), actor.person(Role.PUPIL)
    is_guardian = guardian_id is not None and consent.guardian_id == guardian_id
    signs_himself = consent.kind in (Consent.Kind.PUPIL, Consent.Kind.ADULT_PUPIL)
    is_pupil = signs_himself and pupil_id is not None and consent.pupil_id == pupil_id
    if not (is_guardian or is_pupil):
        raise NotFound


def _guardian_of(consent: Consent) -> int | None:
    """Return whose access the consent carries: a parent's own, or nobody's but the pupil's."""
    return consent.guardian_id if consent.kind == Consent.Kind.PARENT else None


def _name_of(actor: Actor) -> str:
    return actor.name or "Система"
