from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.absence import DEFAULT_CODES, AbsenceCode
from kernel.marks import (
    FIVE_POINT,
    WITHOUT_MARKS,
    Cell,
    CellHoldsTwoOfAKind,
    MarkIsNotOfScale,
    MarkOfAbsentPupil,
    UnreadableCell,
    expected_mark,
    parse_cell,
    scale_of_level,
    simple_average,
    weighted_average,
)

marks = st.integers(1, 5)
weights = st.decimals(min_value="0.1", max_value=10, places=1)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        pytest.param("5", Cell(5), id="a mark"),
        pytest.param(" 1 ", Cell(1), id="a mark among spaces"),
        pytest.param("", Cell(), id="nothing"),
        pytest.param(" \t", Cell(), id="only spaces"),
        pytest.param("Н", Cell(code="Н"), id="a code"),
        pytest.param("y", Cell(code="Н"), id="a code in the Latin layout"),
        pytest.param("осв", Cell(code="ОСВ"), id="a full code in lower case"),
        pytest.param("5 ОП", Cell(5, "ОП"), id="a mark of a late pupil"),
        pytest.param("5о", Cell(5, "ОП"), id="a mark and a key"),
        pytest.param("j5", Cell(5, "ОП"), id="a key and a mark in the Latin layout"),
        pytest.param("4 осв", Cell(4, "ОСВ"), id="a mark for theory of an exempt pupil"),
    ],
)
def test_cell_is_read(text, cell):
    assert parse_cell(text) == cell


@pytest.mark.parametrize("code", ["Н", "УП", "НП", "Б", ",", "y", "eg"])
@pytest.mark.parametrize("pattern", ["5 {}", "{} 5", "5{}"])
def test_mark_of_an_absent_pupil_is_refused(code, pattern):
    with pytest.raises(MarkOfAbsentPupil):
        parse_cell(pattern.format(code))


@pytest.mark.parametrize("text", ["0", "6", "10", "55", "05"])
def test_mark_outside_the_scale_is_refused(text):
    with pytest.raises(MarkIsNotOfScale, match="5, 4, 3, 2, 1"):
        parse_cell(text)


@pytest.mark.parametrize("text", ["5 4", "Н Б", "5 4 ОП"])
def test_two_marks_or_two_codes_are_refused(text):
    with pytest.raises(CellHoldsTwoOfAKind):
        parse_cell(text)


@pytest.mark.parametrize("text", ["отл", "5-", "+", "5/", "²", "٥"])
def test_unreadable_cell_is_refused_with_the_known_codes(text):
    with pytest.raises(UnreadableCell, match="Н, УП, НП, Б, ОП, ОСВ"):
        parse_cell(text)


def test_school_with_its_own_codes_reads_them():
    contest = AbsenceCode("ОЛ", "на олимпиаде", "л", counts_as_absent=True, reason_known=True)

    assert parse_cell("ол", codes=(*DEFAULT_CODES, contest)) == Cell(code="ОЛ")


@pytest.mark.requirement("MRK-010", part=True)
def test_grade_one_learns_without_marks():
    scale = scale_of_level(1)

    assert scale == WITHOUT_MARKS
    assert parse_cell("Н", scale=scale) == Cell(code="Н")
    with pytest.raises(MarkIsNotOfScale, match="без отметок"):
        parse_cell("5", scale=scale)


@pytest.mark.parametrize("level", range(2, 12))
def test_other_grades_have_five_points(level):
    assert scale_of_level(level) == FIVE_POINT


@given(st.one_of(st.none(), marks), st.sampled_from([None, "ОП", "ОСВ"]))
def test_written_cell_is_read_back(mark, code):
    cell = Cell(mark, code)

    assert parse_cell(cell.value) == cell
    assert cell.is_empty == (cell.value == "")


@given(st.text(max_size=8))
def test_whatever_is_typed_gives_a_cell_or_a_named_error(text):
    refusals = (UnreadableCell, MarkIsNotOfScale, CellHoldsTwoOfAKind, MarkOfAbsentPupil)

    with suppress(*refusals):
        cell = parse_cell(text)
        assert parse_cell(cell.value) == cell


@pytest.mark.requirement("MRK-019", part=True)
@pytest.mark.parametrize(
    ("put", "average"),
    [
        pytest.param([], None, id="no marks"),
        pytest.param([5, 4, 4], "4.33", id="rounded down"),
        pytest.param([5, 5, 4], "4.67", id="rounded up"),
        pytest.param([5, 4, 4, 4, 4, 4, 4, 4], "4.13", id="half up, not to even"),
        pytest.param([2], "2.00", id="two places always"),
    ],
)
def test_simple_average(put, average):
    assert simple_average(put) == (None if average is None else Decimal(average))
    assert average is None or str(simple_average(put)) == average


@pytest.mark.requirement("MRK-019", part=True)
@pytest.mark.parametrize(
    ("put", "average"),
    [
        pytest.param([(5, 3), (5, 1), (4, 5)], "4.44", id="the vector printed wrong elsewhere"),
        pytest.param([(5, 1), (2, 0)], "5.00", id="a kind of work that does not count"),
        pytest.param([(5, 0)], None, id="nothing weighs"),
        pytest.param([], None, id="no marks"),
    ],
)
def test_weighted_average(put, average):
    result = weighted_average((mark, Decimal(weight)) for mark, weight in put)

    assert result == (None if average is None else Decimal(average))


@given(st.lists(st.tuples(marks, weights), min_size=1))
def test_average_lies_between_the_worst_and_the_best_mark(put):
    average = weighted_average(put)

    assert average is not None
    assert min(mark for mark, _ in put) <= average <= max(mark for mark, _ in put)


@given(st.lists(marks, min_size=1), weights)
def test_equal_weights_give_the_simple_average(put, weight):
    assert weighted_average((mark, weight) for mark in put) == simple_average(put)


@pytest.mark.requirement("MRK-019", part=True)
@pytest.mark.parametrize(
    ("average", "mark"),
    [(None, None), ("4.50", 5), ("4.49", 4), ("3.50", 4), ("2.50", 3), ("2.49", 2), ("1.00", 2)],
)
def test_expected_mark_is_read_from_the_shown_average(average, mark):
    assert expected_mark(None if average is None else Decimal(average)) == mark


def test_school_may_set_its_own_thresholds():
    strict = {5: Decimal("4.65"), 4: Decimal("3.65"), 3: Decimal("2.65"), 2: Decimal(0)}

    assert expected_mark(Decimal("4.64"), strict) == 4
