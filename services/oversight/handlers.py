"""The only traffic between the committee and a school: complaints, frozen cases, letters.

Each handler reads one schema, then writes the other, and bears being called twice: what arrives is
known by a key or by the sender's id. The school is opened as the system, for one named thing.
"""

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.files.queries import read_file
from foundation.inner_keys import inner_key
from kernel.actor import Actor, SchoolRef
from services.cases.events import ComplaintForwarded, LetterAnswered
from services.cases.operations import committee_letters as letters
from services.cases.operations import complaints as school_complaints
from services.cases.operations.committee_letters import Handover, LetterFromCommittee
from services.cases.operations.complaints import Upload
from services.cases.queries.committee_letters import get_letter
from services.cases.queries.complaint_snapshot import describe_case
from services.cases.queries.complaints import get_forwarded
from services.oversight import operations, queries
from services.oversight.events import (
    CaseAsked,
    ComplaintEnded,
    ComplaintSentToSchool,
    FindingSent,
    InquirySent,
)
from tenants.registry.events import RegionalDaysChanged
from tenants.registry.queries import get_district, get_school_by_id


def on_complaint_forwarded(school: SchoolRef | None, event: ComplaintForwarded) -> None:
    """School → committee: a complaint about the head comes with its attachments."""
    assert school is not None, "a school forwards"
    with school_transaction(Actor.system(school), school.id):
        forwarded = get_forwarded(complaint_id=event.complaint_id)
        uploads = _uploads(forwarded.draft.file_ids) if forwarded else []
    if forwarded is None:
        return
    with public_transaction():
        operations.receive_from_school(
            school=school,
            origin_id=event.complaint_id,
            forwarded=forwarded,
            uploads=uploads,
            now=clock.now(),
        )


def on_complaint_sent(_: SchoolRef | None, event: ComplaintSentToSchool) -> None:
    """Committee → school: a complaint about the staff goes to the head."""
    with public_transaction():
        sent = queries.get_sent(complaint_id=event.complaint_id)
        uploads = _uploads(sent.draft.file_ids) if sent else []
    if sent is None:
        return
    actor = Actor.system(get_school_by_id(sent.school_id))
    with school_transaction(actor, sent.school_id):
        school_complaints.receive_from_committee(
            actor=actor,
            committee_id=event.complaint_id,
            draft=sent.draft,
            uploads=uploads,
            account_id=sent.account_id,
            reference=sent.reference,
            code_digest=sent.code_digest,
            request_key=inner_key(f"complaint of the committee {event.complaint_id}"),
            now=clock.now(),
        )
    _note_handovers(event.complaint_id)


def on_case_asked(_: SchoolRef | None, event: CaseAsked) -> None:
    """School → committee: one case is copied and frozen, by its number, and nothing else."""
    with public_transaction():
        asked = queries.get_asked_case(snapshot_id=event.snapshot_id)
    actor = Actor.system(get_school_by_id(asked.school_id))
    with school_transaction(actor, asked.school_id):
        content = describe_case(actor=actor, number=asked.case_number)
    with public_transaction():
        operations.take_snapshot(snapshot_id=event.snapshot_id, content=content, now=clock.now())


def on_inquiry_sent(_: SchoolRef | None, event: InquirySent) -> None:
    """Committee → school: a question about a complaint; from now on the head knows of it."""
    with public_transaction():
        inquiry = queries.get_inquiry(inquiry_id=event.inquiry_id)
        complaint_id = queries.get_complaint_id_of_inquiry(inquiry_id=event.inquiry_id)
    letter = LetterFromCommittee(
        kind="inquiry",
        committee_id=event.inquiry_id,
        subject=f"Жалоба № {inquiry.complaint_number}",
        text=inquiry.text,
        sent_by_name=inquiry.asked_by_name,
        sent_on=inquiry.asked_on,
        due_on=inquiry.due_on,
    )
    _deliver(inquiry.school_id, letter)
    _note_handovers(complaint_id)


def on_finding_sent(_: SchoolRef | None, event: FindingSent) -> None:
    """Committee → school: a breach found by a check, with the day by which it is cured."""
    today = clock.today(get_district().timezone)
    with public_transaction():
        finding = queries.get_finding(finding_id=event.finding_id, today=today)
    text = "\n".join(filter(None, (finding.text, finding.clause)))
    letter = LetterFromCommittee(
        kind="finding",
        committee_id=finding.id,
        subject=f"Проверка № {finding.number}: {finding.subject}"[:300],
        text=text,
        sent_by_name="",
        sent_on=finding.sent_on or today,
        due_on=finding.cure_until,
    )
    _deliver(finding.school_id, letter)


def on_letter_answered(school: SchoolRef | None, event: LetterAnswered) -> None:
    """School → committee: the head's reply to a question or to a finding."""
    assert school is not None, "a school replies"
    actor = Actor.system(school)
    with school_transaction(actor, school.id):
        letter = get_letter(actor=actor, letter_id=event.letter_id)
    if letter.replied_on is None:
        return
    with public_transaction():
        if letter.kind == "inquiry":
            operations.take_reply(
                inquiry_id=letter.committee_id,
                reply=letter.reply,
                replied_on=letter.replied_on,
                replied_by_name=letter.replied_by_name,
            )
        else:
            operations.take_finding_reply(
                finding_id=letter.committee_id,
                reply=letter.reply,
                replied_on=letter.replied_on,
                replied_by_name=letter.replied_by_name,
            )


def on_complaint_ended(_: SchoolRef | None, event: ComplaintEnded) -> None:
    """Committee → school: what was shown of its cases is noted where the data come from."""
    _note_handovers(event.complaint_id)


def on_regional_days_changed(school: SchoolRef | None, event: RegionalDaysChanged) -> None:
    """Count the committee's own running terms by the new days at once."""
    with public_transaction():
        operations.recount_terms(now=clock.now())


def _note_handovers(complaint_id: int) -> None:
    with public_transaction():
        school_id, shown = queries.list_shown(complaint_id=complaint_id)
    if not shown:
        return
    actor = Actor.system(get_school_by_id(school_id))
    with school_transaction(actor, school_id):
        letters.note_handovers(
            actor=actor,
            handovers=[
                Handover(
                    committee_id=one.snapshot_id,
                    case_number=one.case_number,
                    taken_at=one.taken_at,
                    asked_by_name=one.asked_by_name,
                    digest=one.digest,
                )
                for one in shown
            ],
        )


def _deliver(school_id: int, letter: LetterFromCommittee) -> None:
    actor = Actor.system(get_school_by_id(school_id))
    with school_transaction(actor, school_id):
        letters.receive_letter(actor=actor, letter=letter)


def _uploads(file_ids: tuple[int, ...]) -> list[Upload]:
    files = [read_file(file_id=one) for one in file_ids]
    return [Upload(one.name, one.content) for one in files]
