"""Two people at one consent at the same moment: one row, one number, one withdrawal."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest

from foundation import clock
from foundation.db.door import school_transaction
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError
from kernel.registration import RegistrationNumber, list_missing
from services.people.models import Consent, SubjectRequest
from services.people.operations.consents import (
    ConsentIsAlreadyThere,
    accept_consent,
    change_operator,
    withdraw_consent,
)
from services.people.operations.subject_requests import RequestIsThere, write_down_request
from tests.factories.consents import FOR_CHILD
from tests.factories.school import SmallSchool, make_small_school
from tests.support.at_once import run_at_once
from tests.support.cleaning import empty_school

Work = Callable[[Actor], object]


@pytest.fixture
def there(real_district: dict[str, SchoolRef]) -> Iterator[tuple[SchoolRef, SmallSchool]]:
    """A small school outside any test transaction."""
    school = real_district["epsilon"]
    system = Actor.system(school)
    with school_transaction(system, school.id):
        small = make_small_school(system)
        change_operator(
            actor=system,
            values={"operator.name": "МБОУ «Школа»", "operator.address": "ул. Школьная, д. 1"},
            since_on=date(2025, 9, 1),
        )
    yield school, small
    empty_school(school)


def do_at_once(school: SchoolRef, *works: Work) -> list[object]:
    """Do the works together, each in its transaction."""

    def inside(work: Work) -> object:
        system = Actor.system(school)
        with school_transaction(system, school.id):
            return work(system)

    return run_at_once(*(partial(inside, work) for work in works))


def accept(school: SchoolRef, small: SmallSchool) -> Callable[[Actor], Any]:
    def work(actor: Actor) -> Any:
        return accept_consent(
            actor=actor,
            pupil_id=small.gleb,
            guardian_id=small.vera,
            details=FOR_CHILD,
            identified_by="in_person",
            accepted_on=clock.today(school.timezone),
            now=clock.now(),
        )

    return work


@pytest.mark.requirement("SRV-015", part=True)
def test_two_clerks_accept_the_same_consent_and_one_row_is_there(there):
    school, small = there

    results = do_at_once(school, *[accept(school, small)] * 3)

    assert sum(isinstance(one, ConsentIsAlreadyThere) for one in results) == 2
    with school_transaction(Actor.system(school), school.id):
        (consent,) = Consent.objects.all()
        assert list_missing([RegistrationNumber.parse(consent.number)]) == []


def test_two_withdrawals_at_once_are_one(there):
    school, small = there
    system = Actor.system(school)
    with school_transaction(system, school.id):
        card = accept(school, small)(system)
        OutboxEvent.objects.all().delete()

    def withdraw(actor: Actor) -> object:
        return withdraw_consent(
            actor=actor,
            consent_id=card.id,
            manner="desk",
            now=clock.now(),
        )

    results = do_at_once(school, withdraw, withdraw, withdraw)

    assert not any(isinstance(one, DomainError) for one in results)
    with school_transaction(system, school.id):
        assert OutboxEvent.objects.filter(name="people.ConsentWithdrawn").count() == 1
        assert Consent.objects.get().withdrawal_number.endswith("/000001")


def test_same_request_twice_at_once_is_registered_once(there):
    school, small = there

    def ask(actor: Actor) -> object:
        return write_down_request(
            actor=actor, guardian_id=small.vera, pupil_id=None, employee_id=None, now=clock.now()
        )

    results = do_at_once(school, ask, ask)

    assert sum(isinstance(one, RequestIsThere) for one in results) == 1
    with school_transaction(Actor.system(school), school.id):
        assert SubjectRequest.objects.count() == 1
