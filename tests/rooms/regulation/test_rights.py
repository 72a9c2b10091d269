"""The matrix of rights: what ships, what a school changes, one person, settings, who may edit."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.rights import GROUPS, Hat, Right
from kernel.roles import FAMILY_ROLES, SCHOOL_ROLES, STAFF_ROLES, Role
from services.regulation import access
from services.regulation.models import RightRule
from services.regulation.operations import (
    NobodyWouldEdit,
    RightIsForAHatOnly,
    change_deciders,
    change_right,
    switch_roles,
)
from services.regulation.rights import ONLY_FOR, SETTINGS, SHIPPED

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def opened(school: SchoolRef, system: Actor) -> Iterator[SchoolRef]:
    with school_transaction(system, school.id):
        yield school


def person(school: SchoolRef, *roles: Role, account_id: int = 7) -> Actor:
    return Actor(account_id, school, frozenset(roles), dict.fromkeys(roles, 1))


def change(actor, right, subject, is_allowed, hats=()):
    return change_right(
        actor=actor,
        hats=hats,
        right=right,
        subject=subject,
        is_allowed=is_allowed,
        on=ON,
        now=NOW,
    )


# --- What ships ----------------------------------------------------------------------------------


@pytest.mark.requirement("ROL-004")
def test_every_right_has_a_title_a_group_and_a_default() -> None:
    grouped = [right for group in GROUPS for right in group.rights]

    assert sorted(grouped) == sorted(Right)
    assert SHIPPED.keys() == set(Right)
    assert all(right.label for right in Right)


def test_right_that_nobody_asks_is_a_lie() -> None:
    """Each right stands in an access function, an operation or a page, not in the matrix only."""
    own = {"kernel/rights.py", "services/regulation/rights.py"}
    sources = [
        path
        for folder in ("services", "platform/portal", "tenants", "api")
        for path in (ROOT / folder).rglob("*.py")
        if not any(path.as_posix().endswith(name) for name in own)
        and not path.as_posix().endswith(("shell/menus.py", "office/frame.py"))
    ]
    asked = {name for path in sources for name in re.findall(r"Right\.([A-Z_]+)", path.read_text())}

    assert {right.name for right in Right} - asked == set()


@pytest.mark.requirement("ROL-004", "ROL-006")
@pytest.mark.parametrize("right", sorted(Right))
def test_each_right_is_held_by_whom_the_matrix_names_and_by_nobody_else(opened, right):
    for role in sorted(STAFF_ROLES):
        may = access.may(actor=person(opened, role), right=right, on=ON)
        assert may == (role in SHIPPED[right]), role
    for hat in Hat:
        named = hat in SHIPPED[right]
        if (right, hat) in SETTINGS:
            named = right is Right.JOURNAL_READ_CLASS  # ROL-009 on, ROL-010 off
        nurse = person(opened, Role.NURSE)
        may = access.may(actor=nurse, right=right, hats={hat}, on=ON)
        assert may == (named or Role.NURSE in SHIPPED[right]), hat


@pytest.mark.requirement("ROL-023", "ROL-024", part=True)
@pytest.mark.parametrize("right", sorted(Right))
def test_families_and_strangers_have_no_right_at_work(opened, right):
    for role in sorted({*FAMILY_ROLES, Role.PUBLIC}):
        assert not access.may(actor=person(opened, role), right=right, hats=set(Hat), on=ON)


def test_several_roles_add_up(opened):
    both = person(opened, Role.TEACHER, Role.SECRETARY)

    assert access.may(actor=both, right=Right.JOURNAL_WRITE_OWN)
    assert access.may(actor=both, right=Right.PEOPLE_KEEP)
    assert not access.may(actor=both, right=Right.RIGHTS_READ)


# --- What a school changes -----------------------------------------------------------------------


@pytest.mark.requirement("ROL-004", "ROL-006")
def test_administrator_gives_a_right_to_a_role_and_takes_it_back(opened):
    head, nurse = person(opened, Role.ADMINISTRATOR), person(opened, Role.NURSE, account_id=8)

    assert change(head, Right.CARDS_READ, Role.NURSE, is_allowed=True)
    assert access.may(actor=nurse, right=Right.CARDS_READ)
    assert change(head, Right.CARDS_READ, Role.NURSE, is_allowed=None)
    assert not access.may(actor=nurse, right=Right.CARDS_READ)
    assert not change(head, Right.CARDS_READ, Role.NURSE, is_allowed=None)


@pytest.mark.requirement("ROL-006")
@pytest.mark.parametrize("is_allowed", [True, False])
def test_word_about_one_person_is_stronger_than_the_roles(opened, is_allowed):
    head = person(opened, Role.ADMINISTRATOR)
    right = Right.SCHEDULE_ARRANGE if is_allowed else Right.JOURNAL_WRITE_OWN
    anna = person(opened, Role.TEACHER, account_id=8)
    oksana = person(opened, Role.TEACHER, account_id=9)

    change(head, right, 8, is_allowed)

    assert access.may(actor=anna, right=right) is is_allowed
    assert access.may(actor=oksana, right=right) is not is_allowed
    assert access.get_own_rights(account_id=8) == {right: is_allowed}


@pytest.mark.requirement("ROL-007")
@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.ADMINISTRATOR}))
def test_others_change_nothing(opened, role):
    with pytest.raises(NotFound):
        change(person(opened, role), Right.CARDS_READ, Role.NURSE, is_allowed=True)
    with pytest.raises(NotFound):
        change_deciders(
            actor=person(opened, role), hats=(), key=access.EDITORS, names=[role.value], on=ON
        )

    assert not RightRule.objects.exists()


@pytest.mark.requirement("ROL-007")
def test_who_sets_rights_is_the_schools_own_decision(opened):
    head, deputy = person(opened, Role.ADMINISTRATOR), person(opened, Role.MANAGEMENT)
    technician = person(opened, Role.TEACHER)

    change_deciders(
        actor=head, hats=(), key=access.EDITORS, names=["management", "technical"], on=ON
    )

    assert change(deputy, Right.CARDS_READ, Role.NURSE, is_allowed=True)
    assert change(technician, Right.CARDS_READ, Role.NURSE, False, hats={Hat.TECHNICAL})
    with pytest.raises(NotFound):
        change(technician, Right.CARDS_READ, Role.NURSE, is_allowed=True)
    with pytest.raises(NotFound):
        change(head, Right.CARDS_READ, Role.NURSE, is_allowed=True)


@pytest.mark.parametrize("names", [[], ["teacher"], ["technical"]])
def test_somebody_always_remains_who_sets_rights(opened, names):
    with pytest.raises(NobodyWouldEdit):
        change_deciders(
            actor=person(opened, Role.ADMINISTRATOR),
            hats=(),
            key=access.EDITORS,
            names=names,
            on=ON,
        )


@pytest.mark.requirement("ROL-004")
def test_every_change_is_kept_with_who_and_when(opened):
    head = person(opened, Role.ADMINISTRATOR, account_id=5)
    change(head, Right.CARDS_READ, Role.NURSE, is_allowed=True)
    change(head, Right.CARDS_READ, Role.NURSE, is_allowed=False)

    newest, oldest = access.list_right_changes()

    assert (oldest.subject, oldest.is_allowed, oldest.changed_by) == ("role:nurse", True, 5)
    assert (newest.is_allowed, newest.changed_at) == (False, NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        RightRule.objects.update(is_allowed=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        RightRule.objects.all().delete()


# --- Rights the five regulations argue about ---


@pytest.mark.requirement("ROL-009", "ROL-010")
@pytest.mark.parametrize("right", sorted(ONLY_FOR))
def test_argued_rights_are_settings_dated_and_given_to_the_class_teacher_only(opened, right):
    head, anna = person(opened, Role.ADMINISTRATOR), person(opened, Role.TEACHER)
    shipped = right is Right.JOURNAL_READ_CLASS

    def holds(day: date) -> bool:
        return access.may(actor=anna, right=right, hats={Hat.CLASS_TEACHER}, on=day)

    assert holds(ON) is shipped
    change(head, right, Hat.CLASS_TEACHER, is_allowed=not shipped)

    assert holds(ON) is not shipped
    assert holds(date(2026, 11, 19)) is shipped
    assert not access.may(actor=anna, right=right, on=ON)
    with pytest.raises(RightIsForAHatOnly):
        change(head, right, Role.TEACHER, is_allowed=True)


# --- Roles a school has ---


@pytest.mark.requirement("ROL-001")
def test_role_that_is_switched_off_gives_nothing(opened):
    head, nurse = person(opened, Role.ADMINISTRATOR), person(opened, Role.NURSE)
    both = person(opened, Role.TEACHER, Role.SECRETARY)
    change(head, Right.CARDS_READ, Role.NURSE, is_allowed=True)

    switch_roles(actor=head, hats=(), off=[Role.NURSE, Role.SECRETARY], on=ON)

    assert not access.may(actor=nurse, right=Right.CARDS_READ, on=ON)
    assert not access.may(actor=both, right=Right.PEOPLE_KEEP, on=ON)
    assert access.may(actor=both, right=Right.JOURNAL_WRITE_OWN, on=ON)
    switch_roles(actor=head, hats=(), off=[], on=ON)
    assert access.may(actor=nurse, right=Right.CARDS_READ, on=ON)
    with pytest.raises(NobodyWouldEdit):
        switch_roles(actor=head, hats=(), off=[Role.ADMINISTRATOR], on=ON)
    with pytest.raises(NotFound):
        switch_roles(actor=nurse, hats=(), off=[Role.TEACHER], on=ON)


@pytest.mark.requirement("ROL-001")
def test_nine_roles_of_the_seed_are_there() -> None:
    assert {role.label for role in SCHOOL_ROLES} == {
        "Администратор",
        "Управление",
        "Учитель",
        "Ученик",
        "Родитель",
        "Секретарь",
        "Медицинский работник",
        "Психолог, социальный педагог",
        "Специалист по кадрам",
    }


def test_changed_cells_are_marked(opened):
    head = person(opened, Role.ADMINISTRATOR)
    change(head, Right.CARDS_READ, Role.NURSE, is_allowed=True)
    change(head, Right.FINALS_SET_CLASS, Hat.CLASS_TEACHER, is_allowed=True)

    cells = access.get_matrix(on=ON)
    own = {(r, s) for r, row in cells.items() for s, cell in row.items() if cell.is_own}

    assert own == {
        (Right.CARDS_READ, Role.NURSE),
        (Right.FINALS_SET_CLASS, Hat.CLASS_TEACHER),
    }


def test_asking_again_asks_no_database(opened):
    anna = person(opened, Role.TEACHER)
    access.may(actor=anna, right=Right.JOURNAL_WRITE_OWN)

    with CaptureQueriesContext(connection) as queries:
        for right in (Right.JOURNAL_WRITE_OWN, Right.JOURNAL_WRITE_ALL, Right.CARDS_READ):
            access.may(actor=anna, right=right)

    assert len(queries) == 0
