"""The only ways from an actor to what may be changed in the school's time.

Source: TTC-006 (timetable: the deputy head), TTC-012 and TTC-017 (set-up: the administrator).
"""

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Right
from services.regulation import access as rights
from services.schedule.models import Lesson, Term


def check_may_set_up(actor: Actor) -> None:
    """Raise `NotFound` unless the actor arranges the school's time."""
    rights.check(actor=actor, right=Right.SCHEDULE_ARRANGE)


def get_lesson_for_change(*, actor: Actor, lesson_id: int) -> Lesson:
    """Return a lesson locked for the actor's change of the timetable; raise `NotFound`."""
    check_may_set_up(actor)
    lesson = Lesson.objects.select_for_update(of=("self",)).filter(pk=lesson_id).first()
    if lesson is None:
        raise NotFound
    return lesson


def get_term_for_change(*, actor: Actor, term_id: int) -> Term:
    """Return a term locked for the actor's change; raise `NotFound`."""
    check_may_set_up(actor)
    term = Term.objects.select_for_update(of=("self",)).filter(pk=term_id).first()
    if term is None:
        raise NotFound
    return term
