"""Complaints to the committee: taking in, moves, what goes to the school and comes back.

Source: 210-ФЗ ст. 11.2, SRV-030, SRV-031, ROL-033. Everything here is inside a public transaction;
a school is reached by an event only, and learns of a complaint no earlier than that.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from foundation.complaints.codes import code_of
from foundation.complaints.desk import Desk, Hand
from foundation.complaints.retention import erase_expired
from foundation.files.operations import store_file
from foundation.inner_keys import inner_key
from foundation.outbox.operations import record
from kernel.actor import SchoolRef
from kernel.complaints import (
    Action,
    Body,
    Channel,
    ComplaintDraft,
    ComplaintIsIncomplete,
    Decision,
    Manner,
    State,
    Target,
    check_draft,
)
from kernel.days import local_day
from kernel.errors import DomainError, NotFound
from kernel.roles import DISTRICT_ROLES
from services.cases.operations.complaints import (
    FILE_KIND,
    KEPT_YEARS,
    TO_SCHOOL,
    Accepted,
    Upload,
)
from services.cases.queries.complaints import ForwardedComplaint
from services.oversight import access
from services.oversight.access import Officer
from services.oversight.events import (
    CaseAsked,
    ComplaintEnded,
    ComplaintSentToSchool,
    InquirySent,
)
from services.oversight.models import (
    CaseSnapshot,
    Complaint,
    ComplaintStep,
    Inquiry,
    SnapshotLook,
)
from services.oversight.notices import tell_applicant, tell_officers
from services.oversight.queries.procedure import get_procedure, get_terms
from services.regulation.queries import get_district_setting
from tenants.accounts.queries.members import list_members
from tenants.registry.queries import get_district


class AssignedToAnother(DomainError):
    """Another officer works on the complaint."""

    code = "assigned-to-another"
    message = "Жалоба поручена другому специалисту."


def submit_complaint(
    *,
    account_id: int | None,
    name: str = "",
    school: SchoolRef,
    draft: ComplaintDraft,
    uploads: Sequence[Upload] = (),
    channel: Channel,
    request_key: UUID,
    now: datetime,
) -> Accepted:
    """Take a complaint in, with its attachments; the same request comes in once.

    Raise `ComplaintIsIncomplete`, `FileIsNotAccepted`.
    """
    desk = _desk(Hand(account_id, name, frozenset()), now)
    known = desk.find(request_key)
    is_new = known is None
    if known is None:
        check_draft(draft, desk.procedure)
        known, _ = desk.accept(
            draft,
            channel=channel,
            request_key=request_key,
            account_id=account_id if channel is Channel.PORTAL else None,
            file_ids=_store(uploads, account_id),
            school_id=school.id,
        )
        tell_officers(complaint=known)
    return Accepted(known.pk, known.reference, code_of(request_key), known.register_due_on, is_new)


def receive_from_school(
    *,
    school: SchoolRef,
    origin_id: int,
    forwarded: ForwardedComplaint,
    uploads: Sequence[Upload],
    now: datetime,
) -> int:
    """Take in what a school sent on; the same one comes in once."""
    key = inner_key(f"complaint of school {school.id}/{origin_id}")
    desk = _desk(Officer.system().hand, now)
    known = desk.find(key)
    if known is None:
        known, _ = desk.accept(
            forwarded.draft,
            channel=Channel.FORWARDED,
            request_key=key,
            account_id=forwarded.account_id,
            reference=forwarded.reference,
            code_digest=forwarded.code_digest,
            file_ids=_store(uploads, None),
            school_id=school.id,
            came_from_school=True,
        )
        tell_officers(complaint=known)
    return known.pk


def register_complaint(*, officer: Officer, complaint_id: int, now: datetime) -> str:
    """Register a complaint and return its number; the term of consideration begins."""
    complaint = _desk_for(officer, complaint_id, now).register(complaint_id)
    tell_applicant(complaint=complaint, what=State.REGISTERED)
    return complaint.number or ""


def keep_terms(*, now: datetime) -> int:
    """Count running terms by today's calendar and register what must be registered today.

    So the term of registration cannot be missed. Return how many were registered.
    """
    desk = _desk(Officer.system().hand, now)
    desk.recount()
    waiting = Complaint.objects.filter(state=State.RECEIVED, register_due_on__lte=desk.today)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for complaint_id in ids:
        tell_applicant(complaint=desk.register(complaint_id), what=State.REGISTERED)
    return len(ids)


def recount_terms(*, now: datetime) -> int:
    """Count the running terms by the calendar as it is now; return how many changed."""
    return len(_desk(Officer.system().hand, now).recount())


def erase_expired_complaints(*, now: datetime) -> int:
    """Erase what was kept long enough, with its questions, copies of cases and files."""
    desk, zone = _desk(Officer.system().hand, now), get_district().timezone
    years = int(get_district_setting(key=KEPT_YEARS, on=desk.today).value)
    return len(erase_expired(Complaint, years=years, today=desk.today, timezone=zone))


def name_person(
    *,
    officer: Officer,
    complaint_id: int,
    target: Target,
    against_id: int | None,
    note: str,
    now: datetime,
) -> None:
    """Say who is complained of; `against_id` is the account of an officer, or None."""
    _desk_for(officer, complaint_id, now).name_person(
        complaint_id, target=target, against_id=against_id, note=note
    )


def assign_complaint(
    *, officer: Officer, complaint_id: int, account_id: int, now: datetime
) -> None:
    """Give a complaint to an officer: anyone takes a free one, who leads gives it to another.

    Raise `ComplaintIsIncomplete` for who is not of the committee or may not see it.
    """
    desk = _desk_for(officer, complaint_id, now)
    if account_id != officer.account_id and not officer.leads:
        raise NotFound
    names = list_members(school_id=None, roles=DISTRICT_ROLES)
    complaint = access.get_complaint(officer=officer, complaint_id=complaint_id)
    chosen = Officer(account_id, names.get(account_id, ""), DISTRICT_ROLES)
    if account_id not in names or not access.may_see(complaint, chosen):
        raise ComplaintIsIncomplete({"account": "Этому человеку жалобу поручить нельзя."})
    desk.touch(
        complaint_id,
        Action.ASSIGN,
        note=names[account_id],
        assigned_to=account_id,
        assigned_name=names[account_id],
    )
    tell_officers(complaint=complaint, only=account_id)


def forward_complaint(*, officer: Officer, complaint_id: int, reason: str, now: datetime) -> None:
    """Send a complaint that is not the committee's to the school's head; the applicant is told."""
    desk = _desk_for(officer, complaint_id, now)
    complaint = desk.forward(complaint_id, to=TO_SCHOOL, reason=reason)
    record(ComplaintSentToSchool(complaint.pk))
    tell_applicant(complaint=complaint, what=State.FORWARDED)


def ask_case(*, officer: Officer, complaint_id: int, number: str, now: datetime) -> int:
    """Ask for the case of a complaint; its frozen copy comes by an event. Return its id."""
    number = number.strip()
    if not number:
        raise ComplaintIsIncomplete({"number": "Укажите номер заявления, например 2026/000123."})
    desk = _desk_for(officer, complaint_id, now)
    complaint = desk.touch(complaint_id, Action.ASK_CASE, note=number)
    snapshot = CaseSnapshot.objects.create(
        complaint=complaint,
        case_number=number[:20],
        asked_at=now,
        asked_by=officer.account_id,
        asked_by_name=officer.name,
    )
    record(CaseAsked(snapshot.pk))
    return snapshot.pk


def take_snapshot(*, snapshot_id: int, content: dict[str, Any] | None, now: datetime) -> bool:
    """Freeze what the school holds of a case; return False when it was frozen before."""
    snapshot = CaseSnapshot.objects.select_for_update(of=("self",)).get(pk=snapshot_id)
    if snapshot.taken_at is not None:
        return False
    snapshot.taken_at = now
    snapshot.is_missing = content is None
    snapshot.content = content
    snapshot.digest = digest_of(content) if content is not None else ""
    snapshot.save()
    return True


def digest_of(content: dict[str, Any]) -> str:
    """Return the digest of a snapshot's content."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def look_at_snapshot(*, officer: Officer, snapshot_id: int, now: datetime) -> dict[str, Any]:
    """Return a snapshot's content and note who looked. Raise `NotFound` while there is none."""
    snapshot = CaseSnapshot.objects.filter(pk=snapshot_id, taken_at__isnull=False).first()
    if snapshot is None or snapshot.content is None:
        raise NotFound
    access.get_complaint(officer=officer, complaint_id=snapshot.complaint_id)
    SnapshotLook.objects.create(
        snapshot=snapshot, at=now, account_id=officer.account_id, by_name=officer.name
    )
    content: dict[str, Any] = snapshot.content
    return content


def ask_school(
    *, officer: Officer, complaint_id: int, text: str, due_on: date | None = None, now: datetime
) -> int:
    """Ask the school's head for an explanation; with this letter the school learns of it."""
    if not text.strip():
        raise ComplaintIsIncomplete({"text": "Напишите, о чём спрашиваете школу."})
    desk = _desk_for(officer, complaint_id, now)
    complaint = desk.touch(complaint_id, Action.ASK_SCHOOL, note=text)
    usual = desk.terms.due(start=desk.today, working_days=desk.procedure.inquiry_workdays).due_on
    inquiry = Inquiry.objects.create(
        complaint=complaint,
        text=text,
        asked_on=desk.today,
        asked_by=officer.account_id,
        asked_by_name=officer.name,
        due_on=due_on or usual,
    )
    record(InquirySent(inquiry.pk))
    return inquiry.pk


def take_reply(*, inquiry_id: int, reply: str, replied_on: date, replied_by_name: str) -> None:
    """Keep the school's explanation; safe to repeat."""
    Inquiry.objects.filter(pk=inquiry_id, replied_on=None).update(
        reply=reply, replied_on=replied_on, replied_by_name=replied_by_name
    )
    inquiry = Inquiry.objects.select_related("complaint").get(pk=inquiry_id)
    tell_officers(complaint=inquiry.complaint, reply_to=inquiry.pk)


def decide_complaint(
    *, officer: Officer, complaint_id: int, decision: Decision, now: datetime
) -> date:
    """Decide and return the day by which the answer goes out. Who is complained of cannot."""
    complaint = _desk_for(officer, complaint_id, now).decide(complaint_id, decision=decision)
    assert complaint.answer_due_on is not None
    return complaint.answer_due_on


def answer_complaint(*, officer: Officer, complaint_id: int, manner: Manner, now: datetime) -> None:
    """Note that the answer went to the applicant."""
    complaint = _desk_for(officer, complaint_id, now).answer(complaint_id, manner=manner)
    record(ComplaintEnded(complaint.pk))
    tell_applicant(complaint=complaint, what=State.ANSWERED)


def leave_complaint(*, officer: Officer, complaint_id: int, ground: str, now: datetime) -> None:
    """Leave a complaint without an answer, on a ground of the closed list."""
    complaint = _desk_for(officer, complaint_id, now).leave(complaint_id, ground=ground)
    record(ComplaintEnded(complaint.pk))
    tell_applicant(complaint=complaint, what=State.UNANSWERED)


def note_offence(*, officer: Officer, complaint_id: int, note: str, now: datetime) -> None:
    """Note that signs of an offence were sent to the prosecutor."""
    _desk_for(officer, complaint_id, now).note_offence(complaint_id, note=note)


def _desk_for(officer: Officer, complaint_id: int, now: datetime) -> Desk[Complaint]:
    """Return the desk of who may see this complaint and works on it.

    Raise `NotFound`, `AssignedToAnother`.
    """
    complaint = access.get_complaint(officer=officer, complaint_id=complaint_id)
    if not access.is_his(complaint, officer):
        raise AssignedToAnother(f"Жалоба поручена: {complaint.assigned_name}.")
    return _desk(officer.hand, now)


def _desk(hand: Hand, now: datetime) -> Desk[Complaint]:
    today = local_day(now, get_district().timezone)
    return Desk(
        complaints=Complaint,
        steps=ComplaintStep.objects.create,
        body=Body.COMMITTEE,
        hand=hand,
        procedure=get_procedure(on=today),
        terms=get_terms(),
        now=now,
        today=today,
    )


def _store(uploads: Sequence[Upload], account_id: int | None) -> list[int]:
    return [
        store_file(actor_account_id=account_id, name=one.name, content=one.content, kind=FILE_KIND)
        for one in uploads
    ]
