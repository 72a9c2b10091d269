"""Merged cells: harmless above the data, repeated down a column, refused across columns."""

from dataclasses import replace

from foundation.spreadsheets.table import (
    Cell,
    Merge,
    Problem,
    Row,
    Severity,
    Table,
    column_letter,
    trimmed,
)


def resolve_merges(table: Table, header_row: int) -> Table:
    """Return the table with merged cells resolved, knowing in which row the header stands.

    A title or header merge is opened downwards so that the header row carries its words. One
    value merged down a column of data («7А» along a whole class) is repeated in every row. Data
    merged across columns cannot be told apart and become an error.
    """
    values = {row.number: list(row.cells) for row in table.rows}
    problems = list(table.problems)
    for merge in table.merges:
        if merge.first_row <= header_row:
            _fill(values, merge, min(merge.last_row, header_row))
            if merge.last_row > header_row:
                problems.append(_refused(merge, values))
        elif merge.first_column == merge.last_column:
            _fill(values, merge, merge.last_row)
            problems.append(_repeated(merge, values))
        else:
            problems.append(_refused(merge, values))
    rows = tuple(
        Row(number, cells) for number, line in sorted(values.items()) if (cells := trimmed(line))
    )
    return replace(table, rows=rows, merges=(), problems=tuple(problems))


def _fill(values: dict[int, list[Cell]], merge: Merge, last_row: int) -> None:
    value = _value(values, merge)
    if value is None:
        return
    for number in range(merge.first_row + 1, last_row + 1):
        # a row that is empty but for the merge stays empty
        line = values.get(number)
        if line is None:
            continue
        line.extend([None] * (merge.first_column - len(line)))
        line[merge.first_column - 1] = value


def _value(values: dict[int, list[Cell]], merge: Merge) -> Cell:
    line = values.get(merge.first_row, [])
    return line[merge.first_column - 1] if merge.first_column <= len(line) else None


def _repeated(merge: Merge, values: dict[int, list[Cell]]) -> Problem:
    return Problem(
        Severity.HEALED,
        "merged-down",
        merge.first_row,
        column_letter(merge.first_column),
        str(_value(values, merge) or ""),
        f"Ячейки {merge.address} объединены: значение повторено в каждой строке.",
    )


def _refused(merge: Merge, values: dict[int, list[Cell]]) -> Problem:
    return Problem(
        Severity.ERROR,
        "merged-across",
        merge.first_row,
        column_letter(merge.first_column),
        str(_value(values, merge) or ""),
        f"Ячейки {merge.address} объединены: непонятно, к какому столбцу и строке они относятся.",
        "Разъедините ячейки и впишите значение в каждую.",
    )
