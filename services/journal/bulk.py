"""Bringing a whole journal in at once, by COPY: an earlier system's, or the demo's.

The same tables, constraints and audit as one mark at a time, without access to single lessons:
only the system may. No event is recorded: who loads marks the days himself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.journal.models import LessonRecord

FIRST_REVISION = 1


class RecordRow(NamedTuple):
    """The record of a lesson that has none yet."""

    lesson_id: int
    group_id: int
    subject_id: int
    term_id: int
    date: date
    topic: str
    material: str
    work_kind_id: int | None
    homework_none: bool
    filled_at: datetime | None
    filled_by: int | None


class MarkRow(NamedTuple):
    """A mark of a recorded lesson."""

    lesson_id: int
    pupil_id: int
    value: int
    put_at: datetime
    put_by: int | None


class AbsenceRow(NamedTuple):
    """A code of attendance of a recorded lesson."""

    lesson_id: int
    pupil_id: int
    code: str
    put_at: datetime
    put_by: int | None


class HomeworkRow(NamedTuple):
    """A task given at a recorded lesson, to the class or to one pupil."""

    lesson_id: int
    pupil_id: int | None
    text: str
    due_on: date | None
    given_at: datetime
    given_by: int | None


@dataclass(slots=True)
class Load:
    """Rows to be brought in."""

    records: list[RecordRow] = field(default_factory=list)
    marks: list[MarkRow] = field(default_factory=list)
    absences: list[AbsenceRow] = field(default_factory=list)
    homework: list[HomeworkRow] = field(default_factory=list)


def load(*, actor: Actor, rows: Load) -> None:
    """Copy the rows into the open school. Raise `NotFound` unless the system does it."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    _copy(
        "journal_lessonrecord",
        (*RecordRow._fields, "revision"),
        ((*row, FIRST_REVISION) for row in rows.records),
    )
    stamp = ("put_at", "put_by", "revision")
    _copy(
        "journal_mark",
        ("record_id", "pupil_id", "value", *stamp),
        ((*row, FIRST_REVISION) for row in rows.marks),
    )
    _copy(
        "journal_absence",
        ("record_id", "pupil_id", "code", *stamp),
        ((*row, FIRST_REVISION) for row in rows.absences),
    )
    _copy(
        "journal_homework",
        ("record_id", "pupil_id", "text", "due_on", "given_at", "given_by", "manner"),
        ((*row, "") for row in rows.homework),
    )


def list_recorded(*, since: date, until: date) -> dict[int, date]:
    """Return the lessons from `since` to `until`, both included, that have a record: id → day."""
    rows = LessonRecord.objects.filter(date__gte=since, date__lte=until)
    return dict(rows.values_list("pk", "date"))


def _copy(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        names = ", ".join(columns)
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
