"""Marks, absences, kinds of work, records. One use case a function, in the door's transaction.

Order: access → the event, whose request key makes a repeat harmless → lock → rule → write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from foundation.db.door import planned_cursor
from foundation.outbox.operations import record as record_event
from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import DomainError, NotFound
from kernel.marks import WITHOUT_MARKS, scale_of_level
from services.journal import access
from services.journal.cells import PageCells, read_page
from services.journal.events import LessonChanged
from services.journal.models import Absence, Homework, LessonRecord, Mark, WorkKind
from services.journal.rules import (
    CellInput as CellInput,
)
from services.journal.rules import (
    Conflict,
    Decision,
    Keep,
    Put,
    RecordHasChanged,
    Refuse,
    StoredCell,
    check_lesson_is_open,
    check_term_is_open,
    codes_of,
    decide,
    record_seen,
)
from services.people import queries as people
from services.regulation.queries import get_settings
from services.schedule.queries import LessonCard

# The insert makes the record at the first touch; the update bumps the revision and is the lock.
LOCK = """
INSERT INTO journal_lessonrecord
    (lesson_id, group_id, subject_id, term_id, date, topic, material, homework_none, revision)
VALUES (%s, %s, %s, %s, %s, '', '', false, 1)
ON CONFLICT (lesson_id) DO UPDATE SET revision = journal_lessonrecord.revision + 1
RETURNING revision
"""
# A column at once. Written out: thirty marks as model instances took longer than all else.
PUT = """
INSERT INTO {table} (record_id, pupil_id, {column}, revision, put_at, put_by)
SELECT %(lesson)s::bigint, new.pupil_id, new.value, %(revision)s::integer,
       %(at)s::timestamptz, %(by)s::bigint
FROM unnest(%(pupils)s::bigint[], %(values)s::{kind}[]) AS new (pupil_id, value)
ON CONFLICT (record_id, pupil_id) DO UPDATE SET {column} = EXCLUDED.{column},
    revision = EXCLUDED.revision, put_at = EXCLUDED.put_at, put_by = EXCLUDED.put_by
"""
PUT_MARKS = PUT.format(table="journal_mark", column="value", kind="smallint")
PUT_ABSENCES = PUT.format(table="journal_absence", column="code", kind="varchar")
RULES = ["absence.codes", "mark.weighted_average", "mark.first_grade_without_marks"]


class UnknownWorkKind(DomainError):
    """The kind of work is not in the school's list."""

    code = "unknown-work-kind"
    message = "Такого вида работы нет в списке школы."


@dataclass(frozen=True, slots=True)
class CellState:
    """A cell after a save."""

    pupil_id: int
    value: str
    version: int


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A cell somebody else has changed: whose value stands there, since when."""

    pupil_id: int
    value: str
    version: int
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CellsAnswer:
    """What came of a save: written or already so, in conflict, refused; and new averages."""

    repeat: bool
    saved: list[CellState] = field(default_factory=list)
    conflicts: list[CellConflict] = field(default_factory=list)
    refused: list[Refuse] = field(default_factory=list)
    averages: dict[int, Decimal | None] = field(default_factory=dict)


def put_cells(
    *,
    actor: Actor,
    lesson_id: int,
    cells: Sequence[CellInput],
    key: UUID,
    now: datetime,
    today: date,
) -> CellsAnswer:
    """Put marks and absences of one lesson; the same key again changes nothing.

    Cells in conflict or refused are left as they are, the others are written. Raise `NotFound`,
    `LessonIsCancelled`, `LessonIsAhead`, `TermIsClosed`, `KeyIsTaken`.
    """
    lesson = access.get_lesson_for_writing(actor=actor, lesson_id=lesson_id)
    asked = [(cell.pupil_id, cell.text, cell.seen) for cell in cells]
    is_new = record_event(LessonChanged(lesson.id, lesson.date), key, ("cells", asked))
    if is_new:
        check_lesson_is_open(
            day=lesson.date,
            today=today,
            is_cancelled=lesson.is_cancelled,
            term_closed_on=_closed_on(actor, lesson),
        )
    settings = get_settings(keys=RULES, on=lesson.date)
    weighted = bool(settings["mark.weighted_average"].value)
    revision = lock_column(lesson) if is_new else 0
    pupil_ids = [cell.pupil_id for cell in cells]
    page = read_page(
        group_id=lesson.group_id,
        subject_id=lesson.subject_id,
        term_id=lesson.term_id,
        pupil_ids=pupil_ids,
    )
    if not is_new:
        saved = [_state(pupil_id, page.get(lesson.id, pupil_id)) for pupil_id in pupil_ids]
        return CellsAnswer(True, saved, averages=_averages(page, pupil_ids, weighted))
    without_marks = lesson.level == 1 and settings["mark.first_grade_without_marks"].value
    enrolled = people.list_enrolled_ids(group_id=lesson.group_id, day=lesson.date)
    decisions = [
        decide(
            cell,
            page.get(lesson.id, cell.pupil_id),
            is_enrolled=cell.pupil_id in enrolled,
            scale=WITHOUT_MARKS if without_marks else scale_of_level(max(lesson.level, 2)),
            codes=codes_of(settings["absence.codes"].value),
        )
        for cell in {cell.pupil_id: cell for cell in cells}.values()
    ]
    _write(actor, lesson.id, [d for d in decisions if isinstance(d, Put)], revision, now)
    return _answer(lesson, decisions, page, revision, weighted)


def lock_column(lesson: LessonCard) -> int:
    """Lock the lesson's column until the transaction ends and return its new revision."""
    with planned_cursor() as cursor:
        cursor.execute(
            LOCK, [lesson.id, lesson.group_id, lesson.subject_id, lesson.term_id, lesson.date]
        )
        (revision,) = cursor.fetchone()
    return int(revision)


def _write(actor: Actor, lesson_id: int, puts: Sequence[Put], revision: int, now: datetime) -> None:
    marks = {put.pupil_id: put.cell.mark for put in puts if put.cell.mark is not None}
    absences = {put.pupil_id: put.cell.code for put in puts if put.cell.code is not None}
    lost_marks = [p.pupil_id for p in puts if p.before.cell.mark and not p.cell.mark]
    lost_absences = [p.pupil_id for p in puts if p.before.cell.code and not p.cell.code]
    if lost_marks:
        Mark.objects.filter(record_id=lesson_id, pupil_id__in=lost_marks).delete()
    if lost_absences:
        Absence.objects.filter(record_id=lesson_id, pupil_id__in=lost_absences).delete()
    stamp: dict[str, Any] = {
        "lesson": lesson_id,
        "revision": revision,
        "at": now,
        "by": actor.account_id,
    }
    for statement, put in ((PUT_MARKS, marks), (PUT_ABSENCES, absences)):
        if put:
            with planned_cursor() as cursor:
                cursor.execute(
                    statement, {**stamp, "pupils": list(put), "values": list(put.values())}
                )


def _answer(
    lesson: LessonCard,
    decisions: Iterable[Decision],
    page: PageCells,
    revision: int,
    weighted: bool,
) -> CellsAnswer:
    answer = CellsAnswer(False)
    conflicts: list[Conflict] = []
    for decision in decisions:
        match decision:
            case Put(pupil_id, cell, _):
                answer.saved.append(_state(pupil_id, page.put(lesson.id, pupil_id, cell, revision)))
            case Keep(pupil_id, stored):
                answer.saved.append(_state(pupil_id, stored))
            case Conflict():
                conflicts.append(decision)
            case Refuse():
                answer.refused.append(decision)
    answer.conflicts.extend(_name_authors(lesson.id, conflicts))
    touched = [state.pupil_id for state in answer.saved]
    answer.averages.update(_averages(page, touched, weighted))
    return answer


def _state(pupil_id: int, stored: StoredCell) -> CellState:
    return CellState(pupil_id, stored.cell.value, stored.version)


def _averages(
    page: PageCells, pupil_ids: Iterable[int], weighted: bool
) -> dict[int, Decimal | None]:
    counted = page.averages(weighted=weighted)
    return {pupil_id: counted.get(pupil_id) for pupil_id in pupil_ids}


def _name_authors(lesson_id: int, conflicts: Sequence[Conflict]) -> list[CellConflict]:
    if not conflicts:
        return []
    pupil_ids = [conflict.pupil_id for conflict in conflicts]
    authors: dict[int, tuple[int | None, datetime]] = {}
    for model in (Absence, Mark):
        rows = model.objects.filter(record_id=lesson_id, pupil_id__in=pupil_ids)
        for pupil_id, put_by, put_at in rows.values_list("pupil_id", "put_by", "put_at"):
            if pupil_id not in authors or authors[pupil_id][1] < put_at:
                authors[pupil_id] = (put_by, put_at)
    names = people.get_employee_names_by_account({a for a, _ in authors.values() if a})
    result = []
    for conflict in conflicts:
        account_id, at = authors.get(conflict.pupil_id, (None, None))
        state = _state(conflict.pupil_id, conflict.stored)
        by = names.get(account_id or 0, "Другой учитель")
        result.append(CellConflict(state.pupil_id, state.value, state.version, by, at))
    return result


def _closed_on(actor: Actor, lesson: LessonCard) -> date | None:
    closed_at = lesson.term_closed_at
    return None if closed_at is None else local_day(closed_at, actor.school.timezone)


def set_work_kind(
    *, actor: Actor, lesson_id: int, work_kind_id: int | None, key: UUID
) -> dict[int, Decimal]:
    """Say for which kind of work the column's marks are; return the page's new averages.

    Raise `NotFound`, `UnknownWorkKind`, `TermIsClosed`, `KeyIsTaken`.
    """
    lesson = access.get_lesson_for_writing(actor=actor, lesson_id=lesson_id)
    if record_event(LessonChanged(lesson.id, lesson.date), key, ("kind", work_kind_id)):
        check_term_is_open(_closed_on(actor, lesson))
        active = WorkKind.objects.filter(is_active=True)
        if work_kind_id is not None and not active.filter(pk=work_kind_id).exists():
            raise UnknownWorkKind
        lock_column(lesson)
        LessonRecord.objects.filter(pk=lesson.id).update(work_kind_id=work_kind_id)
    page = read_page(group_id=lesson.group_id, subject_id=lesson.subject_id, term_id=lesson.term_id)
    settings = get_settings(keys=RULES, on=lesson.date)
    return page.averages(weighted=bool(settings["mark.weighted_average"].value))


@dataclass(frozen=True, slots=True)
class HomeworkInput:
    """A task for the class (`pupil_id` None) or for one pupil; an empty text takes it back."""

    pupil_id: int | None
    text: str
    manner: str = ""
    due_on: date | None = None


def write_record(
    *,
    actor: Actor,
    lesson_id: int,
    topic: str,
    material: str,
    homework_none: bool,
    homework: Sequence[HomeworkInput],
    key: UUID,
    now: datetime,
    seen: str = "",
) -> bool:
    """Write topic, material and homework of a lesson; return False when the key was seen before.

    `seen` is the `record_seen` the writer looked at; empty asks for no comparison. Raise
    `NotFound` (also for a task to a pupil not of the group), `TermIsClosed`, `RecordHasChanged`,
    `KeyIsTaken`.
    """
    lesson = access.get_lesson_for_writing(actor=actor, lesson_id=lesson_id)
    tasks = [(task.pupil_id, task.text, task.manner, task.due_on) for task in homework]
    asked = ("record", topic, material, homework_none, tasks)
    if not record_event(LessonChanged(lesson.id, lesson.date), key, asked):
        return False
    check_term_is_open(_closed_on(actor, lesson))
    enrolled = people.list_enrolled_ids(group_id=lesson.group_id, day=lesson.date)
    if any(task.pupil_id is not None and task.pupil_id not in enrolled for task in homework):
        raise NotFound
    lock_column(lesson)
    has_class_task = any(task.pupil_id is None and task.text.strip() for task in homework)
    record = LessonRecord.objects.get(pk=lesson.id)
    stored = {row.pupil_id: row for row in Homework.objects.filter(record_id=lesson.id)}
    stands = record_seen(
        record.topic, record.material, ((pk, row.text) for pk, row in stored.items())
    )
    if seen and seen != stands:
        raise RecordHasChanged
    record.topic, record.material = topic.strip(), material.strip()
    record.homework_none = homework_none and not has_class_task
    if record.topic and record.filled_at is None:
        record.filled_at, record.filled_by = now, actor.account_id
    record.save(update_fields=["topic", "material", "homework_none", "filled_at", "filled_by"])
    _write_homework(actor, lesson.id, stored, homework, now)
    return True


def _write_homework(
    actor: Actor,
    lesson_id: int,
    stored: Mapping[int | None, Homework],
    homework: Sequence[HomeworkInput],
    now: datetime,
) -> None:
    wanted = {task.pupil_id: task for task in homework if task.text.strip()}
    for pupil_id, row in stored.items():
        if pupil_id not in wanted:
            row.delete()
    for pupil_id, task in wanted.items():
        content = {
            "text": task.text.strip(),
            "manner": task.manner.strip(),
            "due_on": task.due_on,
        }
        known = stored.get(pupil_id)
        if known and all(getattr(known, name) == value for name, value in content.items()):
            continue
        stamp = {"given_at": now, "given_by": actor.account_id}
        if known:
            Homework.objects.filter(pk=known.pk).update(**content, **stamp)
        else:
            Homework.objects.create(record_id=lesson_id, pupil_id=pupil_id, **content, **stamp)


WORK_KINDS = (
    ("У", "Устный ответ", "1", False),
    ("ДЗ", "Домашняя работа", "1", False),
    ("СР", "Самостоятельная работа", "1.5", True),
    ("ПР", "Практическая работа", "1.5", True),
    ("ЛР", "Лабораторная работа", "1.5", True),
    ("Т", "Тест", "1.5", True),
    ("Д", "Диктант", "2", True),
    ("СОЧ", "Сочинение", "2", True),
    ("ПРТ", "Проект", "2", False),
    ("КР", "Контрольная работа", "3", True),
)


def fill_dictionaries(actor: Actor) -> None:
    """Give a new school its list of kinds of work; safe to repeat, keeps what it changed."""
    WorkKind.objects.bulk_create(
        [
            WorkKind(code=code, title=title, weight=weight, is_written=written, position=place)
            for place, (code, title, weight, written) in enumerate(WORK_KINDS)
        ],
        ignore_conflicts=True,
    )
