"""What the journal holds of one pupil at given lessons, read by one statement.

Mark, code and task are one row a lesson: the keys of the three tables allow one of each. The tasks
are the class's and this pupil's own, never another pupil's (HWK-008, ROL-026).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from foundation.db.door import planned_cursor

RECORDS = """
SELECT r.lesson_id, r.topic, coalesce(k.title, ''), m.value, m.put_at, a.code,
       h.text, h.manner, h.due_on, own.text, own.manner, own.due_on
FROM journal_lessonrecord r
LEFT JOIN journal_workkind k ON k.id = r.work_kind_id
LEFT JOIN journal_mark m ON m.record_id = r.lesson_id AND m.pupil_id = %(pupil)s
LEFT JOIN journal_absence a ON a.record_id = r.lesson_id AND a.pupil_id = %(pupil)s
LEFT JOIN journal_homework h ON h.record_id = r.lesson_id AND h.pupil_id IS NULL
LEFT JOIN journal_homework own ON own.record_id = r.lesson_id AND own.pupil_id = %(pupil)s
WHERE r.lesson_id = ANY(%(lessons)s)
"""
# Of earlier lessons only the tasks still due, in the same columns.
EARLIER = """
UNION ALL
SELECT h.record_id, '', '', NULL, NULL, NULL,
       CASE WHEN h.pupil_id IS NULL THEN h.text END, h.manner, h.due_on,
       CASE WHEN h.pupil_id IS NOT NULL THEN h.text END, h.manner, h.due_on
FROM journal_homework h
WHERE h.record_id = ANY(%(earlier)s) AND (h.pupil_id IS NULL OR h.pupil_id = %(pupil)s)
  AND (h.due_on >= %(due_from)s OR h.due_on IS NULL AND h.record_id = ANY(%(undated)s))
"""


@dataclass(frozen=True, slots=True)
class PupilTask:
    """A task of a lesson: for the whole class, or for this pupil alone."""

    text: str
    manner: str
    due_on: date | None
    is_personal: bool


@dataclass(frozen=True, slots=True)
class EarlierTasks:
    """Which tasks of earlier lessons matter: due from a day on; without a day, of `undated_ids`."""

    lesson_ids: Collection[int]
    undated_ids: Collection[int]
    due_from: date


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """A lesson's record as one pupil's family may see it."""

    lesson_id: int
    topic: str
    work_kind_title: str
    mark: int | None
    put_at: datetime | None
    code: str | None
    tasks: tuple[PupilTask, ...]


def read_pupil_records(
    *, pupil_id: int, lesson_ids: Collection[int], earlier: EarlierTasks | None = None
) -> dict[int, PupilRecord]:
    """Return what is recorded of a pupil at lessons, by lesson: one query.

    With `earlier` the tasks of those lessons stand beside, each in a record without anything else.
    """
    asked: dict[str, Any] = {"pupil": pupil_id, "lessons": _array(lesson_ids)}
    if earlier is not None:
        asked["earlier"] = _array(earlier.lesson_ids)
        asked["undated"] = _array(earlier.undated_ids)
        asked["due_from"] = earlier.due_from
    found: dict[int, PupilRecord] = {}
    with planned_cursor() as cursor:
        cursor.execute(RECORDS if earlier is None else RECORDS + EARLIER, asked)
        rows = cursor.fetchall()
    for lesson_id, topic, kind, mark, put_at, code, of_class, own in map(_parts, rows):
        before = found[lesson_id].tasks if lesson_id in found else ()
        tasks = (*_task(*of_class, is_personal=False), *_task(*own, is_personal=True))
        found[lesson_id] = PupilRecord(
            lesson_id=lesson_id,
            topic=topic,
            work_kind_title=kind,
            mark=mark,
            put_at=put_at,
            code=code,
            tasks=before + tasks,
        )
    return found


def _array(ids: Collection[int]) -> str:
    """Return ids as PostgreSQL writes an array: the driver puts a list together one by one."""
    return f"{{{','.join(map(str, ids))}}}"


def _parts(row: tuple) -> tuple:
    return (*row[:6], row[6:9], row[9:12])


def _task(
    text: str | None, manner: str, due_on: date | None, *, is_personal: bool
) -> tuple[PupilTask, ...]:
    return () if text is None else (PupilTask(text, manner, due_on, is_personal),)
