"""The school's word on roles and leaving reaches the account, once and in any order."""

from datetime import date, datetime

import pytest

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.queries import list_notices
from foundation.outbox.dispatch import deliver_waiting
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.diary.models import AccessGrant
from services.people import handlers
from services.people.events import RoleGiven
from services.people.models import Employee, Guardian, GuardianLink, Pupil, RoleChange
from services.people.operations import (
    dismiss_employee,
    end_enrollment,
    end_link,
    give_role_to,
    take_role_from,
)
from tenants.accounts.models import Account, Membership
from tenants.accounts.operations.leaving import take_role_but_the_last
from tests.factories.district import open_account
from tests.factories.school import SmallSchool, make_small_school

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
IF_WRONG = "Если это ошибка, скажите администратору школы."


@pytest.fixture
def small(school: SchoolRef, monkeypatch) -> SmallSchool:
    monkeypatch.setenv("OKRUG_TODAY", TODAY.isoformat())
    with school_transaction(Actor.system(school), school.id):
        return make_small_school(Actor.system(school))


def head_of(school: SchoolRef) -> Actor:
    return Actor(99, school, frozenset({Role.ADMINISTRATOR}), {})


def account_of(school: SchoolRef, model, card: int, *roles: Role) -> int:
    account = open_account(*((role, school, card) for role in roles)).pk
    with school_transaction(Actor.system(school), school.id):
        model.objects.filter(pk=card).update(account_id=account)
    return account


def roles_of(account_id: int) -> set[str]:
    return set(Membership.objects.filter(account_id=account_id).values_list("role", flat=True))


def within(school: SchoolRef, act) -> None:
    with school_transaction(Actor.system(school), school.id):
        act()


def give(school: SchoolRef, employee: int, role: Role) -> int:
    now = clock.now()
    with school_transaction(Actor.system(school), school.id):
        return give_role_to(
            actor=head_of(school), employee_id=employee, role=role, on=TODAY, now=now
        )


def take(school: SchoolRef, employee: int, role: Role) -> int:
    now = clock.now()
    with school_transaction(Actor.system(school), school.id):
        return take_role_from(
            actor=head_of(school),
            employee_id=employee,
            role=role,
            other_holders=[1],
            on=TODAY,
            now=now,
        )


def done(school: SchoolRef) -> list[tuple[datetime | None, str]]:
    with school_transaction(Actor.system(school), school.id):
        return list(RoleChange.objects.order_by("pk").values_list("done_at", "refusal"))


@pytest.mark.requirement("ROL-005", "ROL-021")
def test_role_is_given_and_taken_and_the_others_stay(school, small):
    account = account_of(school, Employee, small.anna, Role.TEACHER)

    give(school, small.anna, Role.SECRETARY)
    deliver_waiting(school, clock.now())
    assert roles_of(account) == {"teacher", "secretary"}

    take(school, small.anna, Role.TEACHER)
    deliver_waiting(school, clock.now())
    assert roles_of(account) == {"secretary"}
    assert all(moment is not None for moment, _ in done(school))
    with school_transaction(Actor.system(school), school.id):
        told = [(one.title, one.text) for one in list_notices(account_id=account)]
    assert sorted(told) == [
        ("Вам выдана роль", f"{school.short_name}: роль «Секретарь». {IF_WRONG}"),
        ("С вас снята роль", f"{school.short_name}: роль «Учитель». {IF_WRONG}"),
    ]


def test_who_has_no_account_gets_one_with_the_role(school, small):
    give(school, small.anna, Role.TEACHER)
    deliver_waiting(school, clock.now())

    with school_transaction(Actor.system(school), school.id):
        account = Employee.objects.get(pk=small.anna).account_id
    assert account is not None
    assert roles_of(account) == {"teacher"}


def test_late_repeat_of_an_older_word_changes_nothing(school, small):
    account = account_of(school, Employee, small.anna, Role.TEACHER)
    change = give(school, small.anna, Role.SECRETARY)
    take(school, small.anna, Role.SECRETARY)
    deliver_waiting(school, clock.now())

    handlers.on_role_given(school, RoleGiven(change, small.anna, "secretary"))

    assert roles_of(account) == {"teacher"}


def test_last_administrator_keeps_the_role_even_when_two_resign_at_once(school, small):
    anna = account_of(school, Employee, small.anna, Role.ADMINISTRATOR)
    boris = account_of(school, Employee, small.boris, Role.ADMINISTRATOR)
    take(school, small.anna, Role.ADMINISTRATOR)
    take(school, small.boris, Role.ADMINISTRATOR)

    deliver_waiting(school, clock.now())

    assert (roles_of(anna), roles_of(boris)) == (set(), {"administrator"})
    assert [bool(refusal) for _, refusal in done(school)] == [False, True]


def test_closed_account_is_no_administrator(school, small):
    anna = account_of(school, Employee, small.anna, Role.ADMINISTRATOR)
    boris = account_of(school, Employee, small.boris, Role.ADMINISTRATOR)
    Account.objects.filter(pk=boris).update(is_active=False)

    with public_transaction():
        gone = take_role_but_the_last(account_id=anna, role=Role.ADMINISTRATOR, school_id=school.id)

    assert (gone, roles_of(anna)) == (False, {"administrator"})


@pytest.mark.requirement("ACC-006")
def test_dismissed_loses_this_school_and_keeps_the_other(school, other_school, small):
    account = account_of(school, Employee, small.anna, Role.TEACHER, Role.SECRETARY)
    Membership.objects.create(
        account_id=account, school_id=other_school.id, role=Role.TEACHER, person_id=900
    )

    within(
        school,
        lambda: dismiss_employee(
            actor=head_of(school),
            employee_id=small.anna,
            last_day=date(2026, 11, 19),
            order="№ 7",
            on=TODAY,
        ),
    )
    deliver_waiting(school, clock.now())

    held = Membership.objects.filter(account_id=account).values_list("school_id", "role")
    assert list(held) == [(other_school.id, "teacher")]
    assert Account.objects.get(pk=account).is_active
    with school_transaction(Actor.system(school), school.id):
        assert Employee.objects.get(pk=small.anna).access_ended_at is not None


@pytest.mark.requirement("ACC-006")
def test_who_is_left_nowhere_has_the_account_closed_and_opened_on_coming_back(school, small):
    account = account_of(school, Employee, small.anna, Role.TEACHER)
    within(
        school,
        lambda: dismiss_employee(
            actor=head_of(school),
            employee_id=small.anna,
            last_day=date(2026, 11, 19),
            order="№ 7",
            on=TODAY,
        ),
    )
    deliver_waiting(school, clock.now())
    closed = Account.objects.get(pk=account)
    assert (closed.is_active, roles_of(account)) == (False, set())

    within(school, lambda: Employee.objects.filter(pk=small.anna).update(left_on=None))
    give(school, small.anna, Role.TEACHER)
    deliver_waiting(school, clock.now())

    assert Account.objects.get(pk=account).is_active
    assert roles_of(account) == {"teacher"}


def live(school: SchoolRef) -> set[tuple[int, int]]:
    with school_transaction(Actor.system(school), school.id):
        return set(AccessGrant.objects.live().values_list("guardian_id", "pupil_id"))


def test_ended_guardian_loses_the_diary_and_the_role_and_the_other_family_keeps_theirs(
    school, small
):
    vera = account_of(school, Guardian, small.vera, Role.GUARDIAN)

    def end() -> None:
        link = GuardianLink.objects.get(guardian_id=small.vera)
        end_link(actor=head_of(school), link_id=link.pk, ground="court", until=TODAY)

    within(school, end)
    deliver_waiting(school, clock.now())

    assert live(school) == {(small.dmitry, small.yegor)}
    assert roles_of(vera) == set()


def test_pupil_who_left_loses_the_role_and_the_family_the_diary(school, small):
    gleb = account_of(school, Pupil, small.gleb, Role.PUPIL)
    within(
        school,
        lambda: end_enrollment(
            actor=head_of(school), pupil_id=small.gleb, last_day=date(2026, 11, 19), order="№ 3"
        ),
    )
    deliver_waiting(school, clock.now())

    assert roles_of(gleb) == set()
    assert live(school) == {(small.dmitry, small.yegor)}
