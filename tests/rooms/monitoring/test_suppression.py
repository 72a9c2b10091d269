"""What is hidden cannot be computed from what is shown: for any table, by linear algebra."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.monitoring.rules.suppression import (
    TOTAL,
    Cell,
    hide_cells,
    size_of_marks,
)

THRESHOLD = 5


def with_totals(inner: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return the table with its totals, as counts of marks add up."""
    table = dict(inner)
    for (row, column), size in inner.items():
        for total in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            table[total] = table.get(total, 0) + size
    return table


def tables(largest: int = 12) -> st.SearchStrategy[dict[Cell, int]]:
    sizes = st.one_of(st.just(0), st.integers(1, THRESHOLD - 1), st.integers(THRESHOLD, largest))
    cells: st.SearchStrategy[Cell] = st.tuples(st.integers(1, 4), st.sampled_from("abcd"))
    return st.dictionaries(cells, sizes, min_size=1, max_size=16).map(with_totals)


def can_be_computed(wanted: Iterable[Cell], table: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Return whether the sum of some hidden cells follows from the shown ones and the totals."""
    unknown = sorted(hidden, key=str)
    lines = {("row", row) for row, _ in table} | {("column", column) for _, column in table}
    equations = [[_factor(kind, name, cell) for cell in unknown] for kind, name in lines]
    goal = [Fraction(int(cell in set(wanted))) for cell in unknown]
    return _rank([*equations, goal]) == _rank(equations)


def few_pupils(cells: Iterable[Cell], table: Mapping[Cell, int]) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells two and three together that still make up fewer pupils than may be shown."""
    for number in (2, 3):
        for some in combinations(sorted(cells, key=str), number):
            if sum(table[cell] for cell in some) < THRESHOLD:
                yield some


def _factor(kind: str, name: object, cell: Cell) -> Fraction:
    """Return the factor of a cell in «the cells of the line minus its total are nothing»."""
    row, column = cell
    inside, along = (row, column) if kind == "row" else (column, row)
    if inside != name:
        return Fraction(0)
    return Fraction(-1 if along is TOTAL else 1)


def _rank(rows: list[list[Fraction]]) -> int:
    left, rank = [row[:] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((i for i in range(rank, len(left)) if left[i][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for i in range(rank + 1, len(left)):
            factor = left[i][column] / left[rank][column]
            if factor:
                left[i] = [a - factor * b for a, b in zip(left[i], left[rank], strict=True)]
        rank += 1
    return rank


@given(table=tables())
@settings(max_examples=80, deadline=None)
def test_small_cells_are_always_hidden(table):
    hidden = hide_cells(table, THRESHOLD)

    assert {cell for cell, size in table.items() if 0 < size < THRESHOLD} <= hidden


@given(table=tables())
@settings(max_examples=80, deadline=None)
def test_small_cell_cannot_be_computed_from_what_is_shown(table):
    hidden = set(hide_cells(table, THRESHOLD))

    for cell in hidden:
        if table[cell] < THRESHOLD:
            assert not can_be_computed([cell], table, hidden)


@given(table=tables())
@settings(max_examples=80, deadline=None)
def test_small_cells_of_a_line_cannot_be_computed_together(table):
    hidden = set(hide_cells(table, THRESHOLD))

    for place in (0, 1):
        for name in {cell[place] for cell in table}:
            line = {cell for cell in hidden if cell[place] == name}
            small = {cell for cell in line if 0 < table[cell] < THRESHOLD}
            for some in few_pupils(small, table):
                assert not can_be_computed(some, table, hidden)


@given(table=tables())
@settings(max_examples=50, deadline=None)
def test_hiding_is_the_same_every_time(table):
    shuffled = dict(reversed(table.items()))

    assert hide_cells(table, THRESHOLD) == hide_cells(shuffled, THRESHOLD)


def test_table_without_small_cells_is_shown_whole():
    table = with_totals({(7, "math"): 50, (7, "art"): 25, (8, "math"): 60})

    assert hide_cells(table, THRESHOLD) == frozenset()


def test_one_small_cell_takes_a_rectangle_with_it():
    table = with_totals(
        {(7, "math"): 50, (7, "art"): 3, (8, "math"): 60, (8, "art"): 40, (9, "math"): 70}
    )

    hidden = hide_cells(table, THRESHOLD)

    assert hidden == {(7, "art"), (7, "math"), (8, "art"), (8, "math")}


def test_two_small_cells_of_a_grade_hidden_whole_are_not_told_together():
    table = with_totals(
        {(1, "b"): 5, (2, "b"): 2, (2, "c"): 1, (2, "d"): 1, (4, "c"): 5, (4, "d"): 4}
    )

    hidden = set(hide_cells(table, THRESHOLD))

    assert not can_be_computed([(2, "c"), (2, "d")], table, hidden)


def test_grade_of_three_pupils_takes_another_grade_with_it():
    inner: dict[Cell, int] = {
        (grade, subject): pupils
        for grade, pupils in ((7, 3), (8, 12), (9, 30))
        for subject in ("math", "art", "music")
    }
    table = with_totals(inner)
    table[7, TOTAL] = 3  # pupils of a grade are counted once, not once a subject

    hidden = hide_cells(table, THRESHOLD)

    assert {row for row, _ in hidden} == {7, 8}
    assert {(7, TOTAL), (8, TOTAL)} <= hidden


def test_school_of_four_pupils_shows_nothing():
    table = with_totals({(1, "math"): 4})

    assert hide_cells(table, THRESHOLD) == table.keys()


def test_single_small_cell_hides_everything_when_no_cover_is_left():
    table = with_totals({(7, "math"): 50, (8, "art"): 3})

    hidden = set(hide_cells(table, THRESHOLD))

    assert not can_be_computed([(8, "art")], table, hidden)


@pytest.mark.parametrize(
    ("pupils", "marks", "size"),
    [
        pytest.param(3, 40, 3, id="few pupils with many marks"),
        pytest.param(3, 0, 3, id="few pupils without marks"),
        pytest.param(25, 2, 2, id="two marks in a large class"),
        pytest.param(25, 0, 0, id="no marks"),
        pytest.param(25, 60, 25, id="a usual class"),
    ],
)
def test_marks_tell_about_no_more_children_than_there_are_marks(pupils, marks, size):
    assert size_of_marks(pupils, marks, THRESHOLD) == size
