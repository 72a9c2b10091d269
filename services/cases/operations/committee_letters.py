"""Letters of the committee in the school: they come by an event, the head replies; SRV-029."""

from dataclasses import dataclass
from datetime import date, datetime

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.complaints import ComplaintHasMovedOn, ComplaintIsIncomplete, Party
from kernel.days import local_day
from kernel.errors import NotFound
from kernel.roles import Role
from services.cases import complaint_access as access
from services.cases.events import LetterAnswered, LetterReceived
from services.cases.models import CaseHandover, CommitteeLetter


@dataclass(frozen=True, slots=True)
class LetterFromCommittee:
    """A letter as the committee sends it; `kind` is «inquiry» or «finding»."""

    kind: str
    committee_id: int
    subject: str
    text: str
    sent_by_name: str
    sent_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Handover:
    """What of the school's cases the committee was shown."""

    committee_id: int
    case_number: str
    taken_at: datetime
    asked_by_name: str
    digest: str


def receive_letter(*, actor: Actor, letter: LetterFromCommittee) -> int:
    """Take a letter in; the same one comes in once."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    row, is_new = CommitteeLetter.objects.get_or_create(
        kind=letter.kind,
        committee_id=letter.committee_id,
        defaults={
            "subject": letter.subject,
            "text": letter.text,
            "sent_by_name": letter.sent_by_name,
            "sent_on": letter.sent_on,
            "due_on": letter.due_on,
        },
    )
    if is_new:
        record(LetterReceived(row.pk))
    return row.pk


def answer_letter(*, actor: Actor, letter_id: int, reply: str, now: datetime) -> None:
    """Reply to the committee, once. Raise `ComplaintHasMovedOn` when somebody has replied."""
    if Party.HEAD not in access.parties_of(actor):
        raise NotFound
    if not reply.strip():
        raise ComplaintIsIncomplete({"reply": "Напишите ответ комитету."})
    letter = CommitteeLetter.objects.select_for_update(of=("self",)).filter(pk=letter_id).first()
    if letter is None:
        raise NotFound
    if letter.replied_on is not None:
        raise ComplaintHasMovedOn("Ответ комитету уже направлен.")
    letter.reply = reply
    letter.replied_on = local_day(now, actor.school.timezone)
    letter.replied_by = actor.account_id
    letter.replied_by_name = actor.name
    letter.save()
    record(LetterAnswered(letter.pk))


def note_handovers(*, actor: Actor, handovers: list[Handover]) -> None:
    """Keep what was shown to the committee; safe to repeat."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    CaseHandover.objects.bulk_create(
        [
            CaseHandover(
                committee_id=one.committee_id,
                case_number=one.case_number,
                taken_at=one.taken_at,
                asked_by_name=one.asked_by_name,
                digest=one.digest,
            )
            for one in handovers
        ],
        ignore_conflicts=True,
    )
