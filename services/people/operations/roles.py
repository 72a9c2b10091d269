"""Giving roles and taking them (ROL-005): the school decides, the account changes by an event.

The school keeps every change; the account's memberships lie in the public schema and follow.
"""

from collections.abc import Collection
from datetime import date, datetime

from foundation.notify.operations import notify
from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.roles import STAFF_ROLES, Role
from services.people.events import RoleGiven, RoleTaken
from services.people.hats import list_duties
from services.people.models import Employee, RoleChange
from services.regulation import access as rights


class NotAStaffRole(DomainError):
    """Families get their roles from the lists and the service, not by hand."""

    code = "not-a-staff-role"
    message = "Такую роль вручную не выдают: она следует из списков и заявлений."


class LastAdministrator(DomainError):
    """A school is never left without an administrator."""

    code = "last-administrator"
    message = (
        "Это последний администратор школы. Сначала выдайте роль «Администратор» другому работнику."
    )


class RoleIsSwitchedOff(DomainError):
    """The school has no such role."""

    code = "role-is-switched-off"
    message = "В этой школе такая роль отключена."


class EmployeeHasLeft(DomainError):
    """Who left gets no role."""

    code = "employee-has-left"
    message = "Работник уволен: роль выдать нельзя."


def give_role_to(*, actor: Actor, employee_id: int, role: Role, on: date, now: datetime) -> int:
    """Give a role to an employee and return the change's id; the account follows by an event.

    Raise `NotFound` for who may not give roles, `NotAStaffRole`, `RoleIsSwitchedOff`,
    `EmployeeHasLeft`.
    """
    employee = _lock(actor, employee_id, role, on)
    if role in rights.list_roles_off(on=on):
        raise RoleIsSwitchedOff
    if employee.left_on is not None and employee.left_on < on:
        raise EmployeeHasLeft
    change = _write(actor, employee_id, role, now, is_given=True)
    record(RoleGiven(change.pk, employee_id, role.value))
    return change.pk


def take_role_from(
    *,
    actor: Actor,
    employee_id: int,
    role: Role,
    other_holders: Collection[int],
    on: date,
    now: datetime,
) -> int:
    """Take a role from an employee and return the change's id; the account follows by an event.

    `other_holders` are the working accounts that hold the role beside this person's, as the door
    read them. Raise `NotFound`, `NotAStaffRole`, `LastAdministrator`.
    """
    _lock(actor, employee_id, role, on)
    if role is Role.ADMINISTRATOR and not other_holders:
        raise LastAdministrator
    change = _write(actor, employee_id, role, now, is_given=False)
    record(RoleTaken(change.pk, employee_id, role.value))
    return change.pk


def note_role_change(*, actor: Actor, change_id: int, now: datetime, refusal: str = "") -> None:
    """Note that the account got or lost the role, or why it did not; the person hears of it."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    rows = RoleChange.objects.filter(pk=change_id, done_at=None)
    if not rows.update(done_at=now, refusal=refusal):
        return
    change = RoleChange.objects.select_related("employee").get(pk=change_id)
    account_id = change.employee.account_id
    if account_id is not None and not refusal:
        title = Role(change.role).label
        notify(
            account_ids=[account_id],
            kind="role",
            title="Вам выдана роль" if change.is_given else "С вас снята роль",
            text=f"{actor.school.short_name}: роль «{title}». Если это ошибка, скажите "
            "администратору школы.",
            key=f"people.role.{change_id}",
        )


def _lock(actor: Actor, employee_id: int, role: Role, on: date) -> Employee:
    hats = list_duties(actor=actor, on=on)
    if not rights.may_give_roles(actor=actor, hats=hats, on=on):
        raise NotFound
    if role not in STAFF_ROLES:
        raise NotAStaffRole
    employee = Employee.objects.select_for_update(of=("self",)).filter(pk=employee_id).first()
    if employee is None:
        raise NotFound
    return employee


def _write(
    actor: Actor, employee_id: int, role: Role, now: datetime, *, is_given: bool
) -> RoleChange:
    return RoleChange.objects.create(
        employee_id=employee_id,
        role=role,
        is_given=is_given,
        made_at=now,
        made_by=actor.account_id,
    )
