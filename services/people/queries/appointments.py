"""The register of appointments, and the changes of roles (ROL-030, ROL-031, ROL-005)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from kernel.names import FullName
from kernel.roles import Role
from services.people.models import Appointment, RoleChange

ARCHIVE_DUTY = Appointment.Duty.ARCHIVE.value
DUTIES: tuple[tuple[str, str], ...] = tuple(Appointment.Duty.choices)


@dataclass(frozen=True, slots=True)
class AppointmentCard:
    """A line of the register."""

    id: int
    duty: str
    duty_title: str
    note: str
    employee_id: int
    name: FullName
    post: str
    order_number: str
    order_on: date
    since_on: date
    until: date | None

    @property
    def last_day(self) -> date | None:
        """Return the last day it holds, or None while it is open."""
        return self.until - timedelta(days=1) if self.until else None

    def holds_on(self, day: date) -> bool:
        """Return whether the appointment holds on a day."""
        return self.since_on <= day and (self.until is None or day < self.until)


def list_appointments(*, employee_id: int | None = None) -> list[AppointmentCard]:
    """Return the register, the newest first; of one employee when asked."""
    rows = Appointment.objects.select_related("employee")
    if employee_id is not None:
        rows = rows.filter(employee_id=employee_id)
    return [
        AppointmentCard(
            row.pk,
            row.duty,
            row.get_duty_display(),
            row.note,
            row.employee_id,
            FullName(row.employee.last_name, row.employee.first_name, row.employee.middle_name),
            row.employee.post,
            row.order_number,
            row.order_on,
            row.since_on,
            row.until,
        )
        for row in rows.order_by("-since_on", "-pk")
    ]


def list_responsible(*, duty: str, on: date) -> list[int]:
    """Return the employees who bear a duty on a day."""
    rows = Appointment.objects.filter(Q(until=None) | Q(until__gt=on), duty=duty, since_on__lte=on)
    return list(rows.order_by("pk").values_list("employee_id", flat=True))


@dataclass(frozen=True, slots=True)
class RoleChangeCard:
    """A role given or taken, and whether the account followed."""

    id: int
    employee_id: int
    role: Role
    is_given: bool
    made_at: datetime
    made_by: int | None
    done_at: datetime | None
    refusal: str


def list_role_changes(*, employee_ids: Collection[int] | None = None) -> list[RoleChangeCard]:
    """Return the latest changes of roles, newest first; of some employees when asked."""
    rows = RoleChange.objects.all()
    if employee_ids is not None:
        rows = rows.filter(employee_id__in=employee_ids)
    return [_change(row) for row in rows.order_by("-pk")[:200]]


def find_newest_role_change(*, employee_id: int, role: Role) -> RoleChangeCard | None:
    """Return the latest word on a role of an employee, or None."""
    row = RoleChange.objects.filter(employee_id=employee_id, role=role).order_by("-pk").first()
    return _change(row) if row else None


def _change(row: RoleChange) -> RoleChangeCard:
    return RoleChangeCard(
        row.pk,
        row.employee_id,
        Role(row.role),
        row.is_given,
        row.made_at,
        row.made_by,
        row.done_at,
        row.refusal,
    )
