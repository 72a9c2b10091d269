"""Cells of a journal page, read by one statement over the page's index."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from foundation.db.door import planned_cursor
from kernel.marks import Cell, weighted_average
from services.journal.rules import StoredCell

# Marks and absences of a page lie in two tables; either may be missing for a cell. The heads of
# the columns (pupil NULL: kind of work, topic, weight) come first, they are few.
PAGE = """
SELECT r.lesson_id, NULL, r.work_kind_id, r.topic, r.revision, coalesce(k.weight, 1)
FROM journal_lessonrecord r
LEFT JOIN journal_workkind k ON k.id = r.work_kind_id
WHERE r.group_id = %(group)s AND r.subject_id = %(subject)s AND r.term_id = %(term)s
UNION ALL
SELECT m.record_id, m.pupil_id, m.value, NULL, m.revision, NULL
FROM journal_mark m
JOIN journal_lessonrecord r ON r.lesson_id = m.record_id
WHERE r.group_id = %(group)s AND r.subject_id = %(subject)s AND r.term_id = %(term)s {of_marks}
UNION ALL
SELECT a.record_id, a.pupil_id, NULL, a.code, a.revision, NULL
FROM journal_absence a
JOIN journal_lessonrecord r ON r.lesson_id = a.record_id
WHERE r.group_id = %(group)s AND r.subject_id = %(subject)s AND r.term_id = %(term)s {of_absences}
"""
OF_ALL = PAGE.format(of_marks="", of_absences="")
OF_SOME = PAGE.format(
    of_marks="AND m.pupil_id = ANY(%(pupils)s)", of_absences="AND a.pupil_id = ANY(%(pupils)s)"
)


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """What stands over a column: the kind of work and the topic."""

    work_kind_id: int | None = None
    topic: str = ""


@dataclass(slots=True)
class PageCells:
    """Cells by (lesson, pupil) with each lesson's weight; both change as a save goes on."""

    cells: dict[tuple[int, int], StoredCell]
    weights: dict[int, Decimal]
    heads: dict[int, ColumnHead]

    def get(self, lesson_id: int, pupil_id: int) -> StoredCell:
        """Return what stands in a cell."""
        return self.cells.get((lesson_id, pupil_id), StoredCell())

    def put(self, lesson_id: int, pupil_id: int, cell: Cell, version: int) -> StoredCell:
        """Note a cell as written and return it; an empty one has version 0."""
        stored = StoredCell(cell, 0 if cell.is_empty else version)
        self.cells[lesson_id, pupil_id] = stored
        return stored

    def averages(self, *, weighted: bool) -> dict[int, Decimal]:
        """Return the average of each pupil who has marks."""
        marks: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
        one, weights = Decimal(1), self.weights if weighted else {}
        for (lesson_id, pupil_id), stored in self.cells.items():
            mark = stored.cell.mark
            if mark is not None:
                marks[pupil_id].append((mark, weights.get(lesson_id, one)))
        counted = {pupil_id: weighted_average(rows) for pupil_id, rows in marks.items()}
        return {pupil_id: average for pupil_id, average in counted.items() if average is not None}


def read_page(
    *, group_id: int, subject_id: int, term_id: int, pupil_ids: Iterable[int] | None = None
) -> PageCells:
    """Return the cells of a page, of all its pupils or of some: one query."""
    page = PageCells({}, {}, {})
    parameters: dict[str, Any] = {"group": group_id, "subject": subject_id, "term": term_id}
    if pupil_ids is not None:
        parameters["pupils"] = list(pupil_ids)
    with planned_cursor() as cursor:
        cursor.execute(OF_ALL if pupil_ids is None else OF_SOME, parameters)
        rows = cursor.fetchall()  # at once: row by row costs as much as the statement
    cells = page.cells
    for lesson_id, pupil_id, mark, code, revision, weight in rows:
        if pupil_id is None:
            page.heads[lesson_id] = ColumnHead(work_kind_id=mark, topic=code)
            page.weights[lesson_id] = weight
            continue
        held = cells.get((lesson_id, pupil_id))
        if held is None:
            cells[lesson_id, pupil_id] = _stored(mark, code, revision)
        else:
            cells[lesson_id, pupil_id] = _stored(
                mark or held.cell.mark, code or held.cell.code, max(revision, held.version)
            )
    return page


@lru_cache(maxsize=4096)
def _stored(mark: int | None, code: str | None, version: int) -> StoredCell:
    """Return a cell; a page has hundreds, and few that differ."""
    return StoredCell(Cell(mark, code), version)
