"""The pre-trial complaint (досудебная жалоба): its parts, its addressee, its one table of moves.

Source: 210-ФЗ ст. 11.1 (grounds), ст. 11.2 (contents, terms, decision, answer), SRV-030, SRV-031.
The same procedure runs in two rooms: the school's head answers for the staff (`services.cases`),
the committee for the head (`services.oversight`). Lists, terms and texts are settings and come in
as a `Procedure`; nothing here knows a number of days.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from kernel.errors import DomainError, NotFound


class Body(StrEnum):
    """Who considers a complaint."""

    SCHOOL = "school"
    COMMITTEE = "committee"


class Target(StrEnum):
    """Whose decision or act is complained of (ст. 11.2 ч. 5 п. 1)."""

    EMPLOYEE = "employee"
    ORGANISATION = "organisation"
    DIRECTOR = "director"
    OFFICER = "officer"


TARGET_TITLES: Mapping[Target, str] = MappingProxyType(
    {
        Target.EMPLOYEE: "Работник школы",
        Target.ORGANISATION: "Школа в целом",
        Target.DIRECTOR: "Директор школы или его решение",
        Target.OFFICER: "Специалист комитета",
    }
)


class Channel(StrEnum):
    """How a complaint came."""

    PORTAL = "portal"
    ANONYMOUS = "anonymous"  # without signing in; the applicant still names himself
    PAPER = "paper"
    FORWARDED = "forwarded"


class State(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    REGISTERED = "registered"
    FORWARDED = "forwarded"
    DECIDED = "decided"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


STATE_TITLES: Mapping[State, str] = MappingProxyType(
    {
        State.RECEIVED: "поступила",
        State.REGISTERED: "на рассмотрении",
        State.FORWARDED: "переадресована",
        State.DECIDED: "решение принято",
        State.ANSWERED: "ответ направлен",
        State.UNANSWERED: "оставлена без ответа",
    }
)
OPEN_STATES = frozenset({State.RECEIVED, State.REGISTERED, State.DECIDED})


class Action(StrEnum):
    """What may be done with a complaint."""

    REGISTER = "register"
    NAME_PERSON = "name-person"
    ASSIGN = "assign"
    FORWARD = "forward"
    ASK_CASE = "ask-case"
    ASK_SCHOOL = "ask-school"
    DECIDE = "decide"
    ANSWER = "answer"
    LEAVE = "leave"
    NOTE_OFFENCE = "note-offence"


ACTION_TITLES: Mapping[Action, str] = MappingProxyType(
    {
        Action.REGISTER: "зарегистрирована",
        Action.NAME_PERSON: "указано, на кого жалоба",
        Action.ASSIGN: "назначен исполнитель",
        Action.FORWARD: "направлена по принадлежности",
        Action.ASK_CASE: "запрошено дело услуги",
        Action.ASK_SCHOOL: "запрошены пояснения школы",
        Action.DECIDE: "принято решение",
        Action.ANSWER: "ответ направлен заявителю",
        Action.LEAVE: "оставлена без ответа",
        Action.NOTE_OFFENCE: "материалы направлены в прокуратуру",
    }
)


class Outcome(StrEnum):
    """The two decisions of ст. 11.2 ч. 7; «partly» is not among them."""

    SATISFIED = "satisfied"
    REFUSED = "refused"


OUTCOME_TITLES: Mapping[Outcome, str] = MappingProxyType(
    {Outcome.SATISFIED: "удовлетворена", Outcome.REFUSED: "отказано в удовлетворении"}
)


class Manner(StrEnum):
    """How an answer reaches the applicant."""

    POST = "post"
    EMAIL = "email"
    PORTAL = "portal"
    IN_PERSON = "in-person"


MANNER_TITLES: Mapping[Manner, str] = MappingProxyType(
    {
        Manner.POST: "почтой",
        Manner.EMAIL: "по электронной почте",
        Manner.PORTAL: "в портале",
        Manner.IN_PERSON: "вручён лично",
    }
)


class Clock(StrEnum):
    """What a move does to the terms."""

    NONE = "none"
    REVIEW_STARTS = "review-starts"
    ANSWER_STARTS = "answer-starts"
    STOPS = "stops"


class Party(StrEnum):
    """What a person is at the desk; each room says by its rights and roles who that is."""

    CLERK = "clerk"  # keeps the register: a school's office
    HEAD = "head"  # decides: the school's management
    OFFICER = "officer"  # keeps and decides: the committee
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Transition:
    """A move: who may make it, where it leads, what it does to the clock, what it prints."""

    who: frozenset[Party]
    leads_to: State
    clock: Clock = Clock.NONE
    document: str = ""
    notice: str = ""  # what the applicant is told, a title


OFFICERS = frozenset({Party.OFFICER})
HEADS = frozenset({Party.HEAD, Party.OFFICER})
CLERKS = HEADS | {Party.CLERK}

# One table for both rooms; nobody of a school reaches a complaint of the committee and the other
# way round, for each room's `access` stands before the table.
TRANSITIONS: Mapping[tuple[State, Action], Transition] = MappingProxyType(
    {
        (State.RECEIVED, Action.REGISTER): Transition(
            CLERKS | {Party.SYSTEM},
            State.REGISTERED,
            Clock.REVIEW_STARTS,
            document="receipt",
            notice="Жалоба зарегистрирована",
        ),
        (State.RECEIVED, Action.NAME_PERSON): Transition(CLERKS, State.RECEIVED),
        (State.REGISTERED, Action.NAME_PERSON): Transition(CLERKS, State.REGISTERED),
        (State.REGISTERED, Action.ASSIGN): Transition(OFFICERS, State.REGISTERED),
        (State.REGISTERED, Action.FORWARD): Transition(
            CLERKS,
            State.FORWARDED,
            Clock.STOPS,
            document="forward",
            notice="Жалоба направлена по принадлежности",
        ),
        (State.REGISTERED, Action.ASK_CASE): Transition(OFFICERS, State.REGISTERED),
        (State.REGISTERED, Action.ASK_SCHOOL): Transition(OFFICERS, State.REGISTERED),
        (State.REGISTERED, Action.DECIDE): Transition(HEADS, State.DECIDED, Clock.ANSWER_STARTS),
        (State.REGISTERED, Action.LEAVE): Transition(
            HEADS,
            State.UNANSWERED,
            Clock.STOPS,
            notice="Жалоба оставлена без ответа",
        ),
        (State.DECIDED, Action.ANSWER): Transition(
            CLERKS,
            State.ANSWERED,
            Clock.STOPS,
            document="answer",
            notice="Ответ на вашу жалобу готов",
        ),
        # Signs of an offence are told at once, also after the answer (ст. 11.2 ч. 9).
        (State.REGISTERED, Action.NOTE_OFFENCE): Transition(HEADS, State.REGISTERED),
        (State.DECIDED, Action.NOTE_OFFENCE): Transition(HEADS, State.DECIDED),
        (State.ANSWERED, Action.NOTE_OFFENCE): Transition(HEADS, State.ANSWERED),
        (State.UNANSWERED, Action.NOTE_OFFENCE): Transition(HEADS, State.UNANSWERED),
    }
)
MOVES = tuple(TRANSITIONS.items())


class ComplaintHasMovedOn(DomainError):
    """The move is not open from where the complaint stands: somebody was here before."""

    code = "complaint-has-moved-on"
    message = "С жалобой уже поступили иначе. Обновите страницу."


class ComplaintIsIncomplete(DomainError):
    """A part is missing; `fields` names each with a sentence."""

    code = "complaint-is-incomplete"
    message = "Заполнено не всё, что нужно."

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(next(iter(fields.values()), None))


class NotYourOwnComplaint(DomainError):
    """Who is complained of does not decide (ст. 11.2 ч. 2: a higher person does)."""

    code = "not-your-own-complaint"
    message = "Жалобу не рассматривает тот, на кого она подана."


class WrongAddressee(DomainError):
    """The complaint belongs to the other body and can only be sent there."""

    code = "wrong-addressee"
    message = "Жалоба не в вашей власти: её можно только направить по принадлежности."


def find_transition(state: State, action: Action, parties: Collection[Party]) -> Transition:
    """Return the move; raise `NotFound` for a stranger, `ComplaintHasMovedOn` for a wrong time."""
    if not any(key[1] is action and not one.who.isdisjoint(parties) for key, one in MOVES):
        raise NotFound
    transition = TRANSITIONS.get((state, action))
    if transition is None or transition.who.isdisjoint(parties):
        raise ComplaintHasMovedOn(state=state, action=action)
    return transition


def list_actions(state: State, parties: Collection[Party]) -> frozenset[Action]:
    """Return the moves open from a state to somebody who is this at the desk."""
    return frozenset(
        action
        for (start, action), one in MOVES
        if start is state and not one.who.isdisjoint(parties)
    )


# --- What the settings say ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a closed list: a code that is kept, a title that is read."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """The settings of the procedure as they hold on one day."""

    grounds: tuple[Choice, ...]
    short_grounds: frozenset[str]
    unanswered_grounds: tuple[Choice, ...]
    addressees: Mapping[Target, Body]
    register_workdays: int
    review_workdays: int
    short_review_workdays: int
    forward_workdays: int
    inquiry_workdays: int
    answer_days: int
    nearing_workdays: int
    apology: str
    appeal_orders: Mapping[Body, str]

    def ground_title(self, code: str) -> str:
        """Return the words of a ground; an old code stays readable as itself."""
        return next((one.title for one in self.grounds if one.code == code), code)

    def unanswered_title(self, code: str) -> str:
        """Return the words of a ground to leave a complaint without an answer."""
        return next((one.title for one in self.unanswered_grounds if one.code == code), code)

    def review_days(self, grounds: Collection[str]) -> int:
        """Return the working days to consider: the short term for refusals and errors."""
        if self.short_grounds.isdisjoint(grounds):
            return self.review_workdays
        return self.short_review_workdays


OTHER = "other"
PREFIX = "complaint."
KEYS = {
    name: f"{PREFIX}{name}"
    for name in (
        "grounds",
        "short_grounds",
        "unanswered_grounds",
        "addressees",
        "register_workdays",
        "review_workdays",
        "short_review_workdays",
        "forward_workdays",
        "inquiry_workdays",
        "answer_days",
        "nearing_workdays",
        "apology",
        "appeal_orders",
    )
}


def read_procedure(values: Mapping[str, Any]) -> Procedure:
    """Return the procedure from the values of the settings, by the names of `KEYS`."""
    plain = {name: values[key] for name, key in KEYS.items()}
    return Procedure(
        **{
            **plain,
            "grounds": _choices(plain["grounds"]),
            "short_grounds": frozenset(plain["short_grounds"]),
            "unanswered_grounds": _choices(plain["unanswered_grounds"]),
            "addressees": {
                Target(target): Body(body) for target, body in plain["addressees"].items()
            },
            "appeal_orders": {Body(body): text for body, text in plain["appeal_orders"].items()},
        }
    )


def _choices(rows: Sequence[Sequence[str]]) -> tuple[Choice, ...]:
    return tuple(Choice(code, title) for code, title in rows)


# --- The parts of a complaint (ст. 11.2 ч. 5) ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """A complaint as its applicant wrote it."""

    target: Target
    against: str
    grounds: tuple[str, ...]
    last_name: str
    first_name: str
    middle_name: str
    residence: str
    phone: str
    email: str
    postal_address: str
    contested: str
    arguments: str
    case_number: str = ""
    file_ids: tuple[int, ...] = ()


def check_draft(draft: ComplaintDraft, procedure: Procedure) -> None:
    """Raise `ComplaintIsIncomplete` unless every part the law asks for is there.

    Attachments are never asked for. A complaint without a name or an address for the answer is
    not taken in by this procedure.
    """
    missing: dict[str, str] = {}
    known = {one.code for one in procedure.grounds}
    if draft.target in (Target.EMPLOYEE, Target.OFFICER) and not draft.against.strip():
        missing["against"] = "Укажите должность или фамилию того, на кого жалуетесь."
    if not draft.grounds or not known.issuperset(draft.grounds):
        missing["grounds"] = "Отметьте хотя бы одно основание из списка."
    for name, sentence in (
        ("last_name", "Укажите фамилию: жалобу без имени закон рассматривать не позволяет."),
        ("first_name", "Укажите имя: жалобу без имени закон рассматривать не позволяет."),
        ("residence", "Укажите место жительства."),
        ("postal_address", "Укажите почтовый адрес: по нему отправят ответ."),
        ("contested", "Опишите решение или действие, с которым вы не согласны."),
        ("arguments", "Напишите, почему вы не согласны."),
    ):
        if not getattr(draft, name).strip():
            missing[name] = sentence
    if not draft.phone.strip() and not draft.email.strip():
        missing["phone"] = "Укажите телефон или электронную почту."
    if missing:
        raise ComplaintIsIncomplete(missing)


def is_addressed_to(target: Target, body: Body, procedure: Procedure) -> bool:
    """Return whether the body may decide about this target."""
    return procedure.addressees.get(target, Body.COMMITTEE) is body


# --- Who may not decide -----------------------------------------------------------------------

LETTERS_OF_ENDING = 2
SHORTEST_STEM = 3


def is_about(
    *, against: str, against_id: int | None, last_name: str, own_ids: Collection[int]
) -> bool:
    """Return whether a complaint is about this very person.

    By the id once somebody has named the person; before that by the surname in the applicant's
    words, whatever its case ending: better one careful colleague too few than a judge in his own
    cause.
    """
    if against_id is not None:
        return against_id in own_ids
    stem = _stem(last_name)
    return bool(stem) and any(word.startswith(stem) for word in _words(against))


def _stem(last_name: str) -> str:
    words = _words(last_name)
    if not words or len(words[0]) < SHORTEST_STEM:
        return ""
    return words[0][: max(SHORTEST_STEM, len(words[0]) - LETTERS_OF_ENDING)]


def _words(text: str) -> list[str]:
    plain = text.casefold().replace("ё", "е")
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


# --- The decision ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """What the head or the committee decided, in the words of the answer."""

    outcome: Outcome
    reasons: str
    measures: str = ""
    apology: str = ""
    next_steps: str = ""
    appeal_order: str = ""
    cure_until: date | None = None


def check_decision(decision: Decision) -> None:
    """Raise `ComplaintIsIncomplete` unless the answer will hold all that ст. 11.2 ч. 8 asks.

    Satisfied: what is done to cure it, an apology, what the applicant does next. Refused: reasons.
    Both: how to appeal.
    """
    wanted = {
        "reasons": "Изложите основания решения.",
        "appeal_order": "Укажите, как обжаловать решение.",
    }
    if decision.outcome is Outcome.SATISFIED:
        wanted |= {
            "measures": "Напишите, что сделано, чтобы устранить нарушение.",
            "apology": "Принесите извинения за неудобства.",
            "next_steps": "Напишите, что заявителю делать дальше.",
        }
    missing = {name: words for name, words in wanted.items() if not getattr(decision, name).strip()}
    if missing:
        raise ComplaintIsIncomplete(missing)


# --- Lateness ----------------------------------------------------------------------------------


REVIEW = "рассмотреть"


@dataclass(frozen=True, slots=True)
class Term:
    """The term that runs now: what for, and until which day."""

    title: str
    due_on: date


def running_term(
    *,
    state: State,
    register_due_on: date | None,
    due_on: date | None,
    answer_due_on: date | None,
) -> Term | None:
    """Return the term that runs in a state, or None when nothing is waited for."""
    if state is State.RECEIVED and register_due_on:
        return Term("зарегистрировать", register_due_on)
    if state is State.REGISTERED and due_on:
        return Term(REVIEW, due_on)
    if state is State.DECIDED and answer_due_on:
        return Term("направить ответ", answer_due_on)
    return None
