"""Reading lessons: one, a page's, a teacher's day, a family's week with its changes (TTC-013)."""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.db.door import planned_cursor
from kernel.errors import NotFound
from services.schedule.models import Lesson

# The columns of a card, in the order of its fields. Written out: the journal, every save and the
# diary ask it, and building the statement anew took longer than its answer (1.1 of 2.3 ms).
LESSONS = """
SELECT l.id, l.load_id, l.group_id, l.subject_id, s.code, s.name, s.short_name,
       l.employee_id, l.substitute_id, l.term_id, t.closed_at, d.level, d.shift,
       l.date, l.number, l.starts_at, l.ends_at, l.room, l.state, l.note
FROM schedule_lesson l
JOIN schedule_teachingload d ON d.id = l.load_id
JOIN schedule_subject s ON s.id = l.subject_id
JOIN schedule_term t ON t.id = l.term_id
WHERE {condition}
ORDER BY l.starts_at, l.id
{lock}
"""
# Shared among those who write into lessons; whoever changes a lesson or a term locks it FOR UPDATE.
HOLD = "FOR KEY SHARE OF l, t"
TEACHES = """
SELECT 1 FROM schedule_teachingload
WHERE employee_id = %s AND group_id = %s AND subject_id = %s LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A lesson as other rooms see it; `date` is the day in the school's own zone."""

    id: int
    load_id: int
    group_id: int
    subject_id: int
    subject_code: str
    subject_name: str
    subject_short: str
    employee_id: int
    substitute_id: int | None
    term_id: int
    term_closed_at: datetime.datetime | None
    level: int
    shift: int
    date: datetime.date
    number: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    room: str
    state: str
    note: str

    @property
    def is_cancelled(self) -> bool:
        """Return whether the lesson is not held."""
        return self.state == Lesson.State.CANCELLED

    @property
    def is_substituted(self) -> bool:
        """Return whether another teacher gives the lesson."""
        return self.substitute_id is not None

    @property
    def is_changed(self) -> bool:
        """Return whether the lesson differs from the timetable."""
        return self.is_cancelled or self.is_substituted

    @property
    def teacher_id(self) -> int:
        """Return the employee who gives the lesson: the substitute, or the load's own."""
        return self.substitute_id or self.employee_id


def get_lesson(*, lesson_id: int, is_held: bool = False) -> LessonCard:
    """Return a lesson by one query; raise `NotFound`.

    With `is_held` the lesson stays as it is until the transaction ends: nobody cancels it, gives
    it to another teacher or closes its term meanwhile.
    """
    cards = _read("l.id = %(id)s", lock=HOLD if is_held else "", id=lesson_id)
    if not cards:
        raise NotFound
    return cards[0]


def get_lessons(*, lesson_ids: Iterable[int]) -> dict[int, LessonCard]:
    """Return lessons by id."""
    return {card.id: card for card in _read("l.id = ANY(%(ids)s)", ids=list(set(lesson_ids)))}


def list_term_lessons(*, group_id: int, subject_id: int, term_id: int) -> list[LessonCard]:
    """Return the lessons of a journal's page, oldest first, cancelled ones among them."""
    return _read(
        "l.group_id = %(group)s AND l.subject_id = %(subject)s AND l.term_id = %(term)s",
        group=group_id,
        subject=subject_id,
        term=term_id,
    )


def list_teacher_lessons(*, employee_id: int, day: datetime.date) -> list[LessonCard]:
    """Return a teacher's lessons of a day: his own, also given away, and those he substitutes."""
    # Two conditions with the day in each: two indexes are read, not the school's whole day.
    own, given = "l.employee_id = %(employee)s", "l.substitute_id = %(employee)s"
    return _read(
        f"({own} AND l.date = %(day)s OR {given} AND l.date = %(day)s)",
        employee=employee_id,
        day=day,
    )


def list_group_lessons(
    *, group_ids: Collection[int], since: datetime.date, until: datetime.date
) -> list[LessonCard]:
    """Return the lessons of groups from `since` to `until`, both included, changed ones too."""
    # Planned each time: a kept plan cannot know whether the days are a week or a year.
    return _read(
        "l.group_id = ANY(%(groups)s) AND l.date BETWEEN %(since)s AND %(until)s",
        groups=list(group_ids),
        open_cursor=connection.cursor,
        since=since,
        until=until,
    )


def list_day_lessons(*, day: datetime.date) -> list[LessonCard]:
    """Return all lessons of the school on a day."""
    return _read("l.date = %(day)s", day=day)


def teaches(*, employee_id: int, group_id: int, subject_id: int) -> bool:
    """Return whether an employee has the load of a group and a subject."""
    with planned_cursor() as cursor:
        cursor.execute(TEACHES, [employee_id, group_id, subject_id])
        return cursor.fetchone() is not None


def _read(
    condition: str,
    lock: str = "",
    open_cursor: Callable[[], CursorWrapper] = planned_cursor,
    **parameters: Any,
) -> list[LessonCard]:
    with open_cursor() as cursor:
        cursor.execute(LESSONS.format(condition=condition, lock=lock), parameters)
        return [LessonCard(*row) for row in cursor.fetchall()]
