"""Two people at one complaint at the same moment: one wins, the other is told."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.complaints import Channel, ComplaintHasMovedOn, Outcome, Target
from kernel.roles import Role
from services.cases.models import Complaint as SchoolComplaint
from services.cases.operations import complaints as school_side
from services.oversight import operations
from services.oversight.access import Officer
from services.oversight.models import Complaint
from tests.factories.complaints import FRIDAY_MORNING as NOW
from tests.factories.complaints import make_decision, make_draft
from tests.support.at_once import run_at_once

Work = Callable[[], object]
OFFICERS = [
    Officer(number, name, frozenset({Role.DISTRICT_OFFICER}))
    for number, name in ((101, "Олегов Олег"), (102, "Ольгина Ольга"))
]


@pytest.fixture
def school(real_district: dict[str, SchoolRef]) -> Iterator[SchoolRef]:
    """A school outside any test transaction; what was written is wiped."""
    school = real_district["delta"]
    yield school
    system = Actor.system(school)
    with school_transaction(system, school.id):
        SchoolComplaint.objects.all().delete()
        OutboxEvent.objects.all().delete()
    with public_transaction():
        Complaint.objects.all().delete()
        OutboxEvent.objects.filter(name__startswith="oversight.").delete()


def complain(school: SchoolRef, key: uuid.UUID | None = None, **changes: object) -> int:
    with public_transaction():
        return operations.submit_complaint(
            account_id=None,
            school=school,
            draft=make_draft(**{"target": Target.DIRECTOR, "against": "директор", **changes}),
            channel=Channel.ANONYMOUS,
            request_key=key or uuid.uuid4(),
            now=NOW,
        ).id


def registered(school: SchoolRef, **changes: Any) -> int:
    complaint_id = complain(school, **changes)
    with public_transaction():
        operations.register_complaint(officer=OFFICERS[0], complaint_id=complaint_id, now=NOW)
    return complaint_id


def test_two_officers_decide_at_once_and_one_decision_stands(school: SchoolRef) -> None:
    complaint_id = registered(school)

    def decide(officer: Officer, outcome: Outcome) -> Work:
        def work() -> object:
            with public_transaction():
                return operations.decide_complaint(
                    officer=officer,
                    complaint_id=complaint_id,
                    decision=make_decision(outcome),
                    now=NOW,
                )

        return work

    results = run_at_once(
        decide(OFFICERS[0], Outcome.SATISFIED), decide(OFFICERS[1], Outcome.REFUSED)
    )

    lost = [isinstance(one, ComplaintHasMovedOn) for one in results]
    assert sorted(lost) == [False, True]
    winner = OFFICERS[lost.index(False)]
    assert Complaint.objects.get(pk=complaint_id).decided_by == winner.account_id
    assert Complaint.objects.get(pk=complaint_id).steps.filter(action="decide").count() == 1


def test_forwarded_twice_at_once_goes_once(school: SchoolRef) -> None:
    complaint_id = registered(school, target=Target.EMPLOYEE, against="учитель")

    def forward(officer: Officer) -> Work:
        def work() -> object:
            with public_transaction():
                operations.forward_complaint(
                    officer=officer, complaint_id=complaint_id, reason="Решает школа.", now=NOW
                )
            return None

        return work

    results = run_at_once(*map(forward, OFFICERS))

    assert sum(isinstance(one, ComplaintHasMovedOn) for one in results) == 1
    with public_transaction():
        assert OutboxEvent.objects.filter(name="oversight.ComplaintSentToSchool").count() == 1


def test_registered_at_once_numbers_have_no_gap(school: SchoolRef) -> None:
    ids = [complain(school) for _ in range(4)]

    def register(complaint_id: int) -> Work:
        def work() -> object:
            with public_transaction():
                return operations.register_complaint(
                    officer=OFFICERS[0], complaint_id=complaint_id, now=NOW
                )

        return work

    places = sorted(int(str(one).split("/")[1]) for one in run_at_once(*map(register, ids)))

    assert places == list(range(places[0], places[0] + 4))


def test_form_sent_twice_at_once_is_one_complaint(school: SchoolRef) -> None:
    key = uuid.uuid4()

    first, second = run_at_once(lambda: complain(school, key), lambda: complain(school, key))

    assert first == second
    assert Complaint.objects.filter(request_key=key).count() == 1


def test_head_decides_while_the_office_forwards(school: SchoolRef) -> None:
    boris = Actor(31, school, frozenset({Role.MANAGEMENT}), {}, "Борин Борис")
    secretary = Actor(32, school, frozenset({Role.SECRETARY}), {}, "Секретова Софья")
    with school_transaction(boris, school.id):
        complaint_id = school_side.submit_complaint(
            actor=Actor.public(school),
            draft=make_draft(),
            channel=Channel.ANONYMOUS,
            request_key=uuid.uuid4(),
            now=NOW,
        ).id
        school_side.register_complaint(actor=boris, complaint_id=complaint_id, now=NOW)

    def decide() -> object:
        with school_transaction(boris, school.id):
            return school_side.decide_complaint(
                actor=boris, complaint_id=complaint_id, decision=make_decision(), now=NOW
            )

    def forward() -> object:
        with school_transaction(secretary, school.id):
            return school_side.forward_complaint(
                actor=secretary, complaint_id=complaint_id, reason="Не к нам.", now=NOW
            )

    results = run_at_once(decide, forward)

    assert sum(isinstance(one, ComplaintHasMovedOn) for one in results) == 1
    with school_transaction(boris, school.id):
        one = SchoolComplaint.objects.get(pk=complaint_id)
        assert bool(one.outcome) != bool(one.forwarded_on)
