"""From a school's list to the mother's screen: import → grants → accounts → memberships → cards.

Every step is delivered at least once and may be cut short anywhere; the outcome is the same.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor
from kernel.roles import Role
from services.diary import handlers
from services.diary.access import list_children
from services.diary.models import AccessGrant
from services.diary.operations import grant_access, revoke_access
from services.diary.queries import get_on_the_way
from services.people import operations as people_operations
from services.people.models import Employee, Guardian, GuardianLink, Pupil
from services.people.operations import apply_import
from tenants.accounts.models import Account, Membership
from tenants.accounts.operations import open_account, set_password
from tenants.accounts.visitor import get_visitor
from tests.rooms.people.lists import ANNA, GLEB, HEADER, MOTHER, STAFF, VERA, table

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LISA = ["3Б", "Соколова", "Елизавета", "Петровна", date(2017, 6, 1), "ж"]
SEROV = ["7А", "Серов", "Олег", "Игоревич", date(2013, 7, 1), "м"]
SEROVA = ["Серова Ольга Юрьевна", "+7 900 000-00-02", date(1984, 1, 2), ""]
FAMILIES = [HEADER + MOTHER, GLEB + VERA, SEROV + SEROVA]
DIRECTOR = ["Борин Борис Львович", "Директор, учитель истории", date(1970, 2, 3), ""]
CLEANER = ["Тихонова Нина Ивановна", "Уборщик служебных помещений", date(1970, 2, 3), ""]


@pytest.fixture
def bring(schools):
    """Import rows into a school and let the events wait."""

    def run(rows, school="alpha", kind="pupils"):
        actor = Actor.system(schools[school])
        with school_transaction(actor, actor.school.id):
            apply_import(actor=actor, kind=kind, table=table(rows), today=TODAY)

    return run


@pytest.fixture
def deliver(schools):
    """Deliver what waits in a school, as the dispatcher does."""

    def run(school="alpha", later=timedelta(0)):
        return deliver_waiting(schools[school], NOW + later)

    return run


@pytest.fixture
def redeliver(schools, deliver):
    """Deliver again everything that was ever told, the newest first."""

    def run(school="alpha"):
        actor = Actor.system(schools[school])
        with school_transaction(actor, actor.school.id):
            OutboxEvent.objects.update(delivered_at=None, retry_at=None)
        return deliver(school)

    return run


def counts(school):
    actor = Actor.system(school)
    with public_transaction():
        public = (Account.objects.count(), Membership.objects.filter(school_id=school.id).count())
    with school_transaction(actor, school.id):
        cards = [
            list(model.objects.order_by("pk").values_list("pk", "account_id"))
            for model in (Guardian, Pupil, Employee)
        ]
        return (*public, AccessGrant.objects.count(), cards)


def roles_of(login):
    account = Account.objects.get(login=login)
    rows = Membership.objects.filter(account=account).order_by("school_id", "role")
    return list(rows.values_list("school__slug", "role"))


def children_of(login):
    visitor = get_visitor(Account.objects.get(login=login))
    found = []
    for actor in visitor.family_actors():
        with school_transaction(actor, actor.school.id):
            found += [str(child.name) for child in list_children(actor=actor, on=TODAY)]
    return found


@pytest.mark.requirement("INF-001", "ROL-027")
def test_list_of_a_school_opens_the_diary_without_any_hand_work(bring, deliver):
    bring(FAMILIES)
    deliver()

    assert roles_of("sokolova.vera") == [("alpha", "guardian")]
    assert roles_of("sokolov.gleb") == [("alpha", "pupil")]
    assert children_of("sokolova.vera") == ["Соколов Глеб Петрович"]
    assert children_of("sokolov.gleb") == ["Соколов Глеб Петрович"]
    assert children_of("serova.olga") == ["Серов Олег Игоревич"]


@pytest.mark.requirement("ACC-020")
def test_one_login_opens_children_of_two_schools(bring, deliver):
    bring(FAMILIES)
    bring([HEADER + MOTHER, LISA + VERA], school="beta")
    deliver("alpha")
    deliver("beta")

    assert roles_of("sokolova.vera") == [("alpha", "guardian"), ("beta", "guardian")]
    assert children_of("sokolova.vera") == ["Соколов Глеб Петрович", "Соколова Елизавета Петровна"]


def test_equal_names_without_an_identity_are_two_people(bring, deliver):
    unknown = [*VERA[:3], ""]
    bring([HEADER + MOTHER, GLEB + unknown])
    bring([HEADER + MOTHER, LISA + unknown], school="beta")
    deliver("alpha")
    deliver("beta")

    assert children_of("sokolova.vera") == ["Соколов Глеб Петрович"]
    assert children_of("sokolova.vera2") == ["Соколова Елизавета Петровна"]


def test_posts_give_their_roles(bring, deliver):
    bring([STAFF, ANNA, DIRECTOR, CLEANER], kind="employees")
    deliver()

    assert roles_of("ivanova.anna") == [("alpha", "teacher")]
    assert roles_of("borin.boris") == [("alpha", "management"), ("alpha", "teacher")]
    assert not Account.objects.filter(login="tikhonova.nina").exists()


def test_redelivery_three_times_changes_nothing(bring, deliver, redeliver, school):
    bring(FAMILIES)
    bring([STAFF, ANNA, DIRECTOR], kind="employees")
    deliver()
    outcome = counts(school)

    for _ in range(3):
        assert redeliver() > 0

    assert counts(school) == outcome
    assert outcome[0] == 6  # Vera, Olga, Gleb, Oleg, Anna, Boris


def test_second_import_of_the_same_list_opens_nothing_more(bring, deliver, school):
    bring(FAMILIES)
    deliver()
    outcome = counts(school)

    bring(FAMILIES)
    deliver()

    assert counts(school) == outcome


@pytest.mark.parametrize("step", ["open_accounts", "set_accounts"])
def test_crash_at_any_step_makes_no_second_account(
    bring, deliver, school, monkeypatch, caplog, step
):
    """The trap: the account is there, the card does not know of it yet."""

    def crash(**_):
        raise RuntimeError("killed")

    bring(FAMILIES)
    bring([STAFF, ANNA], kind="employees")
    with monkeypatch.context() as broken:
        owner = handlers if step == "open_accounts" else people_operations
        broken.setattr(owner, step, crash)
        deliver()
    accounts_left = Account.objects.count()
    deliver(later=timedelta(hours=1))

    assert accounts_left == (0 if step == "open_accounts" else 5)
    accounts, memberships, grants, cards = counts(school)
    assert (accounts, memberships, grants) == (5, 5, 2)
    assert all(account_id is not None for card in cards for _, account_id in card)
    assert {r.msg for r in caplog.records} == {"outbox.handler_failed"}


@pytest.mark.requirement("INF-001")
def test_report_of_the_import_counts_down_to_nothing(bring, deliver, school, make_actor):
    administrator = make_actor(Role.ADMINISTRATOR)

    def on_the_way():
        with school_transaction(administrator, school.id):
            return get_on_the_way(actor=administrator, on=TODAY)

    bring(FAMILIES)
    bring([STAFF, ANNA, CLEANER], kind="employees")
    before = on_the_way()
    deliver()
    after = on_the_way()

    assert (before.grants, before.guardian_accounts, before.pupil_accounts) == (2, 2, 2)
    assert (before.employee_accounts, before.accounts, before.is_over) == (1, 5, False)
    assert (after.grants, after.accounts, after.is_over) == (0, 0, True)


def test_guardian_without_the_right_gets_neither_grant_nor_account(bring, deliver, school, system):
    bring(FAMILIES)
    with school_transaction(system, school.id):
        GuardianLink.objects.update(may_read_diary=False)
    deliver()

    assert Membership.objects.filter(role=Role.GUARDIAN).count() == 0
    assert counts(school)[2] == 0


def test_role_ends_with_the_last_child_and_comes_back(bring, deliver, redeliver, school, system):
    def change(operation, ground):
        with school_transaction(system, school.id):
            link = GuardianLink.objects.get(guardian__last_name="Соколова")
            operation(
                actor=system, pupil_id=link.pupil_id, guardian_id=link.guardian_id,
                ground=ground, now=NOW,
            )  # fmt: skip
        deliver()

    bring(FAMILIES)
    deliver()
    change(revoke_access, "consent")
    assert roles_of("sokolova.vera") == []
    redeliver()
    assert roles_of("sokolova.vera") == []

    change(grant_access, "case")
    assert roles_of("sokolova.vera") == [("alpha", "guardian")]
    redeliver()
    assert roles_of("sokolova.vera") == [("alpha", "guardian")]


def test_stranger_with_the_same_login_base_keeps_the_login(bring, deliver):
    stranger = open_account(name="Соколова Вера Олеговна")
    bring(FAMILIES)
    deliver()

    assert Account.objects.get(pk=stranger).login == "sokolova.vera"
    assert roles_of("sokolova.vera") == []
    assert roles_of("sokolova.vera2") == [("alpha", "guardian")]


@pytest.fixture
def signed_in(client: Client) -> Callable[[str], Any]:
    """Sign somebody in by the page, as people do."""

    def run(login):
        account = Account.objects.get(login=login)
        set_password(account_id=account.pk, password="correct horse")
        return client.post("/sign-in/", {"login": login, "password": "correct horse"}, follow=True)

    return run


@pytest.mark.requirement("ACC-020", "ACC-001", part=True)
def test_mother_signs_in_and_sees_both_children(bring, deliver, signed_in):
    bring(FAMILIES)
    bring([HEADER + MOTHER, LISA + VERA], school="beta")
    deliver("alpha")
    deliver("beta")

    page = signed_in("sokolova.vera")

    text = page.content.decode()
    assert page.redirect_chain[-1][0] == "/family/"
    assert "Глеб" in text
    assert "Елизавета" in text
    assert "Серов" not in text
