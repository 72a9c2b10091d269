"""Keeping personal cards: who may change what on whose card (ROL-011, ROL-012, ACC-011…014)."""

from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.rights import Right
from services.people.access import (
    check_may_keep_staff,
    check_on_duty,
    check_towards,
    may_towards,
)
from services.people.models import Employee, Guardian, Pupil
from services.people.queries.cards import list_children_ids, list_extra_fields


@dataclass(frozen=True, slots=True)
class CardChange:
    """What a card is to say; a contact of None stays as it is."""

    name: FullName
    sex: str
    birth_date: date | None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class WorkChange:
    """What an employee's card is to say of the work."""

    post: str
    grade_rank: str = ""
    category: str = ""
    functions: str = ""
    speciality: str = ""
    hired_on: date | None = None
    first_day_on: date | None = None


def change_pupil(*, actor: Actor, pupil_id: int, change: CardChange, on: date) -> None:
    """Change a pupil's card; contacts need the right to see them. Raise `NotFound`."""
    check_towards(actor=actor, right=Right.CARDS_WRITE, pupil_id=pupil_id, on=on)
    if _has_contacts(change):
        check_towards(actor=actor, right=Right.CONTACTS_READ, pupil_id=pupil_id, on=on)
    row = Pupil.objects.select_for_update(of=("self",)).filter(pk=pupil_id).first()
    _write(row, change, on)


def change_guardian(*, actor: Actor, guardian_id: int, change: CardChange, on: date) -> None:
    """Change a guardian's card: towards one of the children. Raise `NotFound`."""
    needed = [Right.CARDS_WRITE, *([Right.CONTACTS_READ] if _has_contacts(change) else [])]
    children = list_children_ids(guardian_id=guardian_id, on=on)
    for right in needed:
        if not any(may_towards(actor=actor, right=right, pupil_id=pk, on=on) for pk in children):
            check_on_duty(actor=actor, right=right, on=on)
    row = Guardian.objects.select_for_update(of=("self",)).filter(pk=guardian_id).first()
    _write(row, change, on)


def change_employee(
    *, actor: Actor, employee_id: int, change: CardChange, work: WorkChange, on: date
) -> None:
    """Change an employee's card. Raise `NotFound`."""
    check_may_keep_staff(actor)
    row = Employee.objects.select_for_update(of=("self",)).filter(pk=employee_id).first()
    if row is None:
        raise NotFound
    row.post, row.grade_rank, row.category = work.post, work.grade_rank, work.category
    row.functions, row.speciality = work.functions, work.speciality
    row.hired_on, row.first_day_on = work.hired_on, work.first_day_on
    _write(row, change, on)


def _has_contacts(change: CardChange) -> bool:
    return any(one is not None for one in (change.phone, change.email, change.address))


def _write(row: Pupil | Guardian | Employee | None, change: CardChange, on: date) -> None:
    """Write a card; a field the school does not keep is left alone."""
    if row is None:
        raise NotFound
    row.last_name, row.first_name = change.name.last, change.name.first
    row.middle_name = change.name.middle
    row.sex, row.birth_date = change.sex, change.birth_date
    kept = list_extra_fields(on=on)
    for field in ("phone", "email", "address"):
        value = getattr(change, field)
        if value is not None and field in kept:
            setattr(row, field, value)
    row.save()
