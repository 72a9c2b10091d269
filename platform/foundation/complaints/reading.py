"""Complaints as pages, papers and registers show them: frozen, in words, with how late they are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q, QuerySet

from foundation.complaints.codes import clean_reference, fits
from foundation.complaints.desk import RECOUNT, Terms
from foundation.complaints.models import ComplaintBase, ComplaintStepBase
from kernel.complaints import (
    ACTION_TITLES,
    MANNER_TITLES,
    OPEN_STATES,
    OUTCOME_TITLES,
    REVIEW,
    STATE_TITLES,
    TARGET_TITLES,
    Channel,
    Outcome,
    Procedure,
    State,
    Target,
    Term,
    running_term,
)

RECEIVED = "поступила"


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A line of the register."""

    id: int
    number: str
    reference: str
    state: State
    target: Target
    against: str
    grounds: tuple[str, ...]
    applicant: str
    received_on: date
    registered_on: date | None
    due_on: date | None
    is_provisional: bool
    outcome: Outcome | None
    decided_on: date | None
    answered_on: date | None
    term: Term | None
    lateness: str  # "", nearing, due, overdue
    assigned_name: str = ""
    school_id: int | None = None

    @property
    def title(self) -> str:
        """Return the number, or the reference while there is none."""
        return self.number or self.reference

    @property
    def state_title(self) -> str:
        """Return the state in words."""
        return STATE_TITLES[self.state]

    @property
    def target_title(self) -> str:
        """Return whose act is complained of."""
        return TARGET_TITLES[self.target]

    @property
    def outcome_title(self) -> str:
        """Return the decision in words, or ""."""
        return OUTCOME_TITLES[self.outcome] if self.outcome else ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A line of the complaint's journal."""

    at: datetime
    title: str
    by_name: str
    note: str


@dataclass(frozen=True, slots=True)
class ComplaintCard:
    """A whole complaint."""

    row: ComplaintRow
    channel: Channel
    account_id: int | None
    against_id: int | None
    residence: str
    phone: str
    email: str
    postal_address: str
    contested: str
    arguments: str
    case_number: str
    file_ids: tuple[int, ...]
    register_due_on: date
    forward_due_on: date | None
    review_workdays: int | None
    edition: str
    forwarded_on: date | None
    forwarded_to: str
    forward_reason: str
    unanswered_title: str
    reasons: str
    measures: str
    apology: str
    next_steps: str
    appeal_order: str
    cure_until: date | None
    decided_by_name: str
    answer_due_on: date | None
    is_answer_due_off: bool
    answer_manner: str
    offence_note: str
    offence_sent_on: date | None
    steps: tuple[StepLine, ...]
    is_forward_late: bool


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a page or a print-out asks of the register; empty fields ask for everything."""

    state: str = ""  # open, closed, overdue or a state
    ground: str = ""
    outcome: str = ""
    words: str = ""
    since: date | None = None
    last: date | None = None
    school_id: int | None = None
    assigned_to: int | None = None


@dataclass(frozen=True, slots=True)
class ComplaintCount:
    """How many complaints of one ground ended in one way; a complaint counts under each ground."""

    ground: str
    ground_title: str
    state: State
    outcome: Outcome | None
    count: int
    school_id: int | None = None


C = TypeVar("C", bound=ComplaintBase)


def apply_filter(rows: QuerySet[C], asked: RegisterFilter, today: date) -> QuerySet[C]:
    """Keep the complaints a filter asks for, the newest first."""
    if asked.state == "open":
        rows = rows.filter(state__in=OPEN_STATES)
    elif asked.state == "closed":
        rows = rows.exclude(state__in=OPEN_STATES)
    elif asked.state == "overdue":
        rows = rows.filter(overdue(today))
    elif asked.state:
        rows = rows.filter(state=asked.state)
    if asked.ground:
        rows = rows.filter(grounds__contains=[asked.ground])
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    for word in asked.words.split():
        rows = rows.filter(
            Q(last_name__istartswith=word)
            | Q(first_name__istartswith=word)
            | Q(number__contains=word)
            | Q(against__icontains=word)
        )
    if asked.since:
        rows = rows.filter(received_on__gte=asked.since)
    if asked.last:
        rows = rows.filter(received_on__lte=asked.last)
    return rows.order_by("-received_on", "-pk")


def find(rows: QuerySet[C], *, typed: str, code: str) -> C | None:
    """Return the complaint of a number or reference and the secret code, None if not both fit."""
    name = typed.strip()
    named = rows.filter(Q(number=name) | Q(reference=clean_reference(name))).order_by("pk")
    return next((one for one in named if fits(code, one.code_digest)), None)


def overdue(today: date) -> Q:
    """Return the condition of a term that ran out before today."""
    return (
        Q(state=State.RECEIVED, register_due_on__lt=today)
        | Q(state=State.REGISTERED, due_on__lt=today)
        | Q(state=State.DECIDED, answer_due_on__lt=today)
    )


def to_row(one: ComplaintBase, *, procedure: Procedure, terms: Terms, today: date) -> ComplaintRow:
    """Return the line of the register for one complaint."""
    term = running_term(
        state=one.stands,
        register_due_on=one.register_due_on,
        due_on=one.due_on,
        answer_due_on=one.answer_due_on,
    )
    return ComplaintRow(
        id=one.pk,
        number=one.number or "",
        reference=one.reference,
        state=one.stands,
        target=one.aims_at,
        against=one.against,
        grounds=tuple(procedure.ground_title(code) for code in one.grounds),
        applicant=" ".join(filter(None, (one.last_name, one.first_name, one.middle_name))),
        received_on=one.received_on,
        registered_on=one.registered_on,
        due_on=one.due_on,
        is_provisional=one.is_provisional,
        outcome=one.ended_as,
        decided_on=one.decided_on,
        answered_on=one.answered_on,
        term=term,
        lateness=lateness_of(term, procedure=procedure, terms=terms, today=today),
        assigned_name=getattr(one, "assigned_name", ""),
        school_id=getattr(one, "school_id", None),
    )


def lateness_of(term: Term | None, *, procedure: Procedure, terms: Terms, today: date) -> str:
    """Return «overdue», «due», «nearing» or "" for a term that runs."""
    if term is None:
        return ""
    if today > term.due_on:
        return "overdue"
    if today == term.due_on:
        return "due"
    if term.title != REVIEW:  # a day or two long: they are always near
        return ""
    nearing = terms.due(start=today, working_days=procedure.nearing_workdays).due_on
    return "nearing" if term.due_on <= nearing else ""


def to_card(
    one: ComplaintBase,
    steps: Iterable[ComplaintStepBase],
    *,
    procedure: Procedure,
    terms: Terms,
    today: date,
) -> ComplaintCard:
    """Return a whole complaint with its journal."""
    row = to_row(one, procedure=procedure, terms=terms, today=today)
    manner = one.sent_by
    same = {
        name: getattr(one, name)
        for name in ComplaintCard.__slots__
        if name in {field.name for field in one._meta.concrete_fields}
    }
    return ComplaintCard(
        **{
            **same,
            "row": row,
            "channel": Channel(one.channel),
            "file_ids": tuple(one.file_ids),
            "unanswered_title": procedure.unanswered_title(one.unanswered_ground)
            if one.unanswered_ground
            else "",
            "answer_manner": MANNER_TITLES[manner] if manner else "",
            "is_answer_due_off": bool(
                one.answer_due_on and not terms.is_working_day(one.answer_due_on)
            ),
            "is_forward_late": bool(
                one.stands is State.REGISTERED and one.forward_due_on and today > one.forward_due_on
            ),
            "steps": tuple(_line(step) for step in steps),
        }
    )


def _line(step: ComplaintStepBase) -> StepLine:
    known = {action.value: title for action, title in ACTION_TITLES.items()}
    known[RECOUNT] = "срок пересчитан по новому календарю"
    return StepLine(step.at, known.get(step.action, RECEIVED), step.by_name, step.note)


def count(rows: Iterable[ComplaintBase], procedure: Procedure) -> list[ComplaintCount]:
    """Return the counts by ground, state and outcome: numbers, no persons."""
    counted = Counter(
        (getattr(one, "school_id", None), ground, one.stands, one.ended_as)
        for one in rows
        for ground in one.grounds
    )
    return [
        ComplaintCount(ground, procedure.ground_title(ground), state, outcome, number, school_id)
        for (school_id, ground, state, outcome), number in sorted(
            counted.items(), key=lambda item: [str(part) for part in item[0]]
        )
    ]


HEADINGS = (
    "Номер",
    "Поступила",
    "Зарегистрирована",
    "Заявитель",
    "На кого",
    "Основания",
    "Рассмотреть до",
    "Состояние",
    "Решение",
    "Решение принято",
    "Ответ направлен",
)


def register_cells(rows: Iterable[ComplaintRow]) -> list[list[str | date | None]]:
    """Return the register as a table: headings, then a line per complaint."""
    return [
        list(HEADINGS),
        *(
            [
                one.title,
                one.received_on,
                one.registered_on,
                one.applicant,
                ", ".join(filter(None, (one.target_title, one.against))),
                "; ".join(one.grounds),
                one.due_on,
                one.state_title,
                one.outcome_title,
                one.decided_on,
                one.answered_on,
            ]
            for one in rows
        ),
    ]
