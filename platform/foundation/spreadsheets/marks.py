"""What a scan of a sheet notices besides values: formulas, errors, hidden rows; and its limits."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from foundation.spreadsheets import limits
from foundation.spreadsheets.errors import SheetIsTooLarge, TextIsTooLong
from foundation.spreadsheets.table import Merge, Problem, Severity, column_letter

Address = tuple[int, int]  # row, column, both from one
MAX_SAME_REMARKS = 50


@dataclass(slots=True)
class SheetMarks:
    """Collected while a sheet streams by; the limits are kept at every value."""

    sheet: str
    formulas: list[Address] = field(default_factory=list)
    hollow: list[Address] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    cells: int = 0
    characters: int = 0
    last_row: int = 0
    last_column: int = 0

    @property
    def where(self) -> str:
        """Return «На листе «7А»»; a text file has no sheets."""
        return f"На листе «{self.sheet}»" if self.sheet else "В файле"

    def count_value(self, row: int, column: int, characters: int, copies: int = 1) -> None:
        """Note a value, or its repeated copies ending at this address. Raises at a limit."""
        if row > limits.MAX_ROWS:
            raise SheetIsTooLarge(
                f"{self.where} больше {limits.MAX_ROWS} строк: есть значение в строке {row}."
            )
        if column > limits.MAX_COLUMNS:
            raise SheetIsTooLarge(
                f"{self.where} больше {limits.MAX_COLUMNS} столбцов: "
                f"есть значение в ячейке {column_letter(column)}{row}."
            )
        if characters > limits.MAX_CELL_TEXT:
            raise TextIsTooLong(
                f"В ячейке {column_letter(column)}{row} {characters} знаков, "
                f"допустимо {limits.MAX_CELL_TEXT}."
            )
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)
        if self.last_row * self.last_column > limits.MAX_AREA:
            raise SheetIsTooLarge(f"{self.where} значения разбросаны слишком далеко друг от друга.")
        self.cells += copies
        self.characters += characters * copies
        if self.cells > limits.MAX_CELLS:
            raise SheetIsTooLarge(f"{self.where} больше {limits.MAX_CELLS} значений.")
        if self.characters > limits.MAX_TEXT:
            raise TextIsTooLong

    def add_merge(self, merge: Merge) -> None:
        """Note merged cells. Raises SheetIsTooLarge when there are absurdly many."""
        if len(self.merges) >= limits.MAX_MERGES:
            raise SheetIsTooLarge("На листе слишком много объединённых ячеек.")
        self.merges.append(merge)

    def problems(self) -> tuple[Problem, ...]:
        """Return the remarks in the order of the rows."""
        return tuple(
            sorted(
                [*self._hidden(), *self._formulas(), *self._hollow(), *self._errors()],
                key=lambda problem: (problem.row or 0, problem.column),
            )
        )

    def _formulas(self) -> Iterable[Problem]:
        for first, last, column in _runs_down(self.formulas):
            letter = column_letter(column)
            span = f"{letter}{first}" if first == last else f"{letter}{first}:{letter}{last}"
            yield Problem(
                Severity.WARNING,
                "formula",
                first,
                letter,
                span,
                "В ячейке формула, взято её сохранённое значение."
                if first == last
                else f"В ячейках {span} формулы, взяты их сохранённые значения.",
                "Проверьте, что файл был пересчитан и сохранён.",
            )

    def _hollow(self) -> Iterable[Problem]:
        for row, column in self.hollow[:MAX_SAME_REMARKS]:
            yield Problem(
                Severity.ERROR,
                "formula-without-value",
                row,
                column_letter(column),
                "",
                "В ячейке формула, а её значение в файле не сохранено.",
                "Откройте файл в табличном редакторе, замените формулы значениями и сохраните.",
            )

    def _errors(self) -> Iterable[Problem]:
        for row, column, value in self.errors[:MAX_SAME_REMARKS]:
            yield Problem(
                Severity.ERROR,
                "cell-error",
                row,
                column_letter(column),
                value,
                "В ячейке ошибка вычисления.",
                "Исправьте формулу или впишите значение.",
            )

    def _hidden(self) -> Iterable[Problem]:
        for first, last, _ in _runs_down([(row, 1) for row in self.hidden_rows]):
            yield Problem(
                Severity.WARNING,
                "hidden-rows",
                first,
                "",
                str(first) if first == last else f"{first}–{last}",
                "Строки скрыты в файле (например, фильтром), но прочитаны.",
                "Если они лишние, удалите их из файла.",
            )


def _runs_down(addresses: list[Address]) -> list[tuple[int, int, int]]:
    """Return (first row, last row, column) of unbroken runs down each column."""
    runs: list[tuple[int, int, int]] = []
    for column, row in sorted((column, row) for row, column in addresses):
        if runs and runs[-1][2] == column and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row, column)
        else:
            runs.append((row, row, column))
    return runs
