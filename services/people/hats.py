"""What an employee is today besides the roles: class teacher, appointed by order (ROL-029…031)."""

from datetime import date

from django.db.models import Q

from foundation.db.door import planned_cursor
from kernel.actor import Actor
from kernel.rights import Hat
from kernel.roles import STAFF_ROLES
from kernel.school_year import start_year_of
from services.people.models import Appointment, SchoolClass

HAT_OF_DUTY = {
    Appointment.Duty.WORKING_GROUP.value: Hat.WORKING_GROUP,
    Appointment.Duty.TECHNICAL.value: Hat.TECHNICAL,
}
# One statement: the class of the day, its teacher.
IS_CLASS_TEACHER = """
SELECT EXISTS (
    SELECT 1 FROM people_classenrollment e
    JOIN people_schoolclass c ON c.id = e.school_class_id
    WHERE e.pupil_id = %(pupil)s AND c.class_teacher_id = %(employee)s
      AND e.since_on <= %(on)s AND (e.until IS NULL OR e.until > %(on)s)
)
"""


def is_class_teacher(*, employee_id: int, pupil_id: int, on: date) -> bool:
    """Return whether an employee is the class teacher of a pupil's class on a day."""
    with planned_cursor() as cursor:
        cursor.execute(IS_CLASS_TEACHER, {"pupil": pupil_id, "employee": employee_id, "on": on})
        return bool(cursor.fetchone()[0])


def employee_of(actor: Actor) -> int | None:
    """Return the employee's card of an actor at work: every role of theirs leads to one."""
    cards = {actor.person(role) for role in actor.roles & STAFF_ROLES}
    return min((card for card in cards if card is not None), default=None)


def list_duties(*, actor: Actor, on: date) -> frozenset[Hat]:
    """Return the hats an order gives the actor on a day."""
    employee_id = employee_of(actor)
    if employee_id is None:
        return frozenset()
    rows = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=on),
        employee_id=employee_id,
        duty__in=HAT_OF_DUTY,
        since_on__lte=on,
    )
    return frozenset(HAT_OF_DUTY[duty] for duty in rows.values_list("duty", flat=True))


def list_own_classes(*, actor: Actor, on: date) -> frozenset[int]:
    """Return the classes of the day's school year whose class teacher the actor is."""
    employee_id = employee_of(actor)
    if employee_id is None:
        return frozenset()
    rows = SchoolClass.objects.filter(class_teacher_id=employee_id, start_year=start_year_of(on))
    return frozenset(rows.values_list("pk", flat=True))


def list_hats(*, actor: Actor, on: date) -> frozenset[Hat]:
    """Return every hat of the actor on a day, towards whatever it is worn."""
    duties = list_duties(actor=actor, on=on)
    return duties | {Hat.CLASS_TEACHER} if list_own_classes(actor=actor, on=on) else duties


def list_hats_towards(*, actor: Actor, pupil_id: int, on: date) -> frozenset[Hat]:
    """Return the hats the actor wears towards one pupil on a day."""
    employee_id = employee_of(actor)
    if employee_id is None:
        return frozenset()
    duties = list_duties(actor=actor, on=on)
    mine = is_class_teacher(employee_id=employee_id, pupil_id=pupil_id, on=on)
    return duties | {Hat.CLASS_TEACHER} if mine else duties
