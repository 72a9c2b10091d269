"""Dated lessons: yielded by the timetable, cancelled, restored, given to a substitute."""

from datetime import date

from django.db import connection

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from kernel.periods import ONE_DAY, Period
from kernel.school_year import start_year_of
from services.people import queries as people
from services.schedule import access
from services.schedule.events import LessonChanged, LessonsYielded
from services.schedule.models import Lesson
from services.schedule.queries import get_calendar

# The hour of a bell is the school's own (NFR-008). A number without a bell that day, as the
# first grade has in September, yields no lesson.
YIELD = """
INSERT INTO schedule_lesson (
    load_id, group_id, subject_id, employee_id, term_id, date, number,
    starts_at, ends_at, room, state, note
)
SELECT
    l.id, l.group_id, l.subject_id, l.employee_id, t.id, d.day, s.number,
    (d.day + b.starts_at) AT TIME ZONE %(zone)s, (d.day + b.ends_at) AT TIME ZONE %(zone)s,
    s.room, 'planned', ''
FROM unnest(%(days)s::date[], %(weekdays)s::int[], %(levels)s::int[]) AS d (day, weekday, level)
JOIN schedule_teachingload l ON l.level = d.level AND l.start_year = %(start_year)s
JOIN schedule_timetableslot s ON s.load_id = l.id AND s.weekday = d.weekday
    AND s.valid_from <= d.day AND (s.valid_until IS NULL OR d.day < s.valid_until)
JOIN schedule_term t ON d.level BETWEEN t.level_from AND t.level_to
    AND d.day BETWEEN t.starts_on AND t.ends_on
JOIN schedule_bell b ON b.shift = l.shift AND b.number = s.number
    AND d.level BETWEEN b.level_from AND b.level_to
    AND b.valid_from <= d.day AND (b.valid_until IS NULL OR d.day < b.valid_until)
ORDER BY d.day, b.starts_at, l.id
ON CONFLICT (load_id, date, number) DO NOTHING
"""


class TermIsClosed(DomainError):
    """The lesson lies in a closed term."""

    code = "term-is-closed"
    message = "Период закрыт: его расписание изменить нельзя."


class UnableToSubstitute(DomainError):
    """A cancelled lesson needs no substitute, and nobody substitutes himself."""

    code = "unable-to-substitute"
    message = "Заменить учителя на этом уроке нельзя."


def yield_lessons(*, actor: Actor, since: date, until: date) -> int:
    """Make the lessons of the days from `since` to `until`, both included; return how many.

    Days lie in one school year. Lessons that are there stay, so it is safe to repeat. Raise
    `NotFound` for a year not set up.
    """
    access.check_may_set_up(actor)
    start_year = start_year_of(since)
    calendar = get_calendar(start_year=start_year)
    span = Period.of_days(since, until)
    days = [(level, day) for level in range(1, 12) for day in calendar.study_days(level, span)]
    with connection.cursor() as cursor:
        cursor.execute(
            YIELD,
            {
                "zone": actor.school.timezone,
                "start_year": start_year,
                "days": [day.day for _, day in days],
                "weekdays": [day.weekday for _, day in days],
                "levels": [level for level, _ in days],
            },
        )
        yielded = int(cursor.rowcount)
    if yielded:
        record(LessonsYielded(since=since, until=until + ONE_DAY))
    return yielded


def cancel_lesson(*, actor: Actor, lesson_id: int, reason: str) -> None:
    """Cancel a lesson; its record, if there is one, stays. Raise `NotFound`, `TermIsClosed`."""
    lesson = _get_open(actor, lesson_id)
    if lesson.state == Lesson.State.CANCELLED:
        return
    lesson.state = Lesson.State.CANCELLED
    lesson.note = reason
    _save(lesson)


def restore_lesson(*, actor: Actor, lesson_id: int) -> None:
    """Take a cancellation back. Raise `NotFound`, `TermIsClosed`."""
    lesson = _get_open(actor, lesson_id)
    if lesson.state == Lesson.State.PLANNED:
        return
    lesson.state = Lesson.State.PLANNED
    lesson.note = ""
    _save(lesson)


def substitute_lesson(
    *, actor: Actor, lesson_id: int, employee_id: int | None, reason: str = ""
) -> None:
    """Give a lesson to another teacher (замена), or back to its own with `employee_id` None.

    Raise `NotFound`, `TermIsClosed`, `UnableToSubstitute`.
    """
    lesson = _get_open(actor, lesson_id)
    if lesson.state == Lesson.State.CANCELLED or employee_id == lesson.employee_id:
        raise UnableToSubstitute
    if employee_id is not None and not people.get_employees(employee_ids=[employee_id]):
        raise NotFound
    if lesson.substitute_id == employee_id and lesson.note == reason:
        return
    lesson.substitute_id = employee_id
    lesson.note = reason
    _save(lesson)


def _get_open(actor: Actor, lesson_id: int) -> Lesson:
    lesson = access.get_lesson_for_change(actor=actor, lesson_id=lesson_id)
    if lesson.term.closed_at is not None:
        raise TermIsClosed
    return lesson


def _save(lesson: Lesson) -> None:
    lesson.save(update_fields=["state", "substitute", "note"])
    record(LessonChanged(lesson_id=lesson.pk, day=lesson.date))
