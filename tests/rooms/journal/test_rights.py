"""The journal asks the school's matrix: each right taken away shuts, each right given opens."""

from datetime import UTC, date, datetime

import pytest

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Hat, Right
from kernel.roles import Role
from services.journal import access
from services.people.models import Appointment, SchoolClass
from services.regulation.operations import change_right
from services.schedule import queries as schedule
from tests.factories.school import make_small_school

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def small(school, system):
    with school_transaction(system, school.id):
        yield make_small_school(system)


@pytest.fixture
def people(small, make_actor):
    """Anna teaches 7А, Oksana 7Б, Boris leads; each with an own account."""
    return {
        "anna": make_actor(Role.TEACHER, person=small.anna, account_id=11),
        "oksana": make_actor(Role.TEACHER, person=small.oksana, account_id=12),
        "boris": make_actor(Role.MANAGEMENT, person=small.boris, account_id=13),
    }


def set_right(system: Actor, right: Right, subject: Role | Hat | int, is_allowed: bool) -> None:
    change_right(
        actor=system,
        hats=(),
        right=right,
        subject=subject,
        is_allowed=is_allowed,
        on=TODAY,
        now=NOW,
    )


def reads(actor, small) -> bool:
    try:
        access.check_page(
            actor=actor, group_id=small.group_id, subject_id=small.subject_id, on=TODAY
        )
    except NotFound:
        return False
    access.get_lesson(actor=actor, lesson_id=small.lessons[0], on=TODAY)
    journals = access.list_journals(actor=actor, start_year=2026, on=TODAY)
    assert small.group_id in {card.group_id for card in journals}
    return True


def writes(actor, small) -> bool:
    try:
        access.get_lesson_for_writing(actor=actor, lesson_id=small.lessons[0])
    except NotFound:
        return False
    return True


def sets_finals(actor, small) -> bool:
    try:
        access.check_may_set_finals(
            actor=actor, group_id=small.group_id, subject_id=small.subject_id, on=TODAY
        )
    except NotFound:
        return False
    return True


@pytest.mark.requirement("ROL-008", "ROL-014", part=True)
def test_own_page_needs_the_rights_of_the_own_page(small, people, system):
    anna = people["anna"]
    assert (reads(anna, small), writes(anna, small), sets_finals(anna, small)) == (True,) * 3

    set_right(system, Right.JOURNAL_WRITE_OWN, 11, is_allowed=False)
    assert (reads(anna, small), writes(anna, small)) == (True, False)
    set_right(system, Right.JOURNAL_READ_OWN, 11, is_allowed=False)
    assert not reads(anna, small)
    set_right(system, Right.FINALS_SET_OWN, Role.TEACHER, is_allowed=False)
    assert not sets_finals(anna, small)


@pytest.mark.requirement("ROL-016", "ROL-020", part=True)
def test_management_reads_all_and_writes_only_by_the_schools_word(small, people, system):
    boris = people["boris"]
    assert (reads(boris, small), writes(boris, small)) == (True, False)

    set_right(system, Right.JOURNAL_WRITE_ALL, Role.MANAGEMENT, is_allowed=True)
    assert writes(boris, small)
    set_right(system, Right.JOURNAL_READ_ALL, Role.MANAGEMENT, is_allowed=False)
    set_right(system, Right.JOURNAL_WRITE_ALL, Role.MANAGEMENT, is_allowed=False)
    assert (reads(boris, small), writes(boris, small)) == (False, False)
    with pytest.raises(NotFound):
        access.list_journals(actor=boris, start_year=2026, on=TODAY)


@pytest.mark.requirement("ROL-009")
def test_class_teacher_reads_every_subject_of_the_class_and_edits_none(small, people, system):
    oksana = people["oksana"]
    assert not reads(oksana, small)

    SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.oksana)

    assert (reads(oksana, small), writes(oksana, small)) == (True, False)
    set_right(system, Right.JOURNAL_READ_CLASS, Hat.CLASS_TEACHER, is_allowed=False)
    assert not reads(oksana, small)


@pytest.mark.requirement("ROL-010")
def test_class_teacher_sets_finals_of_every_subject_where_the_school_says_so(small, people, system):
    oksana = people["oksana"]
    SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.oksana)
    assert not sets_finals(oksana, small)

    set_right(system, Right.FINALS_SET_CLASS, Hat.CLASS_TEACHER, is_allowed=True)

    assert sets_finals(oksana, small)
    SchoolClass.objects.filter(letter="А").update(class_teacher_id=None)
    assert not sets_finals(oksana, small)


@pytest.mark.requirement("ROL-029")
def test_working_group_reads_every_page_while_the_order_holds(small, people):
    oksana = people["oksana"]
    duty = Appointment.objects.create(
        duty="working_group",
        employee_id=small.oksana,
        order_number="1",
        order_on=TODAY,
        since_on=TODAY,
    )
    assert (reads(oksana, small), writes(oksana, small)) == (True, False)

    Appointment.objects.filter(pk=duty.pk).update(until=TODAY)

    assert not reads(oksana, small)


def test_lesson_of_another_class_is_still_nobody_elses(small, people):
    lesson = schedule.get_lesson(lesson_id=small.other_lessons[0])

    assert not access.gives_lesson(people["anna"], lesson)
