"""What may be written into a cell of the journal: decisions from plain values."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.absence import DEFAULT_CODES, AbsenceCode
from kernel.errors import DomainError
from kernel.marks import Cell, MarkScale, parse_cell

EMPTY = Cell()


class TermIsClosed(DomainError):
    """The period is closed; the deputy opens a correction."""

    code = "term-is-closed"
    message = "Этот период закрыт. Попросите завуча открыть исправление."


class LessonIsCancelled(DomainError):
    """Nothing can be put for a lesson that was not held."""

    code = "lesson-is-cancelled"
    message = "Урок отменён: записать в него ничего нельзя."


class LessonIsAhead(DomainError):
    """Marks and absences come when the lesson has come; topic and homework may be planned."""

    code = "lesson-is-ahead"
    message = "Урок ещё не прошёл: отметки и пропуски ставят в день урока или позже."


class RecordHasChanged(DomainError):
    """Somebody else wrote the lesson's record after this teacher looked."""

    code = "record-has-changed"
    message = (
        "Пока вы писали, запись урока изменил другой учитель. "
        "Ваш текст ниже не потерян: сверьте и сохраните ещё раз."
    )


def record_seen(topic: str, material: str, tasks: Iterable[tuple[int | None, str]]) -> str:
    """Return a short mark of what a lesson's record says: what a form has seen."""
    content = repr((topic, material, sorted(tasks, key=lambda task: (task[0] or 0, task[1]))))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class CellInput:
    """What a teacher typed, over which version of the cell."""

    pupil_id: int
    text: str
    seen: int


@dataclass(frozen=True, slots=True)
class StoredCell:
    """What stands in a cell; version 0 when it is empty."""

    cell: Cell = EMPTY
    version: int = 0


@dataclass(frozen=True, slots=True)
class Put:
    """Write this cell."""

    pupil_id: int
    cell: Cell
    before: StoredCell


@dataclass(frozen=True, slots=True)
class Keep:
    """The cell already says so."""

    pupil_id: int
    stored: StoredCell


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody wrote another value after this teacher looked."""

    pupil_id: int
    stored: StoredCell


@dataclass(frozen=True, slots=True)
class Refuse:
    """The input cannot be written; `reason` is for the teacher."""

    pupil_id: int
    reason: str


Decision = Put | Keep | Conflict | Refuse

NOT_OF_THE_CLASS = "В этот день ученика не было в классе или группе."


def check_lesson_is_open(
    *, day: date, today: date, is_cancelled: bool, term_closed_on: date | None
) -> None:
    """Raise `LessonIsCancelled`, `LessonIsAhead` or `TermIsClosed`."""
    if is_cancelled:
        raise LessonIsCancelled
    if day > today:
        raise LessonIsAhead
    check_term_is_open(term_closed_on)


def check_term_is_open(closed_on: date | None) -> None:
    """Raise `TermIsClosed`, naming the day."""
    if closed_on is not None:
        raise TermIsClosed(
            f"Этот период закрыт {closed_on:%d.%m.%Y}. Попросите завуча открыть исправление."
        )


def decide(
    wanted: CellInput,
    stored: StoredCell,
    *,
    is_enrolled: bool,
    scale: MarkScale,
    codes: Sequence[AbsenceCode] = DEFAULT_CODES,
) -> Decision:
    """Return what becomes of one typed cell.

    An equal value is never a conflict; a different one over an unseen version always is.
    """
    if not is_enrolled:
        return Refuse(wanted.pupil_id, NOT_OF_THE_CLASS)
    try:
        cell = parse_cell(wanted.text, scale=scale, codes=codes)
    except DomainError as error:
        return Refuse(wanted.pupil_id, error.message)
    if cell == stored.cell:
        return Keep(wanted.pupil_id, stored)
    if wanted.seen != stored.version:
        return Conflict(wanted.pupil_id, stored)
    return Put(wanted.pupil_id, cell, stored)


def codes_of(names: Sequence[str]) -> tuple[AbsenceCode, ...]:
    """Return the school's own list of codes, in its order, from the known ones."""
    known = {code.code: code for code in DEFAULT_CODES}
    return tuple(known[name] for name in names if name in known)
