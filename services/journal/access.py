"""The only ways from an actor to a page or a lesson of the journal.

A teacher reaches the pages of his own load and the lessons he gives or substitutes (ROL-008,
ROL-022); a class teacher reads every subject of the class (ROL-009), the management and the working
group read every page (ROL-016, ROL-029). Each way needs its right of the school's matrix besides.
Pupils and parents reach nothing here (ROL-024): the diary is theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Hat, Right
from kernel.roles import Role
from services.people import queries as people
from services.regulation import access as rights
from services.schedule import queries as schedule
from services.schedule.queries import JournalCard, LessonCard
from services.schedule.queries.pages import list_page_teachers

CLASS_TEACHER = frozenset({Hat.CLASS_TEACHER})


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson the actor may read, and whether the actor may write into it."""

    lesson: LessonCard
    may_write: bool


def gives_lesson(actor: Actor, lesson: LessonCard) -> bool:
    """Return whether the actor writes this lesson: by load, as the substitute, or every lesson."""
    return gives_which(actor)(lesson)


def gives_which(actor: Actor) -> Callable[[LessonCard], bool]:
    """Return the same question about many lessons; the rights are asked once."""
    employee = actor.person(Role.TEACHER)
    writes_own = employee is not None and rights.may(actor=actor, right=Right.JOURNAL_WRITE_OWN)
    writes_all = rights.may(actor=actor, right=Right.JOURNAL_WRITE_ALL)
    return lambda lesson: (
        writes_all or (writes_own and employee in (lesson.employee_id, lesson.substitute_id))
    )


def reads_all_pages(actor: Actor, on: date) -> bool:
    """Return whether the actor reads every page of the journal: by a role, or by an order."""
    if rights.may(actor=actor, right=Right.JOURNAL_READ_ALL):
        return True
    duties = people.list_duties(actor=actor, on=on)
    return bool(duties) and rights.may(actor=actor, right=Right.JOURNAL_READ_ALL, hats=duties)


def get_lesson(*, actor: Actor, lesson_id: int, on: date) -> OpenLesson:
    """Return a lesson the actor may read on a day; raise `NotFound`."""
    lesson = schedule.get_lesson(lesson_id=lesson_id)
    gives = gives_lesson(actor, lesson)
    if not (
        gives
        or _teaches_page(actor, lesson.group_id, lesson.subject_id)
        or reads_all_pages(actor, on)
        or _leads_class(actor, lesson.group_id, on)
    ):
        raise NotFound
    return OpenLesson(lesson, may_write=gives)


def get_lesson_for_writing(*, actor: Actor, lesson_id: int) -> LessonCard:
    """Return a lesson the actor may write into, held as it is; raise `NotFound`."""
    lesson = schedule.get_lesson(lesson_id=lesson_id, is_held=True)
    if not gives_lesson(actor, lesson):
        raise NotFound
    return lesson


def check_page(*, actor: Actor, group_id: int, subject_id: int, on: date) -> None:
    """Raise `NotFound` unless the page is there and the actor may read it on a day."""
    if _teaches_page(actor, group_id, subject_id):
        return
    if not (reads_all_pages(actor, on) or _leads_class(actor, group_id, on)):
        raise NotFound
    if not list_page_teachers(group_id=group_id, subject_id=subject_id):
        raise NotFound


def check_class(*, actor: Actor, group_id: int, on: date) -> None:
    """Raise `NotFound` unless the group is a class whose every page the actor reads on a day."""
    if not (reads_all_pages(actor, on) or _leads_class(actor, group_id, on)):
        raise NotFound
    group = people.get_groups(group_ids=[group_id]).get(group_id)
    if group is None or not group.is_whole_class:
        raise NotFound


def list_whole_classes(*, actor: Actor, start_year: int, on: date) -> set[int]:
    """Return the groups that are whole classes of a year and pass `check_class`."""
    classes = {one.group_id for one in people.list_classes(start_year=start_year) if one.group_id}
    if reads_all_pages(actor, on):
        return classes
    if not rights.may(actor=actor, right=Right.JOURNAL_READ_CLASS, hats=CLASS_TEACHER, on=on):
        return set()
    led = people.list_groups_led(employee_id=people.employee_of(actor), start_year=start_year)
    return classes & led


def check_may_set_finals(*, actor: Actor, group_id: int, subject_id: int, on: date) -> None:
    """Raise `NotFound` unless the actor sets final marks on a page.

    The teacher of the page (ROL-014), and where the regulation says so the class teacher for every
    subject of the class (ROL-010).
    """
    employee = actor.person(Role.TEACHER)
    teaches = employee is not None and schedule.teaches(
        employee_id=employee, group_id=group_id, subject_id=subject_id
    )
    if teaches and rights.may(actor=actor, right=Right.FINALS_SET_OWN):
        return
    is_leader = people.leads_class_of(employee_id=people.employee_of(actor), group_id=group_id)
    if not is_leader or not rights.may(
        actor=actor, right=Right.FINALS_SET_CLASS, hats=CLASS_TEACHER, on=on
    ):
        raise NotFound


def list_journals(*, actor: Actor, start_year: int, on: date) -> list[JournalCard]:
    """Return the journals of a year the actor may open on a day: own, of the class, or all.

    Raise `NotFound` for who has none of these rights.
    """
    if reads_all_pages(actor, on):
        return schedule.list_journals(start_year=start_year)
    found: list[JournalCard] = []
    employee = actor.person(Role.TEACHER)
    may_read_own = rights.may(actor=actor, right=Right.JOURNAL_READ_OWN)
    if employee is not None and may_read_own:
        found = schedule.list_journals(start_year=start_year, employee_id=employee)
    led = people.list_groups_led(employee_id=people.employee_of(actor), start_year=start_year)
    if led and rights.may(actor=actor, right=Right.JOURNAL_READ_CLASS, hats=CLASS_TEACHER, on=on):
        own = {(card.group_id, card.subject_id) for card in found}
        found += [
            card
            for card in schedule.list_journals(start_year=start_year)
            if card.group_id in led and (card.group_id, card.subject_id) not in own
        ]
    if not found and not may_read_own:
        raise NotFound
    return found


def _teaches_page(actor: Actor, group_id: int, subject_id: int) -> bool:
    employee = actor.person(Role.TEACHER)
    if employee is None or not rights.may(actor=actor, right=Right.JOURNAL_READ_OWN):
        return False
    return schedule.teaches(employee_id=employee, group_id=group_id, subject_id=subject_id)


def _leads_class(actor: Actor, group_id: int, on: date) -> bool:
    """Return whether the actor is the class teacher of the group's class and may read all of it."""
    may = rights.may(actor=actor, right=Right.JOURNAL_READ_CLASS, hats=CLASS_TEACHER, on=on)
    return may and people.leads_class_of(employee_id=people.employee_of(actor), group_id=group_id)
