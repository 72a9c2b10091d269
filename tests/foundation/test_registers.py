"""Numbers of a register: unbroken, whoever takes them, whatever fails on the way."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.transaction import TransactionManagementError

from foundation.db.door import public_transaction, school_transaction
from foundation.registers.models import RegisterCounter
from foundation.registers.operations import take_number
from kernel.actor import Actor, SchoolRef
from kernel.registration import RegistrationNumber
from tests.support.cleaning import empty_school

Schools = dict[str, SchoolRef]


def test_each_register_of_each_year_counts_from_one(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        taken = [
            take_number(register="cases.applications", year=2026),
            take_number(register="cases.applications", year=2026),
            take_number(register="cases.complaints", year=2026),
            take_number(register="cases.applications", year=2027),
        ]

    assert [str(number) for number in taken] == [
        "2026/000001",
        "2026/000002",
        "2026/000001",
        "2027/000001",
    ]


def test_schools_and_the_committee_count_each_for_itself(schools: Schools) -> None:
    with public_transaction():
        committee = take_number(register="complaints", year=2026)
    for school in (schools["alpha"], schools["beta"]):
        with school_transaction(Actor.system(school), school.id):
            assert take_number(register="complaints", year=2026) == committee


@pytest.mark.requirement("SRV-037")
def test_rollback_leaves_no_gap(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        first = take_number(register="consents", year=2026)
        with transaction.atomic():
            take_number(register="consents", year=2026)
            transaction.set_rollback(True)
        second = take_number(register="consents", year=2026)

    assert (first.place, second.place) == (1, 2)


@pytest.mark.parametrize("place", [1, 4, 3])
def test_counter_goes_neither_back_nor_by_two(school: SchoolRef, place: int) -> None:
    with school_transaction(Actor.system(school), school.id):
        for _ in range(2):
            take_number(register="consents", year=2026)
        counters = RegisterCounter.objects.filter(register="consents")
        if place == 3:
            assert counters.update(last_place=place) == 1
            return
        with pytest.raises(IntegrityError), transaction.atomic():
            counters.update(last_place=place)
        with pytest.raises(IntegrityError), transaction.atomic():
            counters.delete()


def test_number_outside_a_transaction_is_refused(real_district: Schools) -> None:
    with pytest.raises(TransactionManagementError):
        take_number(register="consents", year=2026)


def test_clerks_at_once_get_different_numbers_without_a_gap(real_district: Schools) -> None:
    school = real_district["alpha"]
    clerks, each = 6, 5
    start = Barrier(clerks)

    def register(clerk: int) -> list[RegistrationNumber]:
        taken = []
        start.wait()
        try:
            for attempt in range(each):
                try:
                    with school_transaction(Actor.system(school), school.id):
                        number = take_number(register="race", year=2026)
                        if (clerk + attempt) % 3 == 0:
                            raise ZeroDivisionError  # what bears the number was refused
                        taken.append(number)
                except ZeroDivisionError:
                    continue
        finally:
            connections.close_all()
        return taken

    try:
        with ThreadPoolExecutor(clerks) as pool:
            numbers = [number for row in pool.map(register, range(clerks)) for number in row]
        with school_transaction(Actor.system(school), school.id):
            last = RegisterCounter.objects.get(register="race").last_place

        assert sorted(number.place for number in numbers) == list(range(1, len(numbers) + 1))
        assert last == len(numbers) == clerks * each - 10
        assert connection.schema_name == "public"  # type: ignore[attr-defined]
    finally:
        empty_school(school)
