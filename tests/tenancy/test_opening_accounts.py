"""Accounts for a whole list: few queries, logins of their own, one account a card at any speed."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from foundation.db.door import public_transaction
from kernel.roles import Role
from tenants.accounts.models import Account, Membership
from tenants.accounts.opening import Newcomer, open_accounts

GUARDIAN = frozenset({Role.GUARDIAN})


def newcomers(number, start=1, name="Иванова Анна"):
    return [Newcomer(start + n, f"{name} {n}", GUARDIAN) for n in range(number)]


def open_all(school, people):
    with public_transaction():
        return open_accounts(school_id=school.id, newcomers=people)


@pytest.mark.django_db
def test_two_hundred_accounts_take_few_queries(school):
    with CaptureQueriesContext(connection) as queries:
        accounts = open_all(school, newcomers(200))

    assert len(set(accounts.values())) == 200
    # Savepoint twice, context, lock, two looks, logins, insert, two looks again, memberships.
    assert len(queries) <= 12


@pytest.mark.django_db
def test_namesakes_get_logins_of_their_own(school):
    open_all(school, newcomers(3))
    open_all(school, newcomers(2, start=4))
    open_all(school, newcomers(1, start=6, name="Иванова Аннабелла"))

    logins = Account.objects.order_by("pk").values_list("login", flat=True)
    assert list(logins) == ["ivanova.anna", *(f"ivanova.anna{n}" for n in range(2, 6)),
                            "ivanova.annabella"]  # fmt: skip


@pytest.mark.django_db
def test_person_of_another_school_is_known_by_identity(school, other_school):
    one = Newcomer(5, "Соколова Вера", GUARDIAN, identity_digest="d" * 64)
    two = Newcomer(9, "Соколова Вера", GUARDIAN, identity_digest="d" * 64)

    assert open_all(school, [one])[5] == open_all(other_school, [two])[9]
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_card_of_another_kind_with_the_same_number_is_another_person(school):
    pupil = Newcomer(5, "Соколов Глеб", frozenset({Role.PUPIL}))
    teacher = Newcomer(5, "Иванова Анна", frozenset({Role.TEACHER}))

    found = {open_all(school, [one])[5] for one in (*newcomers(1, start=5), pupil, teacher)}

    assert len(found) == 3


@pytest.mark.django_db
def test_new_post_adds_a_role_to_the_same_account(school):
    first = open_all(school, [Newcomer(5, "Борин Борис", frozenset({Role.TEACHER}))])
    again = open_all(school, [Newcomer(5, "Борин Борис", frozenset({Role.MANAGEMENT}))])

    assert first == again
    roles = Membership.objects.filter(account_id=first[5]).values_list("role", flat=True)
    assert set(roles) == {Role.TEACHER, Role.MANAGEMENT}


@pytest.mark.django_db
def test_account_that_is_gone_is_opened_anew(school):
    (account_id,) = open_all(school, [Newcomer(5, "Серова Ольга", GUARDIAN, account_id=0)]).values()

    assert Account.objects.get().pk == account_id


def test_two_openings_at_once_make_one_account_a_card(real_district):
    school = real_district["gamma"]
    people = newcomers(50, start=1000, name="Гонцова Дарья")
    found = []
    start = threading.Barrier(4)

    def run():
        try:
            start.wait()
            found.append(open_all(school, people))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(found) == 4
        assert all(one == found[0] for one in found)
        assert Membership.objects.filter(school_id=school.id).count() == 50
    finally:
        Membership.objects.filter(school_id=school.id, person_id__gte=1000).delete()
        Account.objects.filter(login__startswith="gontsova.darya").delete()
