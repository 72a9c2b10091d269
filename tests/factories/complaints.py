"""Complaints as people write them: whole, and with a part left out or changed."""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.complaints import Channel, ComplaintDraft, Decision, Outcome, Target
from kernel.roles import Role
from services.cases.models import Complaint as SchoolComplaint
from services.cases.operations import complaints as school_side
from services.cases.operations.committee_letters import LetterFromCommittee, receive_letter
from services.cases.operations.complaints import Upload
from services.oversight import operations as committee_side
from services.oversight.access import Officer
from services.oversight.models import Complaint as CommitteeComplaint
from services.oversight.operations import CheckPlan

FRIDAY_MORNING = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)  # 10:00 in Moscow


def make_draft(**changes: Any) -> ComplaintDraft:
    """Return Vera's complaint about the teacher Petrova."""
    whole = ComplaintDraft(
        target=Target.EMPLOYEE,
        against="учитель Петрова О.",
        grounds=("2",),
        last_name="Глебова",
        first_name="Вера",
        middle_name="Ивановна",
        residence="Заречный, Садовая, 1",
        phone="+79000000001",
        email="",
        postal_address="385000, Заречный, Садовая, 1",
        contested="Доступ к дневнику не открыли в срок.",
        arguments="Прошло двенадцать рабочих дней.",
    )
    return replace(whole, **changes)


def make_decision(outcome: Outcome = Outcome.SATISFIED, **changes: Any) -> Decision:
    """Return a whole decision."""
    satisfied = outcome is Outcome.SATISFIED
    whole = Decision(
        outcome=outcome,
        reasons="Срок нарушен." if satisfied else "Срок не нарушен.",
        measures="Доступ открыт." if satisfied else "",
        apology="Приносим извинения." if satisfied else "",
        next_steps="Войдите в дневник." if satisfied else "",
        appeal_order="Решение можно обжаловать в суд.",
    )
    return replace(whole, **changes)


def key() -> uuid.UUID:
    """Return the key of a new request."""
    return uuid.uuid4()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
OFFICER = Officer(900, "Олегов Олег", frozenset({Role.DISTRICT_OFFICER}))


@dataclass(frozen=True)
class Filed:
    """A complaint at a school and one at the committee, each registered; a letter; a check."""

    complaint_id: int
    file_id: int
    reference: str
    code: str
    letter_id: int
    committee_id: int
    committee_file_id: int
    snapshot_id: int
    check_id: int


def file_complaints(school: SchoolRef, *, email: str = "") -> Filed:
    """Let Vera complain about a teacher to the school and about the head to the committee."""
    system, day = Actor.system(school), FRIDAY_MORNING.date()
    sent: dict[str, Any] = {
        "uploads": [Upload("снимок.pdf", PDF)],
        "channel": Channel.ANONYMOUS,
        "now": FRIDAY_MORNING,
    }
    with school_transaction(system, school.id):
        accepted = school_side.submit_complaint(
            actor=Actor.public(school), draft=make_draft(email=email), request_key=key(), **sent
        )
        school_side.register_complaint(actor=system, complaint_id=accepted.id, now=FRIDAY_MORNING)
        files = SchoolComplaint.objects.get(pk=accepted.id).file_ids
        letter = LetterFromCommittee("inquiry", 1, "Жалоба № 1", "Объясните.", "", day, day)
        letter_id = receive_letter(actor=system, letter=letter)
    with public_transaction():
        ours = committee_side.submit_complaint(
            account_id=None,
            school=school,
            draft=make_draft(target=Target.DIRECTOR, against="директор", email=email),
            request_key=key(),
            **sent,
        ).id
        place: dict[str, Any] = {"officer": OFFICER, "complaint_id": ours, "now": FRIDAY_MORNING}
        committee_side.register_complaint(**place)
        snapshot_id = committee_side.ask_case(**place, number="2026/000001")
        committee_side.take_snapshot(
            snapshot_id=snapshot_id, content={"number": "2026/000001"}, now=FRIDAY_MORNING
        )
        plan = CheckPlan("planned", "Журналы", day, date(2026, 11, 27), "Олегов О. О.")
        check_id = committee_side.open_check(officer=OFFICER, school=school, plan=plan, today=day)
        committee_files = CommitteeComplaint.objects.get(pk=ours).file_ids
    return Filed(
        complaint_id=accepted.id,
        file_id=files[0],
        reference=accepted.reference,
        code=accepted.code,
        letter_id=letter_id,
        committee_id=ours,
        committee_file_id=committee_files[0],
        snapshot_id=snapshot_id,
        check_id=check_id,
    )
