"""The only ways from an actor to a page or a lesson of the journal.

A teacher reaches the pages of his own load and the lessons he gives or substitutes (ROL-008,
ROL-022); the management reads every page and writes none. Pupils and parents reach nothing here
(ROL-024): the diary is theirs.
"""

from dataclasses import dataclass

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.schedule import queries as schedule
from services.schedule.queries import LessonCard
from services.schedule.queries.pages import list_page_teachers


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A lesson the actor may read, and whether the actor may write into it."""

    lesson: LessonCard
    may_write: bool


def gives_lesson(actor: Actor, lesson: LessonCard) -> bool:
    """Return whether the actor gives this lesson, by load or as the substitute."""
    employee = actor.person(Role.TEACHER)
    return employee is not None and employee in (lesson.employee_id, lesson.substitute_id)


def reads_all_pages(actor: Actor) -> bool:
    """Return whether the actor may read every page of the school's journal."""
    return actor.has(Role.MANAGEMENT, Role.SYSTEM)


def get_lesson(*, actor: Actor, lesson_id: int) -> OpenLesson:
    """Return a lesson the actor may read; raise `NotFound`."""
    lesson = schedule.get_lesson(lesson_id=lesson_id)
    gives = gives_lesson(actor, lesson)
    if not (gives or reads_all_pages(actor) or _teaches_page(actor, lesson)):
        raise NotFound
    return OpenLesson(lesson, may_write=gives)


def get_lesson_for_writing(*, actor: Actor, lesson_id: int) -> LessonCard:
    """Return a lesson the actor may write into; raise `NotFound`."""
    lesson = schedule.get_lesson(lesson_id=lesson_id)
    if not gives_lesson(actor, lesson):
        raise NotFound
    return lesson


def check_page(*, actor: Actor, group_id: int, subject_id: int) -> None:
    """Raise `NotFound` unless the page is there and the actor may read it."""
    if reads_all_pages(actor):
        if not list_page_teachers(group_id=group_id, subject_id=subject_id):
            raise NotFound
        return
    employee = actor.person(Role.TEACHER)
    if employee is None or not schedule.teaches(
        employee_id=employee, group_id=group_id, subject_id=subject_id
    ):
        raise NotFound


def _teaches_page(actor: Actor, lesson: LessonCard) -> bool:
    employee = actor.person(Role.TEACHER)
    return employee is not None and schedule.teaches(
        employee_id=employee, group_id=lesson.group_id, subject_id=lesson.subject_id
    )
