"""The register of appointments by order (ROL-029, ROL-030, ROL-031, PDP-009)."""

from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.rights import Right
from services.people.access import check_on_duty
from services.people.models import Appointment, Employee


class AppointmentIsThere(DomainError):
    """The same duty of the same person from the same day."""

    code = "appointment-is-there"
    message = "Такое назначение уже внесено."


class AppointmentIsOver(DomainError):
    """The appointment ended."""

    code = "appointment-is-over"
    message = "Это назначение уже прекращено."


class DaysAreWrong(DomainError):
    """It would end before it begins."""

    code = "days-are-wrong"
    message = "Назначение не может закончиться раньше, чем началось."


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """What an order says: who does what, by which order, on which days (`until` not included)."""

    duty: str
    employee_id: int
    order_number: str
    order_on: date
    since_on: date
    until: date | None = None
    note: str = ""


def appoint(*, actor: Actor, appointment: NewAppointment, on: date) -> int:
    """Write an appointment into the register and return its id; raise `AppointmentIsThere`."""
    check_on_duty(actor=actor, right=Right.APPOINTMENTS_KEEP, on=on)
    new = appointment
    if new.until is not None and new.until <= new.since_on:
        raise DaysAreWrong
    if not Employee.objects.filter(pk=new.employee_id).exists():
        raise NotFound
    row, is_new = Appointment.objects.get_or_create(
        duty=Appointment.Duty(new.duty),
        employee_id=new.employee_id,
        since_on=new.since_on,
        note=new.note,
        defaults={
            "order_number": new.order_number,
            "order_on": new.order_on,
            "until": new.until,
            "added_by": actor.account_id,
        },
    )
    if not is_new:
        raise AppointmentIsThere
    return row.pk


def end_appointment(*, actor: Actor, appointment_id: int, until: date, on: date) -> None:
    """End an appointment from a day on; raise `AppointmentIsOver`, `DaysAreWrong`, `NotFound`."""
    check_on_duty(actor=actor, right=Right.APPOINTMENTS_KEEP, on=on)
    rows = Appointment.objects.select_for_update(of=("self",))
    row = rows.filter(pk=appointment_id).first()
    if row is None:
        raise NotFound
    if row.until is not None and row.until <= on:
        raise AppointmentIsOver
    if until < row.since_on:
        raise DaysAreWrong
    row.until = until
    row.save(update_fields=["until"])
