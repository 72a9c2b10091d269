"""A table as it was read: rows under their visible numbers, typed cells, remarks with addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

# A datetime is a date too: it stays a datetime only where the cell shows hours.
Cell = str | int | float | bool | date | time | None


class FileKind(StrEnum):
    """Formats that are read and written."""

    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"


class Severity(StrEnum):
    """How much a remark weighs: an error stops the import, the others are only told."""

    ERROR = "error"
    WARNING = "warning"
    HEALED = "healed"


@dataclass(frozen=True, slots=True)
class Problem:
    """A remark on one place of a file: where, what stands there, what is wrong, what helps."""

    severity: Severity
    code: str
    row: int | None
    column: str
    value: str
    reason: str
    cure: str = ""
    heading: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the remark as plain values for JSON."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "row": self.row,
            "column": self.column,
            "heading": self.heading,
            "value": self.value,
            "reason": self.reason,
            "cure": self.cure,
        }


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells; rows and columns are counted from one, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """Return the range as it is written in an office program, «A5:A29»."""
        return (
            f"{column_letter(self.first_column)}{self.first_row}:"
            f"{column_letter(self.last_column)}{self.last_row}"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds at least one value. `number` is what the person sees at its left."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """Return the value of a column counted from one; short rows end in nothing."""
        return self.cells[column - 1] if 0 < column <= len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Table:
    """The first visible sheet of a workbook, or a delimited text."""

    kind: FileKind
    sheet: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def width(self) -> int:
        """Return the number of columns up to the last value."""
        return max((len(row.cells) for row in self.rows), default=0)


def column_letter(column: int) -> str:
    """Return the letters of a column counted from one: 1 is A, 28 is AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column by its letters; absurdly long ones give a huge number."""
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + ord(letter) - 64
    return number


def trimmed(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the cells with blank text turned into nothing and the empty tail cut off."""
    values = [None if isinstance(cell, str) and not cell.strip() else cell for cell in cells]
    while values and values[-1] is None:
        values.pop()
    return tuple(values)
