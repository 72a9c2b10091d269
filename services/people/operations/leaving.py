"""Leaving the school: an employee is dismissed (ACC-006), a pupil's enrolment ends (SRV-012).

The card and everything signed stay; access ends. Until the last day is over everything works.
"""

from datetime import date, datetime, timedelta

from django.db.models import Q

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.roles import Role
from services.people.access import check_may_keep_people, check_may_keep_staff
from services.people.events import EmployeeLeft, PupilLeft
from services.people.models import (
    Appointment,
    ClassEnrollment,
    Employee,
    GroupMember,
    SchoolClass,
)
from services.people.operations.roles import LastAdministrator

WEEK = timedelta(days=7)


class LastDayIsWrong(DomainError):
    """The last day lies before the first."""

    code = "last-day-is-wrong"
    message = "Последний день не может быть раньше первого."


class NotEnrolled(DomainError):
    """The pupil is in no class."""

    code = "not-enrolled"
    message = "Обучающийся не числится ни в одном классе."


def dismiss_employee(
    *,
    actor: Actor,
    employee_id: int,
    last_day: date,
    order: str,
    on: date,
    is_last_administrator: bool = False,
) -> None:
    """Write down the last working day and the order; the access ends when that day is over.

    A day that is over ends it at once. Said again, the new day holds. Whether nobody else
    administers the school, the door has asked. Raise `NotFound`, `LastDayIsWrong`,
    `LastAdministrator`.
    """
    check_may_keep_staff(actor)
    employee = Employee.objects.select_for_update(of=("self",)).filter(pk=employee_id).first()
    if employee is None:
        raise NotFound
    if employee.first_day_on is not None and last_day < employee.first_day_on:
        raise LastDayIsWrong
    if is_last_administrator:
        raise LastAdministrator
    employee.left_on, employee.leaving_order = last_day, order
    employee.save(update_fields=["left_on", "leaving_order"])
    if last_day < on:
        _let_go(employee)


def let_go_of_left(*, actor: Actor, today: date) -> int:
    """End the access of everybody whose last day is over; return how many.

    Employees once each; pupils who left within a week again each night: their handlers repeat.
    """
    if not actor.has(Role.SYSTEM):
        raise NotFound
    rows = Employee.objects.filter(left_on__lt=today, access_ended_at=None)
    left = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for employee in left:
        _let_go(employee)
    ended = ClassEnrollment.objects.filter(until__gt=today - WEEK, until__lte=today)
    pupils = set(ended.values_list("pupil_id", flat=True))
    stay = ClassEnrollment.objects.filter(Q(until=None) | Q(until__gt=today))
    pupils -= set(stay.filter(pupil_id__in=pupils).values_list("pupil_id", flat=True))
    for pupil_id in sorted(pupils):
        record(PupilLeft(pupil_id))
    return len(left) + len(pupils)


def note_access_ended(*, actor: Actor, employee_id: int, now: datetime) -> None:
    """Note that the account of somebody who left has lost its roles in this school."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    Employee.objects.filter(pk=employee_id, access_ended_at=None).update(access_ended_at=now)


def end_enrollment(
    *,
    actor: Actor,
    pupil_id: int,
    last_day: date,
    order: str,
    ground: str = "",
    to_school_id: int | None = None,
) -> None:
    """End a pupil's days in class and groups after a day; access of the family ends by an event.

    `ground` is the order's, as the service's closed list names it; `to_school_id` is the school of
    the district the pupil goes to. Raise `NotFound`, `NotEnrolled`, `LastDayIsWrong`.
    """
    check_may_keep_people(actor)
    rows = ClassEnrollment.objects.select_for_update(of=("self",)).filter(pupil_id=pupil_id)
    current = rows.filter(Q(until=None) | Q(until__gt=last_day)).order_by("since_on").last()
    if current is None:
        raise NotEnrolled
    after = last_day + timedelta(days=1)
    if after <= current.since_on:
        raise LastDayIsWrong
    current.until, current.order = after, order
    current.save(update_fields=["until", "order"])
    members = GroupMember.objects.filter(pupil_id=pupil_id, since_on__lt=after)
    members.filter(Q(until=None) | Q(until__gt=after)).update(until=after)
    record(PupilLeft(pupil_id, ground, to_school_id))


def _let_go(employee: Employee) -> None:
    """End duties, give up the class, and tell that the access ends."""
    assert employee.left_on is not None
    after = employee.left_on + timedelta(days=1)
    duties = Appointment.objects.filter(employee=employee, since_on__lte=after)
    duties.filter(Q(until=None) | Q(until__gt=after)).update(until=after)
    SchoolClass.objects.filter(class_teacher=employee).update(class_teacher=None)
    record(EmployeeLeft(employee.pk))
