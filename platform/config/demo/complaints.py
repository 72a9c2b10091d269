"""Complaints and checks of the demo: one of each state, so that no page is empty.

Made by the operations people use, each at its own past moment; the key of each is of its own, so
a second load adds nothing.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.complaints import Channel, ComplaintDraft, Decision, Manner, Outcome, Target
from kernel.names import FullName
from kernel.roles import Role
from services.cases.operations import complaints as school_side
from services.oversight import operations as committee_side
from services.oversight import queries as committee
from services.oversight.access import Officer
from services.oversight.operations import CheckPlan

NAMESPACE = uuid.UUID("0b6f7c9e-3f0f-4f6e-9d55-2a1d6f3c8e10")
APPLICANT = FullName("Мельникова", "Софья", "Андреевна")
APPEAL = "Решение можно обжаловать учредителю школы или в суд."


def complain(*, school: SchoolRef, head: FullName, now: datetime) -> None:
    """Let a family complain to the school's head: answered, late, just come."""
    boss = Actor(None, school, frozenset({Role.MANAGEMENT}), name=str(head))
    for number, (days_ago, ground) in enumerate(((35, "2"), (25, "5"), (0, "ethics"))):
        moment = now - timedelta(days=days_ago)
        with school_transaction(boss, school.id):
            accepted = school_side.submit_complaint(
                actor=Actor.public(school),
                draft=_draft(Target.EMPLOYEE, "классный руководитель", ground),
                channel=Channel.ANONYMOUS,
                request_key=uuid.uuid5(NAMESPACE, f"{school.slug} {number}"),
                now=moment,
            )
            if not accepted.is_new or number == 2:
                continue
            place: dict[str, Any] = {"actor": boss, "complaint_id": accepted.id}
            school_side.register_complaint(**place, now=moment)
            if number == 0:
                later = moment + timedelta(days=7)
                school_side.decide_complaint(**place, decision=_decision(), now=later)
                school_side.answer_complaint(**place, manner=Manner.POST, now=later)


def complain_to_committee(*, school: SchoolRef, officer: FullName, now: datetime) -> None:
    """Let a family complain about the head, and the committee check the school."""
    worker = Officer(None, str(officer), frozenset({Role.DISTRICT_OFFICER}))
    with public_transaction():
        for number, days_ago in enumerate((10, 0)):
            moment = now - timedelta(days=days_ago)
            accepted = committee_side.submit_complaint(
                account_id=None,
                school=school,
                draft=_draft(Target.DIRECTOR, "директор", ("2", "4")[number]),
                channel=Channel.ANONYMOUS,
                request_key=uuid.uuid5(NAMESPACE, f"committee {school.slug} {number}"),
                now=moment,
            )
            if accepted.is_new and number == 0:
                committee_side.register_complaint(
                    officer=worker, complaint_id=accepted.id, now=moment
                )
        today = now.date()
        if not committee.list_checks(officer=worker, today=today, school_id=school.id):
            _check(school, worker, now)


def _check(school: SchoolRef, worker: Officer, now: datetime) -> None:
    start = (now - timedelta(days=20)).date()
    plan = CheckPlan(
        kind="planned",
        subject="Ведение электронного журнала",
        starts_on=start,
        ends_on=start + timedelta(days=10),
        inspectors=worker.name,
    )
    check_id = committee_side.open_check(officer=worker, school=school, plan=plan, today=start)
    for text, days in (("Не записаны темы уроков.", 15), ("Нет замен в журнале.", 30)):
        committee_side.add_finding(
            officer=worker,
            check_id=check_id,
            text=text,
            clause="",
            cure_until=start + timedelta(days=days),
            today=start,
        )
    committee_side.send_findings(officer=worker, check_id=check_id, today=start + timedelta(days=5))


def _draft(target: Target, against: str, ground: str) -> ComplaintDraft:
    return ComplaintDraft(
        target=target,
        against=against,
        grounds=(ground,),
        last_name=APPLICANT.last,
        first_name=APPLICANT.first,
        middle_name=APPLICANT.middle,
        residence="Заречный, ул. Речная, д. 3",
        phone="+79000000099",
        email="",
        postal_address="Заречный, ул. Речная, д. 3",
        contested="Доступ к дневнику не открыли в срок, причину не назвали.",
        arguments="Со дня согласия прошло больше десяти рабочих дней.",
    )


def _decision() -> Decision:
    return Decision(
        outcome=Outcome.SATISFIED,
        reasons="Срок предоставления доступа нарушен.",
        measures="Доступ открыт, с работником проведена беседа.",
        apology="Приносим извинения за доставленные неудобства.",
        next_steps="Войдите в дневник по логину с листа активации.",
        appeal_order=APPEAL,
    )
