"""What the desk does with a case before the term runs: recognise, ask, refuse, take the consent.

The typed words prove nothing: the clerk matches them with the school's cards, and a guardian's link
to the child is added or confirmed by who may (SRV-003, SRV-010, SRV-011, SRV-014).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.rights import Right
from services.cases import access, rules
from services.cases.models import Application
from services.cases.operations.stepping import Step, day_at, take_step
from services.cases.rules import Action, ApplicantKind, Party, Standing, State
from services.people import queries as people
from services.people.operations.consents import ConsentKind, SignerDetails, accept_consent
from services.people.operations.guardianship import (
    NewGuardian,
    add_guardian,
    confirm_link,
    link_guardian,
)
from services.people.queries.consents import ConsentCard, find_live_consent, list_consents
from services.people.queries.families import list_guardian_links
from services.regulation.queries import get_setting

DOCUMENTS = "service.documents"
SYSTEM = Standing(frozenset({Party.SYSTEM}))


class NobodyIsChosen(rules.NotRecognised):
    """The form of recognition came without a choice."""

    code = "nobody-is-chosen"
    message = "Выберите обучающегося и заявителя."


@dataclass(frozen=True, slots=True)
class Match:
    """Whom the clerk recognised. Without `guardian_id` a parent's card is made from the typed."""

    pupil_id: int
    guardian_id: int | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A consent signed at the desk, as `people.operations.consents.accept_consent` takes it."""

    details: SignerDetails
    identified_by: str
    guardian_id: int | None = None  # who agrees to the consent of a pupil of 14–17
    salt: str = ""
    shown_digest: str = ""
    request_key: UUID | None = None


def recognise(*, actor: Actor, case_id: int, match: Match, now: datetime) -> None:
    """Match a case with the cards of the pupil and of the parent who applies.

    Raise `NotFound` for a pupil out of reach, `PupilIsOther`, `NotPossibleNow`, `NotYours`.
    """
    today = day_at(actor, now)
    case, standing = access.get_case(actor=actor, case_id=case_id, on=today, lock=True)
    rules.check_party(rules.find_transition(State(case.state), Action.RECOGNISE), standing)
    _check_reach(actor, match.pupil_id, today)
    if case.kind == ApplicantKind.PARENT:
        guardian_id = _find_guardian(actor, case, match, now, today)
    else:
        _check_is_same(case, match.pupil_id, today)
        guardian_id = None
    case.pupil_id, case.guardian_id = match.pupil_id, guardian_id
    take_step(case, standing, Step(actor, Action.RECOGNISE, now))


def ask_documents(*, actor: Actor, case_id: int, kinds: Collection[str], now: datetime) -> None:
    """Ask the applicant for documents of the exhaustive list, never for another (SRV-010).

    Raise `DocumentIsNotListed`.
    """
    today = day_at(actor, now)
    case, standing = access.get_case(actor=actor, case_id=case_id, on=today, lock=True)
    titles = dict(get_setting(key=DOCUMENTS, on=today).value)
    rules.check_documents(kinds, titles.keys())
    note = "принесите: " + "; ".join(titles[kind] for kind in titles if kind in kinds)
    take_step(case, standing, Step(actor, Action.ASK_DOCUMENT, now, note=note))


def refuse_to_accept(
    *, actor: Actor, case_id: int, ground: str, note: str = "", now: datetime
) -> None:
    """Refuse to accept an application on a ground of SRV-011."""
    today = day_at(actor, now)
    case, standing = access.get_case(actor=actor, case_id=case_id, on=today, lock=True)
    take_step(case, standing, Step(actor, Action.REFUSE_TO_ACCEPT, now, ground, note))


def accept(*, actor: Actor, case_id: int, now: datetime, signed: Signed | None = None) -> None:
    """Accept a case with its consent: the term of the access runs from here (SRV-009, SRV-014).

    With `signed` the consent is registered in the same transaction; without it the one that is
    live already is taken. Raise `NotRecognised`, `ConsentIsNotLive`, `ServiceIsGiven`.
    """
    today = day_at(actor, now)
    case, standing = access.get_case(actor=actor, case_id=case_id, on=today, lock=True)
    rules.check_party(rules.find_transition(State(case.state), Action.ACCEPT), standing)
    _accept(case, standing, actor, now, signed)


def accept_by_consent(*, actor: Actor, consent_id: int, pupil_id: int, now: datetime) -> list[int]:
    """Accept the recognised cases that waited for a consent, and return their ids; repeatable.

    The consent was taken at its own desk, and the system carries its word on.
    """
    card = _find_consent(pupil_id, consent_id)
    if card is None or not card.is_live:
        return []
    waiting = Application.objects.in_states(State.REGISTERED).of_pair(
        pupil_id, card.guardian_id if card.kind == "parent" else None
    )
    accepted = []
    for case in waiting.select_for_update(of=("self",)).order_by("pk"):
        if _is_given(case):
            continue
        _accept(case, SYSTEM, actor, now, None)
        accepted.append(case.pk)
    return accepted


def _accept(
    case: Application, standing: Standing, actor: Actor, now: datetime, signed: Signed | None
) -> None:
    is_parents = case.kind == ApplicantKind.PARENT
    if case.pupil_id is None or (is_parents and case.guardian_id is None):
        raise rules.NotRecognised
    if _is_given(case):
        raise rules.ServiceIsGiven
    consent = find_live_consent(pupil_id=case.pupil_id, guardian_id=case.guardian_id, lock=True)
    if consent is None and signed is not None:
        consent = _take_consent(case, actor, now, signed)
    if consent is None:
        raise rules.ConsentIsNotLive
    assert case.registered_on is not None
    case.consent_id = consent.id
    # A consent given before the application starts no term by itself (SRV-003, SRV-009).
    case.accepted_on = max(consent.accepted_on, case.registered_on)
    take_step(case, standing, Step(actor, Action.ACCEPT, now, note=f"согласие № {consent.number}"))


def _take_consent(case: Application, actor: Actor, now: datetime, signed: Signed) -> ConsentCard:
    is_young = case.kind == ApplicantKind.PUPIL_WITH_CONSENT
    return accept_consent(
        actor=actor,
        pupil_id=case.pupil_id,
        guardian_id=signed.guardian_id if is_young else case.guardian_id,
        kind=ConsentKind.PUPIL if is_young else None,
        details=signed.details,
        identified_by=signed.identified_by,
        accepted_on=day_at(actor, now),
        now=now,
        salt=signed.salt,
        shown_digest=signed.shown_digest,
        request_key=signed.request_key,
    )


def _find_consent(pupil_id: int, consent_id: int) -> ConsentCard | None:
    found = [one for one in list_consents(pupil_ids=[pupil_id]) if one.id == consent_id]
    return found[0] if found else None


def _is_given(case: Application) -> bool:
    """Return whether the pair has a case that was accepted and is not over."""
    others = Application.objects.in_states(*rules.RUNNING, *rules.SERVED).exclude(pk=case.pk)
    return case.pupil_id is not None and others.of_pair(case.pupil_id, case.guardian_id).exists()


def _check_reach(actor: Actor, pupil_id: int, today: date) -> None:
    """Raise `NotFound` unless the pupil is one whose cases the actor may accept."""
    card = people.get_pupil_card(pupil_id=pupil_id, on=today)
    desk = access.get_desk(actor=actor, on=today)
    held = desk.everywhere | (desk.in_own_class if card.class_id in desk.class_ids else frozenset())
    if Right.CASES_ACCEPT not in held:
        raise NotFound


def _check_is_same(case: Application, pupil_id: int, today: date) -> None:
    """Raise `PupilIsOther` unless the card bears the typed name and birth date: age decides."""
    assert case.child_birth_date is not None
    found = people.find_pupils(name=child_of(case), birth_date=case.child_birth_date, on=today)
    if pupil_id not in {card.id for card in found}:
        raise rules.PupilIsOther


def _find_guardian(
    actor: Actor, case: Application, match: Match, now: datetime, today: date
) -> int:
    """Return the parent's card, linked to the pupil and confirmed; made when there is none."""
    guardian_id = match.guardian_id
    if guardian_id is None:
        guardian_id = add_guardian(
            actor=actor,
            guardian=NewGuardian(name=applicant_of(case), phone=case.phone, email=case.email),
        )
    links = list_guardian_links(pupil_id=match.pupil_id, on=today)
    link = next((one for one in links if one.guardian_id == guardian_id), None)
    if link is None:
        link_guardian(
            actor=actor,
            pupil_id=match.pupil_id,
            guardian_id=guardian_id,
            relation=case.relation or "other",
            since_on=today,
            confirmed=True,
            now=now,
        )
    elif not link.is_confirmed:
        confirm_link(actor=actor, link_id=link.id, now=now)
    return guardian_id


def child_of(case: Application) -> FullName:
    """Return the child's name as it was typed."""
    return FullName(case.child_last_name, case.child_first_name, case.child_middle_name)


def applicant_of(case: Application) -> FullName:
    """Return the applicant's name as it was typed."""
    return FullName(case.applicant_last_name, case.applicant_first_name, case.applicant_middle_name)
