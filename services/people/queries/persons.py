"""Cards of people: names, accounts, posts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kernel.names import FullName
from kernel.roles import Role
from services.people.models import (
    Employee,
    Guardian,
    Pupil,
)
from services.people.posts import roles_of_post


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What opening an account needs of a card."""

    id: int
    name: FullName
    account_id: int | None
    identity_digest: str


def get_guardians(*, guardian_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Return guardians by id."""
    return {r.pk: to_person_card(r) for r in Guardian.objects.filter(pk__in=set(guardian_ids))}


def get_pupils(*, pupil_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Return pupils by id."""
    return {row.pk: to_person_card(row) for row in Pupil.objects.filter(pk__in=set(pupil_ids))}


def get_employees(*, employee_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Return employees by id."""
    return {
        row.pk: to_person_card(row) for row in Employee.objects.filter(pk__in=set(employee_ids))
    }


def to_person_card(row: Pupil | Guardian | Employee) -> PersonCard:
    return PersonCard(
        id=row.pk,
        name=FullName(row.last_name, row.first_name, row.middle_name),
        account_id=row.account_id,
        identity_digest=getattr(row, "identity_digest", ""),
    )


def get_employee_names(*, employee_ids: Iterable[int]) -> dict[int, str]:
    """Return «Петрова О. И.» by employee."""
    return {
        pk: card.name.with_initials for pk, card in get_employees(employee_ids=employee_ids).items()
    }


def get_employee_names_by_account(account_ids: Iterable[int]) -> dict[int, str]:
    """Return «Петрова О. И.» by account; accounts without an employee's card are left out."""
    rows = Employee.objects.filter(account_id__in={one for one in account_ids if one})
    return {
        row.account_id: to_person_card(row).name.with_initials for row in rows if row.account_id
    }


def count_people() -> dict[str, int]:
    """Return how many pupils, guardians and employees the school has."""
    return {
        "pupils": Pupil.objects.count(),
        "guardians": Guardian.objects.count(),
        "employees": Employee.objects.filter(left_on=None).count(),
    }


@dataclass(frozen=True, slots=True)
class StaffCard:
    """An employee with the roles the post gives (ROL-001)."""

    person: PersonCard
    roles: frozenset[Role]


def get_staff(*, employee_ids: Iterable[int]) -> dict[int, StaffCard]:
    """Return the employees at work by id, with the roles of their posts."""
    rows = Employee.objects.filter(pk__in=set(employee_ids), left_on=None)
    return {row.pk: StaffCard(to_person_card(row), roles_of_post(row.post)) for row in rows}


def list_without_account(*, role: Role) -> set[int]:
    """Return the ids of cards that wait for an account: of pupils, guardians or employees."""
    waiting: dict[Role, QuerySet[Any]] = {
        Role.PUPIL: Pupil.objects.all(),
        Role.GUARDIAN: Guardian.objects.all(),
        Role.TEACHER: Employee.objects.filter(left_on=None),
    }
    return set(waiting[role].filter(account_id=None).values_list("pk", flat=True))
