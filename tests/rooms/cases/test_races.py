"""Two people at once, on a real PostgreSQL: whoever wins, the outcome is one and whole."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from foundation.db.door import school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.registers.models import RegisterCounter
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError
from kernel.registration import RegistrationNumber, list_missing
from services.cases.models import Application, CaseEvent
from services.cases.operations import applying, service
from services.cases.operations.applying import Door
from services.diary.models import AccessGrant
from services.people.models import ClassEnrollment
from services.people.operations.consents import withdraw_consent
from tests.rooms.cases.families import Family, make_family, noon
from tests.support.at_once import run_at_once
from tests.support.cleaning import empty_school

ROUNDS = 4


@pytest.fixture
def there(real_district: dict[str, SchoolRef]) -> Iterator[Family]:
    """A school whose rows are committed, emptied afterwards."""
    school = real_district["alpha"]
    with school_transaction(Actor.system(school), school.id):
        family = make_family(school)
        AccessGrant.objects.all().delete()
        assert ClassEnrollment.objects.exists()
    yield family
    empty_school(school)


def inside(family: Family, work: Callable[[], Any]) -> Any:
    """Do something in a transaction of its own."""
    with school_transaction(Actor.system(family.school), family.school.id):
        return work()


def at_once(family: Family, *works: Callable[[], Any]) -> list[str]:
    """Do things at the same moment; return «done» or the code of the refusal of each."""
    answers = run_at_once(*(partial(inside, family, work) for work in works))
    return [answer.code if isinstance(answer, DomainError) else "done" for answer in answers]


def test_two_clerks_grant_at_once_and_one_access_opens(there: Family) -> None:
    case_id = inside(there, there.accepted)

    def grant(actor: Actor) -> Callable[[], None]:
        return lambda: service.grant(actor=actor, case_id=case_id, now=noon())

    outcome = at_once(there, grant(there.administrator), grant(there.anna))

    assert sorted(outcome) == ["done", "not-possible-now"]
    with school_transaction(there.system, there.school.id):
        assert AccessGrant.objects.filter(revoked_at=None).count() == 1
        assert CaseEvent.objects.filter(action="grant").count() == 1


def test_grant_while_the_consent_is_withdrawn_leaves_no_access(there: Family) -> None:
    """Whichever comes first: a withdrawn consent and an open diary never stay together."""
    seen = set()
    for _ in range(ROUNDS):
        case_id = inside(there, there.accepted)
        with school_transaction(there.system, there.school.id):
            consent_id = Application.objects.get(pk=case_id).consent_id
        assert consent_id is not None

        outcome = at_once(
            there,
            partial(service.grant, actor=there.administrator, case_id=case_id, now=noon()),
            partial(
                withdraw_consent,
                actor=there.secretary,
                consent_id=consent_id,
                manner="desk",
                now=noon(),
            ),
        )
        deliver_waiting(there.school, noon())

        with school_transaction(there.system, there.school.id):
            case = Application.objects.get(pk=case_id)
            assert AccessGrant.objects.filter(revoked_at=None).count() == 0
        assert outcome[1] == "done"
        assert (outcome[0], case.state) in {
            ("done", "terminated"),
            ("consent-is-not-live", "refused"),
            ("not-possible-now", "refused"),
        }
        seen.add(case.state)
    assert seen <= {"terminated", "refused"}


def test_same_form_from_two_windows_is_one_application(there: Family) -> None:
    key = uuid.uuid4()

    outcome = at_once(there, *[lambda: there.apply(key=key)] * 4)

    assert outcome == ["done"] * 4
    with school_transaction(there.system, there.school.id):
        assert Application.objects.get().number == "2026/000001"
        assert RegisterCounter.objects.get(register="applications").last_place == 1


def test_register_is_unbroken_whoever_sends_and_whoever_fails(there: Family) -> None:
    def send(place: int) -> Callable[[], None]:
        def run() -> None:
            applying.submit_application(
                actor=Actor.public(there.school),
                door=Door("anonymous", uuid.uuid4(), network=str(place)),
                typed=there.typed(phone=f"+790012345{place:02}"),
                now=noon(),
            )
            if place % 3 == 0:
                raise DomainError  # the phone lost its network: nothing of it is kept

        return run

    at_once(there, *[send(place) for place in range(9)])

    with school_transaction(there.system, there.school.id):
        numbers = [
            RegistrationNumber.parse(text)
            for text in Application.objects.values_list("number", flat=True)
        ]
        papers = [
            RegistrationNumber.parse(text)
            for text in CaseEvent.objects.exclude(paper_number="").values_list(
                "paper_number", flat=True
            )
        ]
    assert (len(numbers), list_missing(numbers)) == (6, [])
    assert (len(papers), list_missing(papers)) == (6, [])
