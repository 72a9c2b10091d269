"""Who is behind a request: one statement before any school is opened."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.actor import SchoolRef
from kernel.roles import Role
from tenants.accounts.models import Account, Session
from tenants.accounts.operations import give_role, open_account, take_role
from tenants.accounts.visitor import Visitor, find_account, get_visitor


@pytest.fixture
def anna(school: SchoolRef, other_school: SchoolRef) -> int:
    """Anna teaches in two schools and is somebody's mother in the second."""
    account_id = open_account(name="Анина Анна")
    give_role(account_id=account_id, role=Role.TEACHER, school_id=school.id, person_id=5)
    give_role(account_id=account_id, role=Role.GUARDIAN, school_id=other_school.id, person_id=7)
    give_role(account_id=account_id, role=Role.TEACHER, school_id=other_school.id, person_id=6)
    return account_id


def visitor_of(account: Account | None) -> Visitor:
    assert account is not None
    return get_visitor(account)


def test_account_comes_with_its_memberships_by_one_statement(
    anna: int, django_assert_num_queries: Callable
) -> None:
    with django_assert_num_queries(1):
        found = visitor_of(find_account(anna))

    assert found == visitor_of(Account.objects.get(pk=anna))
    assert [(place.role, place.person_id) for place in found.memberships] == [
        (Role.TEACHER, 5),
        (Role.GUARDIAN, 7),
        (Role.TEACHER, 6),
    ]


def test_account_without_a_role_is_found_and_holds_nothing(db: None) -> None:
    account_id = open_account(name="Борин Борис")

    found = visitor_of(find_account(account_id))

    assert (found.account_id, found.memberships, found.district_roles) == (
        account_id,
        (),
        frozenset(),
    )


def test_role_of_the_district_is_no_place(db: None) -> None:
    account_id = open_account(name="Измайлова Ирина")
    give_role(account_id=account_id, role=Role.DISTRICT_OFFICER)

    found = visitor_of(find_account(account_id))

    assert found.memberships == ()
    assert found.district_roles == {Role.DISTRICT_OFFICER}


def test_account_put_out_of_work_is_not_found(anna: int) -> None:
    Account.objects.filter(pk=anna).update(is_active=False)

    assert find_account(anna) is None


def test_what_was_not_read_is_left_alone_when_the_account_is_saved(anna: int) -> None:
    Account.objects.filter(pk=anna).update(identity_digest="d" * 64)

    found = find_account(anna)
    assert found is not None
    found.save()

    assert Account.objects.get(pk=anna).identity_digest == "d" * 64


def test_request_of_somebody_signed_in_asks_once_who_it_is(anna: int, client: Client) -> None:
    client.force_login(Account.objects.get(pk=anna))
    client.get("/")

    with CaptureQueriesContext(connection) as asked:
        client.get("/health/live")

    tables = [query["sql"].split("FROM ")[1].split()[0] for query in asked.captured_queries]
    assert tables == ["accounts_session"]


def test_role_taken_away_is_gone_with_the_next_request(
    anna: int, school: SchoolRef, client: Client
) -> None:
    client.force_login(Account.objects.get(pk=anna))
    assert client.get(f"/s/{school.slug}/journals/").status_code == 200

    take_role(account_id=anna, role=Role.TEACHER, school_id=school.id)

    assert client.get(f"/s/{school.slug}/journals/").status_code == 404


@pytest.mark.parametrize("how", ["ran out", "was idle", "was ended", "was of another password"])
def test_session_that_is_over_asks_to_sign_in(how: str, anna: int, client: Client) -> None:
    client.force_login(Account.objects.get(pk=anna))
    if how == "ran out":
        Session.objects.update(ends_at=Now() - timedelta(seconds=1))
    elif how == "was idle":
        Session.objects.update(seen_at=Now() - timedelta(hours=4, seconds=1))
    elif how == "was ended":
        Session.objects.all().delete()
    else:
        Session.objects.update(auth_hash="0" * 64)

    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
