"""The desk where complaints are worked on: each public method is one move of the one table.

A room gives its tables, the person, the settings and the calendar; it has checked who may reach
the complaint, and it tells the others afterwards. Expects an open transaction; every move locks
the row, so of two people at once the second hears `ComplaintHasMovedOn`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from foundation.complaints.codes import code_of, digest_of, reference_of
from foundation.complaints.models import ComplaintBase, ComplaintStepBase
from foundation.registers.operations import take_number
from kernel.complaints import (
    MANNER_TITLES,
    OUTCOME_TITLES,
    Action,
    Body,
    Channel,
    ComplaintDraft,
    ComplaintIsIncomplete,
    Decision,
    Manner,
    NotYourOwnComplaint,
    Party,
    Procedure,
    State,
    Target,
    Transition,
    WrongAddressee,
    check_decision,
    check_draft,
    find_transition,
    is_about,
    is_addressed_to,
)
from kernel.errors import NotFound
from kernel.terms import count_term
from kernel.working_days import ProductionCalendar

REGISTER = "complaints"
RECOUNT = "recount"


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a term and the calendar it was counted by."""

    due_on: date
    edition: str
    is_provisional: bool


class Terms(Protocol):
    """The calendar of a body."""

    def due(self, *, start: date, working_days: int) -> Due:
        """Return the day a number of working days after the start, which is day 0."""
        ...

    def is_working_day(self, day: date) -> bool:
        """Return whether the body works on a day."""
        ...


@dataclass(frozen=True, slots=True)
class CalendarTerms:
    """Terms counted by the production calendar whose week held on the day they began."""

    calendar_on: Callable[[date], ProductionCalendar]

    def due(self, *, start: date, working_days: int) -> Due:
        """Return the day a number of working days after the start."""
        term = count_term(calendar=self.calendar_on(start), start=start, number=working_days)
        return Due(term.due_on, term.edition, term.is_provisional)

    def is_working_day(self, day: date) -> bool:
        """Return whether the body works on a day."""
        return self.calendar_on(day).is_working_day(day)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts: as what, and under which ids he himself may be complained of."""

    account_id: int | None
    name: str
    parties: frozenset[Party]
    own_ids: frozenset[int] = frozenset()

    @property
    def last_name(self) -> str:
        """Return the surname: names are kept as «Фамилия Имя Отчество»."""
        return self.name.split()[0] if self.name.split() else ""


C = TypeVar("C", bound=ComplaintBase)


@dataclass(frozen=True, slots=True)
class Desk(Generic[C]):
    """A room's desk on one day."""

    complaints: type[C]
    steps: Callable[..., ComplaintStepBase]
    body: Body
    hand: Hand
    procedure: Procedure
    terms: Terms
    now: datetime
    today: date

    # --- Coming in

    def find(self, request_key: UUID) -> C | None:
        """Return the complaint this request made before, or None."""
        return self.complaints._default_manager.filter(request_key=request_key).first()

    def accept(
        self,
        draft: ComplaintDraft,
        *,
        channel: Channel,
        request_key: UUID,
        account_id: int | None = None,
        **more: object,
    ) -> tuple[C, bool]:
        """Take a complaint in; return it and whether it is new. The same key comes in once.

        Raise `ComplaintIsIncomplete`. `more` are the room's own fields.
        """
        check_draft(draft, self.procedure)
        due = self.terms.due(start=self.today, working_days=self.procedure.register_workdays).due_on
        complaint, is_new = self.complaints._default_manager.get_or_create(
            request_key=request_key,
            defaults={
                **{name: getattr(draft, name) for name in draft.__slots__},
                "grounds": list(draft.grounds),
                "file_ids": list(draft.file_ids),
                "channel": channel,
                "account_id": account_id,
                "reference": reference_of(request_key),
                "code_digest": digest_of(code_of(request_key)),
                "received_at": self.now,
                "received_on": self.today,
                "register_due_on": due,
                **more,
            },
        )
        if is_new:
            self._write_step(complaint, "receive", "", "")
        return complaint, is_new

    # --- Moves

    def register(self, complaint_id: int) -> C:
        """Give the number of the register and start the term of consideration."""
        complaint, transition = self._take(complaint_id, Action.REGISTER)
        workdays = self.procedure.review_days(complaint.grounds)
        review = self.terms.due(start=self.today, working_days=workdays)
        forward = self.terms.due(start=self.today, working_days=self.procedure.forward_workdays)
        complaint.registered_on = self.today
        complaint.review_workdays = workdays
        complaint.due_on = review.due_on
        complaint.edition = review.edition
        complaint.is_provisional = review.is_provisional
        complaint.forward_due_on = forward.due_on
        complaint.number = str(take_number(register=REGISTER, year=self.today.year))
        return self._move(complaint, Action.REGISTER, transition)

    def name_person(
        self, complaint_id: int, *, target: Target, against_id: int | None, note: str
    ) -> C:
        """Say who exactly is complained of, once somebody has found out.

        A school does not make a complaint about its head one about his staff: raise
        `WrongAddressee`.
        """
        complaint, transition = self._take(complaint_id, Action.NAME_PERSON)
        was_ours = is_addressed_to(complaint.aims_at, self.body, self.procedure)
        if self.body is Body.SCHOOL and not was_ours:
            raise WrongAddressee
        complaint.target = target
        complaint.against_id = against_id
        return self._move(complaint, Action.NAME_PERSON, transition, note)

    def forward(self, complaint_id: int, *, to: str, reason: str) -> C:
        """Send a complaint to whom it belongs; the applicant is told."""
        complaint, transition = self._take(complaint_id, Action.FORWARD)
        if not reason.strip():
            raise ComplaintIsIncomplete({"reason": "Напишите, почему жалоба не к вам."})
        complaint.forwarded_on = self.today
        complaint.forwarded_to = to
        complaint.forward_reason = reason
        return self._move(complaint, Action.FORWARD, transition, to)

    def decide(self, complaint_id: int, *, decision: Decision) -> C:
        """Decide: satisfied or refused. Raise `WrongAddressee`, `ComplaintIsIncomplete`."""
        complaint, transition = self._take(complaint_id, Action.DECIDE)
        self._check_is_ours(complaint)
        check_decision(decision)
        for name in decision.__slots__:
            setattr(complaint, name, getattr(decision, name))
        complaint.decided_on = self.today
        complaint.decided_by = self.hand.account_id
        complaint.decided_by_name = self.hand.name
        # The day after the decision is a calendar day (ст. 11.2 ч. 8): it does not move.
        complaint.answer_due_on = self.today + timedelta(days=self.procedure.answer_days)
        return self._move(complaint, Action.DECIDE, transition, OUTCOME_TITLES[decision.outcome])

    def answer(self, complaint_id: int, *, manner: Manner) -> C:
        """Note that the written answer went to the applicant."""
        complaint, transition = self._take(complaint_id, Action.ANSWER)
        complaint.answered_on = self.today
        complaint.answer_manner = manner
        return self._move(complaint, Action.ANSWER, transition, MANNER_TITLES[manner])

    def leave(self, complaint_id: int, *, ground: str) -> C:
        """Leave a complaint without an answer, on a ground of the closed list only."""
        complaint, transition = self._take(complaint_id, Action.LEAVE)
        self._check_is_ours(complaint)
        if ground not in {one.code for one in self.procedure.unanswered_grounds}:
            raise ComplaintIsIncomplete({"ground": "Выберите основание из закрытого списка."})
        complaint.unanswered_ground = ground
        title = self.procedure.unanswered_title(ground)
        return self._move(complaint, Action.LEAVE, transition, title)

    def note_offence(self, complaint_id: int, *, note: str) -> C:
        """Note that signs of an offence were sent to the prosecutor (ст. 11.2 ч. 9)."""
        complaint, transition = self._take(complaint_id, Action.NOTE_OFFENCE)
        if not note.strip():
            raise ComplaintIsIncomplete({"note": "Опишите, что и куда направлено."})
        complaint.offence_note = note
        complaint.offence_sent_on = self.today
        return self._move(complaint, Action.NOTE_OFFENCE, transition, note)

    def touch(self, complaint_id: int, action: Action, *, note: str = "", **fields: object) -> C:
        """Make a move of the room's own (assign, ask) that changes these fields and no state."""
        complaint, transition = self._take(complaint_id, action)
        for name, value in fields.items():
            setattr(complaint, name, value)
        return self._move(complaint, action, transition, note)

    def recount(self) -> list[C]:
        """Count the running terms anew by the calendar of today; return what changed.

        A decree is loaded, a regional day is added: the old day stays in the journal.
        """
        running = self.complaints._default_manager.filter(state=State.REGISTERED)
        changed = []
        for complaint in running.select_for_update(of=("self",)).order_by("pk"):
            assert complaint.registered_on is not None
            assert complaint.review_workdays is not None
            start, before = complaint.registered_on, complaint.due_on
            review = self.terms.due(start=start, working_days=complaint.review_workdays)
            if (review.due_on, review.edition) == (before, complaint.edition):
                continue
            forward = self.terms.due(start=start, working_days=self.procedure.forward_workdays)
            complaint.due_on, complaint.edition = review.due_on, review.edition
            complaint.is_provisional = review.is_provisional
            complaint.forward_due_on = forward.due_on
            complaint.save()
            note = "срок прежний"
            if before is not None and before != review.due_on:
                note = f"было {before:%d.%m.%Y}, стало {review.due_on:%d.%m.%Y}"
            self._write_step(complaint, RECOUNT, complaint.state, note)
            changed.append(complaint)
        return changed

    def is_about_hand(self, complaint: ComplaintBase) -> bool:
        """Return whether the person at the desk is the one complained of."""
        return is_about_hand(complaint, self.hand)

    # --- Inside

    def _take(self, complaint_id: int, action: Action) -> tuple[C, Transition]:
        """Lock the complaint and find the move; who is complained of moves nothing."""
        held = self.complaints._default_manager.select_for_update(of=("self",))
        complaint = held.filter(pk=complaint_id).first()
        if complaint is None:
            raise NotFound
        if self.is_about_hand(complaint):
            raise NotYourOwnComplaint
        return complaint, find_transition(complaint.stands, action, self.hand.parties)

    def _check_is_ours(self, complaint: ComplaintBase) -> None:
        if not is_addressed_to(complaint.aims_at, self.body, self.procedure):
            raise WrongAddressee

    def _move(self, complaint: C, action: Action, transition: Transition, note: str = "") -> C:
        before = complaint.state
        complaint.state = transition.leads_to
        complaint.save()
        self._write_step(complaint, action.value, before, note)
        return complaint

    def _write_step(self, complaint: C, action: str, before: str, note: str) -> None:
        self.steps(
            complaint=complaint,
            action=action,
            at=self.now,
            account_id=self.hand.account_id,
            by_name=self.hand.name,
            state_before=before,
            state_after=complaint.state,
            note=note,
        )


def is_about_hand(complaint: ComplaintBase, hand: Hand) -> bool:
    """Return whether a complaint is about this very person."""
    return is_about(
        against=complaint.against,
        against_id=complaint.against_id,
        last_name=hand.last_name,
        own_ids=hand.own_ids,
    )
