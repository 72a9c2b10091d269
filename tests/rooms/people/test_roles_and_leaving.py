"""Roles by the school's word, duties by order, leaving (ROL-005, ROL-029…031, ACC-006)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from foundation.audit.queries import list_changes
from foundation.outbox.models import OutboxEvent
from kernel.errors import NotFound
from kernel.rights import Hat
from kernel.roles import FAMILY_ROLES, STAFF_ROLES, Role
from services.people import hats
from services.people.models import Appointment, ClassEnrollment, Employee, RoleChange, SchoolClass
from services.people.operations import (
    AppointmentIsOver,
    AppointmentIsThere,
    DaysAreWrong,
    EmployeeHasLeft,
    LastAdministrator,
    LastDayIsWrong,
    NewAppointment,
    NotAStaffRole,
    NotEnrolled,
    appoint,
    dismiss_employee,
    end_appointment,
    end_enrollment,
    give_role_to,
    let_go_of_left,
    take_role_from,
)
from tests.factories.school import make_small_school

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAYS: dict[str, Any] = {"on": TODAY, "now": NOW}


@pytest.fixture
def small(opened, system):
    return make_small_school(system)


@pytest.fixture
def head(make_actor):
    return make_actor(Role.ADMINISTRATOR)


def told():
    return [(event.name, event.payload) for event in OutboxEvent.objects.order_by("pk")]


# --- Roles ---


@pytest.mark.requirement("ROL-005")
def test_administrator_gives_a_role_and_the_account_hears_of_it(small, head):
    change = give_role_to(actor=head, employee_id=small.anna, role=Role.SECRETARY, **DAYS)

    payload = {"change_id": change, "employee_id": small.anna, "role": "secretary"}
    assert told() == [("people.RoleGiven", payload)]
    assert RoleChange.objects.get().made_by == head.account_id
    assert [entry.action for entry in list_changes(table="people_rolechange", row_id=change)] == [
        "INSERT"
    ]


@pytest.mark.requirement("ROL-005")
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.SYSTEM}))
def test_nobody_else_gives_or_takes_a_role(small, make_actor, role):
    actor = make_actor(role, person=small.boris)

    with pytest.raises(NotFound):
        give_role_to(actor=actor, employee_id=small.anna, role=Role.ADMINISTRATOR, **DAYS)
    with pytest.raises(NotFound):
        take_role_from(
            actor=actor, employee_id=small.anna, role=Role.TEACHER, other_holders=[5], **DAYS
        )

    assert told() == []
    assert not RoleChange.objects.exists()


@pytest.mark.parametrize("role", sorted(FAMILY_ROLES))
def test_family_roles_are_not_given_by_hand(small, head, role):
    with pytest.raises(NotAStaffRole):
        give_role_to(actor=head, employee_id=small.anna, role=role, **DAYS)


def test_last_administrator_stays(small, head):
    last = {"actor": head, "employee_id": small.boris, "role": Role.ADMINISTRATOR, **DAYS}

    with pytest.raises(LastAdministrator):
        take_role_from(other_holders=[], **last)
    take_role_from(other_holders=[15], **last)

    assert [name for name, _ in told()] == ["people.RoleTaken"]
    with pytest.raises(LastAdministrator):
        dismiss_employee(
            actor=head,
            employee_id=small.boris,
            last_day=TODAY,
            order="1",
            on=TODAY,
            is_last_administrator=True,
        )


def test_who_has_left_gets_no_role(small, head):
    Employee.objects.filter(pk=small.anna).update(left_on=date(2026, 11, 19))

    with pytest.raises(EmployeeHasLeft):
        give_role_to(actor=head, employee_id=small.anna, role=Role.SECRETARY, **DAYS)


# --- Duties ---


def order(small, **more):
    fields = {
        "duty": "working_group",
        "employee_id": small.anna,
        "order_number": "15",
        "order_on": date(2026, 11, 18),
        "since_on": date(2026, 11, 19),
        **more,
    }
    return NewAppointment(**fields)


@pytest.mark.requirement("ROL-029", "ROL-030", "ROL-031")
@pytest.mark.parametrize(
    ("day", "worn"),
    [
        pytest.param(date(2026, 11, 18), set(), id="the order is signed, not begun"),
        pytest.param(date(2026, 11, 19), {Hat.WORKING_GROUP}, id="the first day"),
        pytest.param(date(2026, 11, 30), {Hat.WORKING_GROUP}, id="the last day"),
        pytest.param(date(2026, 12, 1), set(), id="over"),
    ],
)
def test_duty_holds_from_day_to_day(small, head, make_actor, day, worn):
    appoint(actor=head, appointment=order(small, until=date(2026, 12, 1)), on=TODAY)
    anna = make_actor(Role.TEACHER, person=small.anna)

    assert hats.list_duties(actor=anna, on=day) == worn
    oksana = make_actor(Role.TEACHER, person=small.oksana)
    assert hats.list_duties(actor=oksana, on=day) == set()


@pytest.mark.requirement("ROL-030")
def test_register_keeps_order_number_day_and_validity(small, head):
    pk = appoint(actor=head, appointment=order(small, duty="cards"), on=TODAY)

    row = Appointment.objects.get(pk=pk)
    assert (row.duty, row.order_number, row.order_on) == ("cards", "15", date(2026, 11, 18))
    with pytest.raises(AppointmentIsThere):
        appoint(actor=head, appointment=order(small, duty="cards"), on=TODAY)
    with pytest.raises(DaysAreWrong):
        appoint(actor=head, appointment=order(small, until=date(2026, 11, 19)), on=TODAY)
    end_appointment(actor=head, appointment_id=pk, until=TODAY, on=TODAY)
    with pytest.raises(AppointmentIsOver):
        end_appointment(actor=head, appointment_id=pk, until=TODAY, on=TODAY)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.ADMINISTRATOR, Role.MANAGEMENT}))
def test_others_appoint_nobody(small, make_actor, role):
    with pytest.raises(NotFound):
        appoint(actor=make_actor(role, person=small.anna), appointment=order(small), on=TODAY)

    assert not Appointment.objects.exists()


@pytest.mark.requirement("ROL-021", part=True)
def test_class_teacher_is_a_fact_of_the_class(small, make_actor):
    SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.anna)
    anna = make_actor(Role.TEACHER, Role.MANAGEMENT, person=small.anna)

    towards = [
        hats.list_hats_towards(actor=anna, pupil_id=pk, on=TODAY)
        for pk in (small.gleb, small.yegor)
    ]

    assert towards == [{Hat.CLASS_TEACHER}, set()]
    assert len(hats.list_own_classes(actor=anna, on=TODAY)) == 1


# --- Leaving ---


def dismiss(actor, employee_id, last_day):
    dismiss_employee(actor=actor, employee_id=employee_id, last_day=last_day, order="№ 7", on=TODAY)


@pytest.mark.requirement("ACC-006", part=True)
def test_access_ends_the_night_after_the_last_day(small, system, make_actor):
    personnel = make_actor(Role.PERSONNEL)
    SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.anna)
    dismiss(personnel, small.anna, TODAY)
    assert told() == []

    assert let_go_of_left(actor=system, today=TODAY) == 0
    assert let_go_of_left(actor=system, today=date(2026, 11, 21)) == 1

    assert told() == [("people.EmployeeLeft", {"employee_id": small.anna})]
    assert not SchoolClass.objects.filter(class_teacher_id=small.anna).exists()


def test_dismissal_of_yesterday_ends_at_once_and_ends_duties(small, head):
    appoint(actor=head, appointment=order(small, since_on=date(2026, 9, 1)), on=TODAY)

    dismiss(head, small.anna, date(2026, 11, 19))

    assert told() == [("people.EmployeeLeft", {"employee_id": small.anna})]
    assert Appointment.objects.get().until == TODAY


def test_last_day_before_the_first_is_refused(small, head):
    Employee.objects.filter(pk=small.anna).update(first_day_on=TODAY)

    with pytest.raises(LastDayIsWrong):
        dismiss(head, small.anna, date(2026, 11, 19))


@pytest.mark.parametrize("role", [Role.TEACHER, Role.MANAGEMENT, Role.PUPIL, Role.GUARDIAN])
def test_others_dismiss_nobody(small, make_actor, role):
    with pytest.raises(NotFound):
        dismiss(make_actor(role, person=small.boris), small.anna, TODAY)

    assert Employee.objects.get(pk=small.anna).left_on is None


def test_enrolment_ends_after_the_last_day(small, system, make_actor):
    secretary = make_actor(Role.SECRETARY)
    end = {"actor": secretary, "pupil_id": small.gleb, "order": "№ 3"}

    end_enrollment(last_day=TODAY, ground="transfer", to_school_id=5, **end)

    row = ClassEnrollment.objects.get(pupil_id=small.gleb)
    assert (row.until, row.order) == (date(2026, 11, 21), "№ 3")
    left = {"pupil_id": small.gleb, "ground": "transfer", "to_school_id": 5}
    assert told() == [("people.PupilLeft", left)]
    with pytest.raises(NotEnrolled):
        end_enrollment(last_day=date(2026, 11, 25), **end)
    # The night after the last day says it once more: then the pupil is in no class indeed.
    let_go_of_left(actor=system, today=date(2026, 11, 21))
    again = {"pupil_id": small.gleb, "ground": "", "to_school_id": None}
    assert told() == [("people.PupilLeft", left), ("people.PupilLeft", again)]
