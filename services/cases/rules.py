"""The case as ONE table: state × action → who, ground, next state, clock, document, notice.

Source: SRV-003 (who applies), SRV-009 (ten working days from the consent), SRV-011 and SRV-012
(the closed lists of grounds), SRV-016 (the sequence), SRV-017 (telling rights and duties); law.md
§1.6. Everybody who asks what may happen to a case asks this table; nothing decides beside it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.errors import DomainError, NotFound
from kernel.rights import Right

ADULT = 18


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REGISTERED = "registered"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    ACCESS_GRANTED = "access_granted"
    ACTIVE = "active"
    TERMINATED = "terminated"
    NOT_ACCEPTED = "not_accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RESUBMITTED = "resubmitted"


class Action(StrEnum):
    """What may be done with a case."""

    SUBMIT = "submit"
    REGISTER = "register"
    RECOGNISE = "recognise"
    ASK_DOCUMENT = "ask_document"
    REFUSE_TO_ACCEPT = "refuse_to_accept"
    ACCEPT = "accept"
    SUSPEND = "suspend"
    RESUME = "resume"
    RECOUNT = "recount"
    GRANT = "grant"
    HAND_OVER = "hand_over"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LOSE_CONSENT = "lose_consent"
    LEAVE = "leave"  # the pupil has left the school
    STOP = "stop"
    TERMINATE = "terminate"
    CHANGE_DELIVERY = "change_delivery"
    RESUBMIT = "resubmit"


class Party(StrEnum):
    """Who a person is to a case; what staff may do is said by the right of the row (ROL-004)."""

    APPLICANT = "applicant"
    STAFF = "staff"
    SYSTEM = "system"


class Clock(StrEnum):
    """What a step does to the term of the access (SRV-009)."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    RECOUNT = "recount"


class Paper(StrEnum):
    """A document of the case (requirements.md, part G)."""

    APPLICATION = "application"
    RECEIPT = "receipt"
    NOT_ACCEPTED = "not_accepted"
    ACCESS = "access"
    REFUSAL = "refusal"
    STOP = "stop"
    TERMINATION = "termination"


# These the school issues: each has a number of its own (SRV-025). The others are the applicant's.
ISSUED = frozenset(Paper) - {Paper.APPLICATION, Paper.STOP}


class ApplicantKind(StrEnum):
    """Who may apply (SRV-003)."""

    PARENT = "parent"
    ADULT_PUPIL = "adult_pupil"
    PUPIL_WITH_CONSENT = "pupil_with_consent"


class Delivery(StrEnum):
    """How the information is delivered (SRV-032)."""

    PORTAL = "portal"
    EMAIL = "email"
    SMS = "sms"
    PAPER = "paper"


NOT_ACCEPTED_GROUNDS = "service.grounds.not_accepted"
REFUSED_GROUNDS = "service.grounds.refused"
SUSPENDED_GROUNDS = "service.grounds.suspended"
TERMINATED_GROUNDS = "service.grounds.terminated"
# On which lists stands the ground of a case in a state: the same code has other words in another.
GROUND_LISTS: Mapping[State, tuple[str, ...]] = {
    State.NOT_ACCEPTED: (NOT_ACCEPTED_GROUNDS,),
    State.REFUSED: (REFUSED_GROUNDS,),
    State.SUSPENDED: (SUSPENDED_GROUNDS,),
    State.TERMINATED: (TERMINATED_GROUNDS,),
    State.RESUBMITTED: (NOT_ACCEPTED_GROUNDS, REFUSED_GROUNDS),
}
STOP_APPLICATION = "stop_application"
NO_CONSENT = "no_consent"
TRANSFER = "transfer"
EXPELLED = "expelled"
LEFT = (TRANSFER, "finished", EXPELLED)  # the grounds an order of leaving may have


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table. `grounds` is the setting of the closed list, `ground` the only one."""

    state: State
    action: Action
    target: State
    who: frozenset[Party]
    right: Right | None = None  # what a person at work needs
    grounds: str = ""
    ground: str = ""
    clock: Clock | None = None
    paper: Paper | None = None
    notice: str = ""  # the text that goes to the applicant


APPLICANT = frozenset({Party.APPLICANT})
STAFF = frozenset({Party.STAFF})
BOTH = APPLICANT | STAFF
SYSTEM = frozenset({Party.SYSTEM})
DESK, GRANTING, REFUSING = Right.CASES_ACCEPT, Right.CASES_GRANT, Right.CASES_REFUSE
OPEN = (State.REGISTERED, State.ACCEPTED, State.SUSPENDED, State.ACCESS_GRANTED, State.ACTIVE)
RUNNING = (State.ACCEPTED, State.SUSPENDED)  # the ten days run, or wait
SERVED = (State.ACCESS_GRANTED, State.ACTIVE)
OVER = (
    State.TERMINATED,
    State.NOT_ACCEPTED,
    State.REFUSED,
    State.WITHDRAWN,
    State.RESUBMITTED,
)


def _rows() -> Iterable[Transition]:
    yield from _rows_of_the_desk()
    yield from _rows_of_the_access()
    yield from _rows_of_the_end()
    for state in OPEN:
        yield Transition(state, Action.CHANGE_DELIVERY, state, BOTH, DESK, notice="delivery")
    for state in (State.NOT_ACCEPTED, State.REFUSED, State.WITHDRAWN):
        yield Transition(state, Action.RESUBMIT, State.RESUBMITTED, BOTH, DESK)


def _rows_of_the_desk() -> Iterable[Transition]:
    yield Transition(
        State.DRAFT, Action.SUBMIT, State.SUBMITTED, BOTH, DESK, paper=Paper.APPLICATION
    )
    yield Transition(
        State.SUBMITTED, Action.REGISTER, State.REGISTERED, SYSTEM,
        paper=Paper.RECEIPT, notice="registered",
    )  # fmt: skip
    yield Transition(State.REGISTERED, Action.RECOGNISE, State.REGISTERED, STAFF, DESK)
    yield Transition(
        State.REGISTERED, Action.ASK_DOCUMENT, State.REGISTERED, STAFF, DESK, notice="ask_document"
    )
    yield Transition(
        State.REGISTERED, Action.REFUSE_TO_ACCEPT, State.NOT_ACCEPTED, STAFF, REFUSING,
        grounds=NOT_ACCEPTED_GROUNDS, paper=Paper.NOT_ACCEPTED, notice="not_accepted",
    )  # fmt: skip
    yield Transition(
        State.REGISTERED, Action.ACCEPT, State.ACCEPTED, STAFF | SYSTEM, DESK,
        clock=Clock.START, notice="accepted",
    )  # fmt: skip


def _rows_of_the_access() -> Iterable[Transition]:
    yield Transition(
        State.ACCEPTED, Action.GRANT, State.ACCESS_GRANTED, STAFF, GRANTING,
        clock=Clock.STOP, paper=Paper.ACCESS, notice="granted",
    )  # fmt: skip
    yield Transition(
        State.ACCEPTED, Action.SUSPEND, State.SUSPENDED, STAFF, REFUSING,
        grounds=SUSPENDED_GROUNDS, clock=Clock.PAUSE, notice="suspended",
    )  # fmt: skip
    yield Transition(
        State.SUSPENDED, Action.RESUME, State.ACCEPTED, STAFF, REFUSING,
        clock=Clock.RESUME, notice="resumed",
    )  # fmt: skip
    for state in RUNNING:
        yield Transition(state, Action.RECOUNT, state, SYSTEM, clock=Clock.RECOUNT)
    yield Transition(
        State.ACCESS_GRANTED, Action.HAND_OVER, State.ACTIVE, STAFF, DESK, notice="active"
    )


def _rows_of_the_end() -> Iterable[Transition]:
    for state in (State.REGISTERED, *RUNNING):
        yield Transition(
            state, Action.REFUSE, State.REFUSED, STAFF, REFUSING,
            grounds=REFUSED_GROUNDS, clock=Clock.STOP, paper=Paper.REFUSAL, notice="refused",
        )  # fmt: skip
        yield Transition(
            state, Action.WITHDRAW, State.WITHDRAWN, BOTH, DESK,
            clock=Clock.STOP, notice="withdrawn",
        )  # fmt: skip
        yield Transition(
            state, Action.LEAVE, State.REFUSED, SYSTEM,
            grounds=REFUSED_GROUNDS, clock=Clock.STOP, paper=Paper.REFUSAL, notice="refused",
        )  # fmt: skip
    for state in RUNNING:
        yield Transition(
            state, Action.LOSE_CONSENT, State.REFUSED, SYSTEM,
            ground=NO_CONSENT, clock=Clock.STOP, paper=Paper.REFUSAL, notice="refused",
        )  # fmt: skip
    for state in SERVED:
        yield Transition(
            state, Action.LOSE_CONSENT, State.TERMINATED, SYSTEM,
            ground=NO_CONSENT, paper=Paper.TERMINATION, notice="terminated",
        )  # fmt: skip
        yield Transition(
            state, Action.STOP, State.TERMINATED, BOTH, DESK,
            ground=STOP_APPLICATION, paper=Paper.STOP, notice="stopped",
        )  # fmt: skip
        yield Transition(
            state, Action.TERMINATE, State.TERMINATED, STAFF, REFUSING,
            grounds=TERMINATED_GROUNDS, paper=Paper.TERMINATION, notice="terminated",
        )  # fmt: skip
        yield Transition(
            state, Action.LEAVE, State.TERMINATED, SYSTEM,
            grounds=TERMINATED_GROUNDS, paper=Paper.TERMINATION, notice="terminated",
        )  # fmt: skip


TRANSITIONS: Mapping[tuple[State, Action], Transition] = {
    (row.state, row.action): row for row in _rows()
}
DEMANDED_GROUNDS = tuple(sorted({row.grounds for row in TRANSITIONS.values() if row.grounds}))


class NotPossibleNow(DomainError):
    """The case stands where the action does not lead on."""

    code = "not-possible-now"
    message = "Сейчас это действие невозможно: заявление уже в другом состоянии. Обновите страницу."


class NotYours(NotFound):
    """The action is not for this person, and was never offered."""


class GroundIsNotListed(DomainError):
    """The ground is not on the closed list of the regulation."""

    code = "ground-is-not-listed"
    message = "Такого основания нет в перечне регламента. Выберите из перечня."


class DocumentIsNotListed(DomainError):
    """The clerk asks for a document that no regulation provides for (SRV-010)."""

    code = "document-is-not-listed"
    message = "Этот документ требовать нельзя: его нет в исчерпывающем перечне."


class ApplicantIsTooYoung(DomainError):
    """A pupil who may not yet apply for himself (SRV-003)."""

    code = "applicant-is-too-young"
    message = "Подать заявление самому можно с 14 лет. Попросите родителей."


class ChildIsAdult(DomainError):
    """A parent applies for a pupil who is of age (SRV-003)."""

    code = "child-is-adult"
    message = "Обучающемуся уже исполнилось 18 лет: заявление подаёт он сам."


class ParentalConsentIsMissing(DomainError):
    """A pupil of 14–17 applies without the written consent of the parents (SRV-003)."""

    code = "parental-consent-is-missing"
    message = "До 18 лет нужно письменное согласие родителей. Приложите его скан или фотографию."


class NotRecognised(DomainError):
    """The applicant and the child are not yet matched with the school's cards."""

    code = "not-recognised"
    message = "Сначала найдите обучающегося и заявителя в списках школы."


class PupilIsOther(DomainError):
    """A pupil applies for himself with another name or birth date than his card has."""

    code = "pupil-is-other"
    message = "В карте обучающегося другое имя или другая дата рождения. Уточните у заявителя."


class ConsentIsNotLive(DomainError):
    """There is no consent, or it was withdrawn."""

    code = "consent-is-not-live"
    message = "Действующего согласия нет: доступ открыть нельзя."


class ServiceIsGiven(DomainError):
    """The pair has a case under way already."""

    code = "service-is-given"
    message = "По этому заявителю и обучающемуся уже есть принятое заявление."


class TooManyApplications(DomainError):
    """A network or a contact sends more than people do; nothing typed is lost."""

    code = "too-many-applications"
    message = "Сейчас слишком много заявлений. Введённое сохранено: отправьте через 10 минут."


class ContactIsMissing(DomainError):
    """The chosen way of delivery, or the answer itself, has nowhere to go (SRV-033)."""

    code = "contact-is-missing"
    message = "Укажите телефон или электронную почту: иначе школа не сможет ответить."


def find_transition(state: State, action: Action) -> Transition:
    """Return the row of the table. Raise `NotPossibleNow` when there is none."""
    row = TRANSITIONS.get((state, action))
    if row is None:
        raise NotPossibleNow(state=state, action=action)
    return row


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is to one case: the sides he stands on, and his rights at work."""

    parties: frozenset[Party]
    rights: frozenset[Right] = frozenset()

    def party_for(self, row: Transition) -> Party | None:
        """Return the side on which the step may be taken, or None."""
        for party in (Party.SYSTEM, Party.STAFF, Party.APPLICANT):
            is_entitled = party is not Party.STAFF or row.right in self.rights
            if party in self.parties and party in row.who and is_entitled:
                return party
        return None


def check_party(row: Transition, standing: Standing) -> Party:
    """Return as whom a person takes the step. Raise `NotYours`."""
    party = standing.party_for(row)
    if party is None:
        raise NotYours(state=row.state, action=row.action)
    return party


def check_ground(row: Transition, ground: str, listed: Collection[str]) -> str:
    """Return the ground of a step, its own or one of the closed list. Raise `GroundIsNotListed`."""
    if not row.grounds:
        if ground not in ("", row.ground):
            raise GroundIsNotListed(action=row.action)
        return row.ground
    if ground not in listed:
        raise GroundIsNotListed(action=row.action)
    return ground


def say_ground(*, code: str, state: str, listed: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return the words of the ground on which a case came to a state; "" where there is none."""
    pairs = [pair for key in GROUND_LISTS.get(State(state), ()) for pair in listed[key]]
    return next((title for known, title in pairs if known == code), "")


def list_offered(
    state: State, standing: Standing, listed: Mapping[str, Sequence[object]]
) -> list[Transition]:
    """Return what a person may do with a case; a step whose list of grounds is empty is not."""
    return [
        row
        for (of_state, _), row in TRANSITIONS.items()
        if of_state is state
        and standing.party_for(row) is not None
        and (not row.grounds or listed.get(row.grounds))
    ]


def check_documents(asked: Collection[str], listed: Collection[str]) -> None:
    """Raise `DocumentIsNotListed` unless every document is on the exhaustive list (SRV-010)."""
    if not asked or not set(asked) <= set(listed):
        raise DocumentIsNotListed


def age_on(birth_date: date, on: date) -> int:
    """Return full years; who is born on 29 February is older from 1 March."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def choose_kind(
    *,
    is_pupil: bool,
    birth_date: date,
    on: date,
    min_age_self: int,
    needs_consent: bool,
    has_consent: bool,
) -> ApplicantKind:
    """Return who applies: `birth_date` is the pupil's (SRV-003).

    Raise `ChildIsAdult`, `ApplicantIsTooYoung`, `ParentalConsentIsMissing`.
    """
    age = age_on(birth_date, on)
    if not is_pupil:
        if age >= ADULT:
            raise ChildIsAdult
        return ApplicantKind.PARENT
    if age >= ADULT:
        return ApplicantKind.ADULT_PUPIL
    if age < min_age_self:
        raise ApplicantIsTooYoung(
            f"Подать заявление самому можно с {min_age_self} лет. Попросите родителей."
        )
    if needs_consent and not has_consent:
        raise ParentalConsentIsMissing
    return ApplicantKind.PUPIL_WITH_CONSENT


def check_contacts(*, delivery: Delivery, phone: str, email: str, needs_any: bool) -> None:
    """Raise `ContactIsMissing` when what was chosen cannot arrive (SRV-032, SRV-033)."""
    if delivery is Delivery.EMAIL and not email:
        raise ContactIsMissing("Укажите электронную почту: вы выбрали доставку письмом.")
    if delivery is Delivery.SMS and not phone:
        raise ContactIsMissing("Укажите телефон: вы выбрали доставку сообщениями.")
    if needs_any and not (phone or email):
        raise ContactIsMissing


def state_of_term(*, due_on: date, today: date, nearing_from: date) -> str:
    """Return «overdue», «due», «nearing» or "" for a term that runs."""
    if today > due_on:
        return "overdue"
    if today == due_on:
        return "due"
    return "nearing" if today >= nearing_from else ""
