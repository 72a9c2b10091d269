"""Marks (отметки): scales, reading a journal cell, averages, and the formulas of a report.

Source: law.md §5.4 (values and codes), §5.5 (успеваемость, качество, СОУ as school systems count
them); MRK-010 (grade 1 has no marks), MRK-019 (the average is the expected mark), MRK-031 (weights
and thresholds belong to the school). Always Decimal, two places, ROUND_HALF_UP, never float.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from kernel.absence import DEFAULT_CODES, AbsenceCode, find_code
from kernel.errors import DomainError

TWO_PLACES = Decimal("0.01")
DIGITS = "0123456789"
PARTS_OF_CELL = re.compile(r"[0-9]+|[^0-9\s]+")


class UnreadableCell(DomainError):
    """Neither a mark of the scale nor a known code."""

    code = "unreadable-cell"
    message = "Не удалось прочесть запись: введите отметку или код посещаемости."


class MarkIsNotOfScale(DomainError):
    """A number the scale does not have."""

    code = "mark-is-not-of-scale"
    message = "Такой отметки нет."


class CellHoldsTwoOfAKind(DomainError):
    """Two marks or two codes in one cell."""

    code = "cell-holds-two-of-a-kind"
    message = "В одной клетке может стоять одна отметка и один код."


class MarkOfAbsentPupil(DomainError):
    """A mark together with a code that says the pupil was not there."""

    code = "mark-of-absent-pupil"
    message = "Отметку нельзя поставить тому, кто отсутствовал на уроке."


@dataclass(frozen=True, slots=True)
class MarkScale:
    """The values a teacher may put, best first."""

    code: str
    title: str
    values: tuple[int, ...]


FIVE_POINT = MarkScale("five-point", "Пятибалльная", (5, 4, 3, 2, 1))
WITHOUT_MARKS = MarkScale("without-marks", "Без отметок", ())
LEVELS_WITHOUT_MARKS = frozenset({1})


def scale_of_level(
    level: int, levels_without_marks: frozenset[int] = LEVELS_WITHOUT_MARKS
) -> MarkScale:
    """Return the scale of a grade: grade 1 learns without marks."""
    return WITHOUT_MARKS if level in levels_without_marks else FIVE_POINT


@dataclass(frozen=True, slots=True)
class Cell:
    """What one pupil has in one lesson: a mark, an absence code, both (late) or nothing."""

    mark: int | None = None
    code: str | None = None

    @property
    def value(self) -> str:
        """Return the cell as it is written, «5 ОП»; an empty cell is an empty string."""
        return " ".join(str(part) for part in (self.mark, self.code) if part is not None)

    @property
    def is_empty(self) -> bool:
        """Return whether there is neither mark nor code."""
        return self.mark is None and self.code is None


def parse_cell(
    text: str,
    *,
    scale: MarkScale = FIVE_POINT,
    codes: Sequence[AbsenceCode] = DEFAULT_CODES,
) -> Cell:
    """Return the cell a teacher typed in either keyboard layout: «5», «Н», «5 ОП», "yg", "".

    Raises UnreadableCell, MarkIsNotOfScale, CellHoldsTwoOfAKind or MarkOfAbsentPupil.
    """
    parts = PARTS_OF_CELL.findall(text)
    marks = [_read_mark(part, scale) for part in parts if part[0] in DIGITS]
    found = [_read_code(part, codes) for part in parts if part[0] not in DIGITS]
    if len(marks) > 1 or len(found) > 1:
        raise CellHoldsTwoOfAKind
    mark = marks[0] if marks else None
    code = found[0] if found else None
    if mark is not None and code is not None and code.counts_as_absent:
        raise MarkOfAbsentPupil(absence=code.code)
    return Cell(mark, code.code if code else None)


def _read_mark(part: str, scale: MarkScale) -> int:
    if len(part) == 1 and int(part) in scale.values:
        return int(part)
    if not scale.values:
        raise MarkIsNotOfScale("В этом классе учатся без отметок.", scale=scale.code)
    values = ", ".join(map(str, scale.values))
    raise MarkIsNotOfScale(f"Такой отметки нет. Можно поставить: {values}.", scale=scale.code)


def _read_code(part: str, codes: Sequence[AbsenceCode]) -> AbsenceCode:
    code = find_code(part, codes)
    if code is None:
        known = ", ".join(code.code for code in codes)
        raise UnreadableCell(f"Не удалось прочесть запись. Коды посещаемости: {known}.")
    return code


def round_half_up(number: Decimal) -> Decimal:
    """Return the number with two decimal places, half away from zero, as people round."""
    return number.quantize(TWO_PLACES, ROUND_HALF_UP)


def simple_average(marks: Iterable[int]) -> Decimal | None:
    """Return the mean of the marks with two places, or None when there are none."""
    return weighted_average((mark, Decimal(1)) for mark in marks)


def weighted_average(marks: Iterable[tuple[int, Decimal]]) -> Decimal | None:
    """Return the mean of (mark, weight of its kind of work), or None when nothing weighs."""
    total, weights = Decimal(0), Decimal(0)
    for mark, weight in marks:
        total += mark * weight
        weights += weight
    return round_half_up(total / weights) if weights else None


EXPECTED_FROM: Mapping[int, Decimal] = MappingProxyType(
    {5: Decimal("4.50"), 4: Decimal("3.50"), 3: Decimal("2.50"), 2: Decimal(0)}
)


def expected_mark(
    average: Decimal | None, thresholds: Mapping[int, Decimal] = EXPECTED_FROM
) -> int | None:
    """Return the mark the *shown* average promises, or None when there is no average.

    The average comes rounded to two places: 4.495 is shown as 4.50, and what is shown must hold.
    """
    if average is None:
        return None
    return max((mark for mark, least in thresholds.items() if average >= least), default=None)
