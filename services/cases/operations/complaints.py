"""Taking complaints in and considering them at school; each function is one move of the table.

Source: 210-ФЗ ст. 11.2, SRV-030, SRV-031. A complaint about the head never stays here: it is sent
to the committee at the moment that is known, by an event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from foundation.complaints.codes import code_of
from foundation.complaints.desk import Desk, Hand
from foundation.complaints.retention import erase_expired, last_kept
from foundation.files.operations import store_file
from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.complaints import (
    Body,
    Channel,
    ComplaintDraft,
    Decision,
    Manner,
    State,
    Target,
    WrongAddressee,
    check_draft,
    is_addressed_to,
)
from kernel.days import local_day
from kernel.roles import FAMILY_ROLES, Role
from services.cases import complaint_access as access
from services.cases.complaint_notices import tell_applicant
from services.cases.events import ComplaintForwarded, ComplaintReceived
from services.cases.models import CommitteeLetter, Complaint, ComplaintStep
from services.cases.queries.complaint_procedure import get_procedure, get_terms
from services.regulation.queries import get_setting

FILE_KIND = "complaint"
KEPT_YEARS = "retention.complaint_years"
TO_COMMITTEE = "Орган управления образованием (учредитель школы)"
TO_SCHOOL = "Директор школы"
ABOUT_THE_HEAD = "Жалобу на директора школы рассматривает учредитель (210-ФЗ ст. 11.2 ч. 2)."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the applicant sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the applicant keeps: by the reference and the code the status is asked."""

    id: int
    reference: str
    code: str
    register_due_on: date
    is_new: bool


def submit_complaint(
    *,
    actor: Actor,
    draft: ComplaintDraft,
    uploads: Sequence[Upload] = (),
    channel: Channel,
    request_key: UUID,
    now: datetime,
) -> Accepted:
    """Take a complaint in, with its attachments; the same request comes in once.

    From a visitor, a family or the office (on paper). Raise `ComplaintIsIncomplete`,
    `FileIsNotAccepted`, `NotFound` for who may not, `WrongAddressee` for one about the head.
    """
    if not actor.has(Role.PUBLIC, *FAMILY_ROLES):
        access.check_may_work(actor)
    is_own = channel is Channel.PORTAL
    desk = _desk(actor, now, Hand(actor.account_id, actor.name, frozenset()))
    known = desk.find(request_key)
    if known is None:
        check_draft(draft, desk.procedure)
        if not is_addressed_to(draft.target, Body.SCHOOL, desk.procedure):
            raise WrongAddressee
        file_ids = [
            store_file(
                actor_account_id=actor.account_id,
                name=one.name,
                content=one.content,
                kind=FILE_KIND,
            )
            for one in uploads
        ]
        known, _ = desk.accept(
            draft,
            channel=channel,
            request_key=request_key,
            account_id=actor.account_id if is_own else None,
            file_ids=file_ids,
        )
        record(ComplaintReceived(known.pk))
        is_new = True
    else:
        is_new = False
    return Accepted(known.pk, known.reference, code_of(request_key), known.register_due_on, is_new)


def receive_from_committee(
    *,
    actor: Actor,
    committee_id: int,
    draft: ComplaintDraft,
    uploads: Sequence[Upload],
    account_id: int | None,
    reference: str,
    code_digest: str,
    request_key: UUID,
    now: datetime,
) -> int:
    """Take in what the committee sent on; the applicant's reference and code stay the same."""
    access.check_may_work(actor)
    desk = _desk(actor, now, access.hand_of(actor))
    known = desk.find(request_key)
    if known is None:
        file_ids = [
            store_file(actor_account_id=None, name=one.name, content=one.content, kind=FILE_KIND)
            for one in uploads
        ]
        known, _ = desk.accept(
            draft,
            channel=Channel.FORWARDED,
            request_key=request_key,
            account_id=account_id,
            committee_id=committee_id,
            reference=reference,
            code_digest=code_digest,
            file_ids=file_ids,
        )
        record(ComplaintReceived(known.pk))
    return known.pk


def register_complaint(*, actor: Actor, complaint_id: int, now: datetime) -> str:
    """Register a complaint and return its number; the term of consideration begins."""
    complaint = _desk_for(actor, complaint_id, now).register(complaint_id)
    tell_applicant(actor=actor, complaint=complaint, what=State.REGISTERED)
    return complaint.number or ""


def keep_terms(*, actor: Actor, now: datetime) -> int:
    """Count running terms by today's calendar and register what must be registered today.

    So the term of registration cannot be missed. Return how many were registered.
    """
    desk = _desk(actor, now, access.check_may_work(actor))
    desk.recount()
    waiting = Complaint.objects.filter(state=State.RECEIVED, register_due_on__lte=desk.today)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for complaint_id in ids:
        complaint = desk.register(complaint_id)
        tell_applicant(actor=actor, complaint=complaint, what=State.REGISTERED)
    return len(ids)


def recount_terms(*, actor: Actor, now: datetime) -> int:
    """Count the running terms by the calendar as it is now; return how many changed."""
    return len(_desk(actor, now, access.check_may_work(actor)).recount())


def erase_expired_complaints(*, actor: Actor, today: date) -> int:
    """Erase complaints and the committee's letters kept long enough; return how many."""
    access.check_may_work(actor)
    years = int(get_setting(key=KEPT_YEARS, on=today).value)
    zone = actor.school.timezone
    erased = erase_expired(Complaint, years=years, today=today, timezone=zone)
    old = CommitteeLetter.objects.filter(replied_on__lt=last_kept(today, years))
    letters, _ = old.delete()
    return len(erased) + letters


def name_person(
    *,
    actor: Actor,
    complaint_id: int,
    target: Target,
    against_id: int | None,
    note: str,
    now: datetime,
) -> State:
    """Say who is complained of. One that turns out to be about the head goes to the committee."""
    desk = _desk_for(actor, complaint_id, now)
    complaint = desk.name_person(complaint_id, target=target, against_id=against_id, note=note)
    if is_addressed_to(target, Body.SCHOOL, desk.procedure):
        return complaint.stands
    if complaint.stands is State.RECEIVED:
        complaint = desk.register(complaint_id)
        tell_applicant(actor=actor, complaint=complaint, what=State.REGISTERED)
    return _send_on(desk, actor, complaint_id, ABOUT_THE_HEAD)


def forward_complaint(*, actor: Actor, complaint_id: int, reason: str, now: datetime) -> State:
    """Send a complaint that is not the school's to the committee; the applicant is told."""
    return _send_on(_desk_for(actor, complaint_id, now), actor, complaint_id, reason)


def _send_on(desk: Desk[Complaint], actor: Actor, complaint_id: int, reason: str) -> State:
    complaint = desk.forward(complaint_id, to=TO_COMMITTEE, reason=reason)
    record(ComplaintForwarded(complaint.pk))
    tell_applicant(actor=actor, complaint=complaint, what=State.FORWARDED)
    return complaint.stands


def decide_complaint(*, actor: Actor, complaint_id: int, decision: Decision, now: datetime) -> date:
    """Decide and return the day by which the answer goes out. Who is complained of cannot."""
    complaint = _desk_for(actor, complaint_id, now).decide(complaint_id, decision=decision)
    assert complaint.answer_due_on is not None
    return complaint.answer_due_on


def answer_complaint(*, actor: Actor, complaint_id: int, manner: Manner, now: datetime) -> None:
    """Note that the answer went to the applicant."""
    complaint = _desk_for(actor, complaint_id, now).answer(complaint_id, manner=manner)
    tell_applicant(actor=actor, complaint=complaint, what=State.ANSWERED)


def leave_complaint(*, actor: Actor, complaint_id: int, ground: str, now: datetime) -> None:
    """Leave a complaint without an answer, on a ground of the closed list."""
    complaint = _desk_for(actor, complaint_id, now).leave(complaint_id, ground=ground)
    tell_applicant(actor=actor, complaint=complaint, what=State.UNANSWERED)


def note_offence(*, actor: Actor, complaint_id: int, note: str, now: datetime) -> None:
    """Note that signs of an offence were sent to the prosecutor."""
    _desk_for(actor, complaint_id, now).note_offence(complaint_id, note=note)


def _desk_for(actor: Actor, complaint_id: int, now: datetime) -> Desk[Complaint]:
    """Return the desk of somebody who may see this complaint. Raise `NotFound`."""
    desk = _desk(actor, now, access.check_may_work(actor))
    access.get_complaint(actor=actor, complaint_id=complaint_id, procedure=desk.procedure)
    return desk


def _desk(actor: Actor, now: datetime, hand: Hand) -> Desk[Complaint]:
    today = local_day(now, actor.school.timezone)
    return Desk(
        complaints=Complaint,
        steps=ComplaintStep.objects.create,
        body=Body.SCHOOL,
        hand=hand,
        procedure=get_procedure(on=today),
        terms=get_terms(),
        now=now,
        today=today,
    )
