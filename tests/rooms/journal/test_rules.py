"""What may be written into a cell, from plain values."""

from datetime import date
from typing import Any

import pytest

from kernel.marks import FIVE_POINT, WITHOUT_MARKS, Cell
from services.journal.rules import (
    CellInput,
    Conflict,
    Keep,
    LessonIsAhead,
    LessonIsCancelled,
    Put,
    Refuse,
    StoredCell,
    TermIsClosed,
    check_lesson_is_open,
    decide,
)

GLEB = 7
FOUR = StoredCell(Cell(4), version=3)


@pytest.mark.parametrize(
    ("text", "seen", "stored", "expected"),
    [
        ("5", 0, StoredCell(), Put(GLEB, Cell(5), StoredCell())),
        ("5", 3, FOUR, Put(GLEB, Cell(5), FOUR)),
        ("", 3, FOUR, Put(GLEB, Cell(), FOUR)),
        ("4 оп", 3, FOUR, Put(GLEB, Cell(4, "ОП"), FOUR)),
        ("4", 3, FOUR, Keep(GLEB, FOUR)),
        ("4", 0, FOUR, Keep(GLEB, FOUR)),
        ("5", 0, FOUR, Conflict(GLEB, FOUR)),
        ("", 2, FOUR, Conflict(GLEB, FOUR)),
        ("5", 3, StoredCell(), Conflict(GLEB, StoredCell())),
    ],
    ids=[
        "empty cell takes a mark",
        "seen mark is changed",
        "seen mark is taken back",
        "lateness joins the mark",
        "same value again",
        "same value over an unseen one is no conflict",
        "other value over an unseen one",
        "erasing an unseen one",
        "writing over what was erased meanwhile",
    ],
)
def test_cell_is_decided(text, seen, stored, expected):
    wanted = CellInput(GLEB, text, seen)

    assert decide(wanted, stored, is_enrolled=True, scale=FIVE_POINT) == expected


@pytest.mark.parametrize("text", ["6", "5 Н", "привет", "55"])
def test_unreadable_cell_is_refused_with_a_reason(text):
    decision = decide(CellInput(GLEB, text, 0), StoredCell(), is_enrolled=True, scale=FIVE_POINT)

    assert isinstance(decision, Refuse)
    assert decision.reason.endswith(".")


def test_pupil_who_was_not_enrolled_that_day_gets_nothing():
    decision = decide(CellInput(GLEB, "5", 0), StoredCell(), is_enrolled=False, scale=FIVE_POINT)

    assert decision == Refuse(GLEB, "В этот день ученика не было в классе или группе.")


@pytest.mark.requirement("MRK-010")
def test_first_grade_takes_attendance_but_no_marks():
    mark = decide(CellInput(GLEB, "5", 0), StoredCell(), is_enrolled=True, scale=WITHOUT_MARKS)
    absence = decide(CellInput(GLEB, "н", 0), StoredCell(), is_enrolled=True, scale=WITHOUT_MARKS)

    assert mark == Refuse(GLEB, "В этом классе учатся без отметок.")
    assert absence == Put(GLEB, Cell(code="Н"), StoredCell())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"is_cancelled": True}, LessonIsCancelled),
        ({"day": date(2026, 11, 23)}, LessonIsAhead),
        ({"term_closed_on": date(2026, 11, 1)}, TermIsClosed),
    ],
    ids=["cancelled", "tomorrow's", "closed term"],
)
def test_lesson_that_is_not_open_is_refused(change, error):
    facts: dict[str, Any] = {
        "day": date(2026, 11, 20),
        "today": date(2026, 11, 22),
        "is_cancelled": False,
        "term_closed_on": None,
    }
    check_lesson_is_open(**facts)

    with pytest.raises(error):
        check_lesson_is_open(**(facts | change))
