"""The only ways from an actor at work to a report (ROL-028).

The school's report is the management's. A teacher reads the reports of the classes in which he has
a load this year or which he leads: of the class, of its subjects, of its pupils; of electives that
gather several classes he reads his own. Families come by `diary.access` and by nothing here.
"""

from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Hat, Right
from kernel.school_year import start_year_of
from services.people import queries as people
from services.people.access import may_on_duty
from services.people.queries import GroupCard, PupilCard, YearClass
from services.regulation import access as rights
from services.schedule import queries as schedule
from services.schedule.queries.pages import list_page_teachers

CLASS_TEACHER = frozenset({Hat.CLASS_TEACHER})


@dataclass(frozen=True, slots=True)
class ReportScope:
    """Whose reports: of the whole school, or of some classes and of courses outside classes."""

    whole_school: bool
    class_ids: frozenset[int] = frozenset()
    course_ids: frozenset[int] = frozenset()


def reads_school(actor: Actor, on: date) -> bool:
    """Return whether every report of the school is open to the actor: by a role, or by an order."""
    return may_on_duty(actor=actor, right=Right.REPORTS_READ_SCHOOL, on=on)


def check_school(*, actor: Actor, on: date) -> None:
    """Raise `NotFound` unless the report of the school is open to the actor."""
    if not reads_school(actor, on):
        raise NotFound


def get_scope(*, actor: Actor, on: date) -> ReportScope:
    """Return whose reports are open to the actor on a day; raise `NotFound` for who has no right.

    A teacher without a load has the right, and nothing to read yet.
    """
    if reads_school(actor, on):
        return ReportScope(whole_school=True)
    led = people.list_own_classes(actor=actor, on=on)
    leads = bool(led) and rights.may(
        actor=actor, right=Right.REPORTS_READ_CLASS, hats=CLASS_TEACHER, on=on
    )
    teaches = rights.may(actor=actor, right=Right.REPORTS_READ_CLASS, on=on)
    if not leads and not teaches:
        raise NotFound
    taught = _list_taught(actor, on) if teaches else []
    own = {group.school_class_id for group in taught if group.school_class_id is not None}
    return ReportScope(
        whole_school=False,
        class_ids=frozenset(own | (led if leads else frozenset())),
        course_ids=frozenset(group.id for group in taught if group.school_class_id is None),
    )


def opens_class(scope: ReportScope, class_id: int | None) -> bool:
    """Return whether the reports of a class, and of its pupils, are in reach."""
    return scope.whole_school or (class_id is not None and class_id in scope.class_ids)


def opens_group(scope: ReportScope, group: GroupCard) -> bool:
    """Return whether the reports on the subjects of a group are in reach."""
    return group.id in scope.course_ids or opens_class(scope, group.school_class_id)


def get_class(*, actor: Actor, class_id: int, on: date) -> YearClass:
    """Return a class whose report is open to the actor on a day; raise `NotFound`."""
    found = people.find_class(class_id=class_id)
    if found is None or not opens_class(get_scope(actor=actor, on=on), class_id):
        raise NotFound
    return found


def get_group(*, actor: Actor, group_id: int, subject_id: int, on: date) -> GroupCard:
    """Return a group whose report on a subject is open to the actor; raise `NotFound`."""
    group = people.get_groups(group_ids=[group_id]).get(group_id)
    if group is None or not opens_group(get_scope(actor=actor, on=on), group):
        raise NotFound
    if not list_page_teachers(group_id=group_id, subject_id=subject_id):
        raise NotFound
    return group


def get_pupil(*, actor: Actor, pupil_id: int, on: date) -> PupilCard:
    """Return a pupil whose report is open to the actor on a day; raise `NotFound`.

    The class of the day counts: who moved to another class is read by its teachers.
    """
    scope = get_scope(actor=actor, on=on)
    card = people.get_pupil_card(pupil_id=pupil_id, on=on)
    if not opens_class(scope, card.class_id):
        raise NotFound
    return card


def _list_taught(actor: Actor, on: date) -> list[GroupCard]:
    """Return the groups in which the actor has a load this school year."""
    employee_id = people.employee_of(actor)
    if employee_id is None:
        return []
    loads = schedule.list_loads(start_year=start_year_of(on), employee_id=employee_id)
    return list(people.get_groups(group_ids={load.group_id for load in loads}).values())
