"""Finding the header of a list: columns in any order, titles above it, columns nobody needs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from foundation.spreadsheets import Problem, Row, Severity, Table, column_letter, column_number
from services.people.imports.fields import (
    EMPLOYEE_FIELDS,
    GUARDIAN_FIELDS,
    NAME_FIELDS,
    OF_GUARDIAN_ONLY,
    PUPIL_FIELDS,
    ROW_NUMBER,
    TITLES,
    Field,
    Meaning,
    plain_heading,
    read_employees_heading,
    read_pupils_heading,
)

ROWS_TO_LOOK_THROUGH = 30
LEAST_COLUMNS = 2
LONGEST_HEADING = 60

Columns = dict[Field, int]


@dataclass(slots=True)
class Header:
    """Where the header stands and which column holds what; columns are counted from one."""

    row: int
    headings: dict[int, str]
    person: Columns = field(default_factory=dict)
    guardians: dict[str, Columns] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def heading(self, column: int) -> str:
        """Return the words above a column."""
        return self.headings.get(column, "")

    @property
    def used(self) -> frozenset[int]:
        """Return the columns whose values are taken."""
        guardians = (column for block in self.guardians.values() for column in block.values())
        return frozenset([*self.person.values(), *guardians])


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a list of this kind has: fields of the person, and how a heading is read."""

    fields: frozenset[Field]
    read: Callable[[str], Meaning | None]


PUPILS = _Kind(PUPIL_FIELDS, read_pupils_heading)
EMPLOYEES = _Kind(EMPLOYEE_FIELDS, read_employees_heading)


def find_pupils_header(table: Table) -> Header | None:
    """Return the header of a list of pupils with their guardians, or None."""
    header = _find(table, PUPILS)
    if header is not None:
        _drop_nameless_guardians(header)
    return header


def find_employees_header(table: Table) -> Header | None:
    """Return the header of a list of employees, or None."""
    return _find(table, EMPLOYEES)


def missing_columns(header: Header, fields: Iterable[Field]) -> list[Problem]:
    """Return an error for each field that must have a column and has none."""
    problems = []
    for one in fields:
        if one in header.person:
            continue
        title = TITLES[one]
        problems.append(
            Problem(
                Severity.ERROR,
                "column-is-missing",
                header.row,
                "",
                title,
                f"В таблице нет столбца «{title}».",
                f"Добавьте столбец с заголовком «{title}».",
            )
        )
    return problems


def has_name(columns: Mapping[Field, int]) -> bool:
    """Return whether the columns give a full name, whole or in parts."""
    return Field.FULL_NAME in columns or {Field.LAST_NAME, Field.FIRST_NAME} <= columns.keys()


def name_field(columns: Mapping[Field, int]) -> Field:
    """Return the field under which a remark on the whole name stands."""
    return Field.FULL_NAME if Field.FULL_NAME in columns else Field.LAST_NAME


def of_used_columns(table: Table, header: Header) -> Iterator[Problem]:
    """Return the file's own remarks on data that is taken: a formula in a title harms nobody."""
    used = {column_letter(column) for column in header.used}
    for one in table.problems:
        is_below = one.row is None or one.row > header.row or one.code == "merged-across"
        if is_below and (one.column in used or not one.column):
            yield replace(one, heading=header.heading(column_number(one.column)))


def no_header(table: Table, last: Field) -> Problem:
    """Return the error that no row of the table looks like a header."""
    first = table.rows[0]
    examples = (Field.FULL_NAME, Field.BIRTH_DATE, last)
    return Problem(
        Severity.ERROR,
        "header-is-not-found",
        first.number,
        "",
        "; ".join(str(cell) for cell in first.cells[:6] if cell is not None)[:100],
        "Не нашлась строка с заголовками столбцов.",
        f"Назовите столбцы в одной строке: {', '.join(TITLES[one] for one in examples)}.",
    )


def no_rows(header: Header) -> Problem:
    """Return the error that nothing stands under the header."""
    return Problem(
        Severity.ERROR,
        "list-is-empty",
        header.row,
        "",
        "",
        "Под заголовками нет ни одной записи.",
        "Проверьте, тот ли файл выбран.",
    )


def _find(table: Table, kind: _Kind) -> Header | None:
    """Return the best of the first rows; of two equals, the upper."""
    best: Header | None = None
    for row in table.rows[:ROWS_TO_LOOK_THROUGH]:
        header = _read(table, row, kind)
        is_header = len(header.used) >= LEAST_COLUMNS and bool(
            header.person.keys() & set(NAME_FIELDS)
        )
        if is_header and (best is None or len(header.used) > len(best.used)):
            best = header
    return best


def _read(table: Table, row: Row, kind: _Kind) -> Header:
    upper = _titles_above(table, row)
    header = Header(row.number, _headings(table, row))
    ownerless: list[tuple[int, Meaning]] = []
    current = ""
    for column, heading in header.headings.items():
        both = kind.read(f"{heading} {upper[column]}") if column in upper else None
        meaning = both or kind.read(heading)
        owned = _of_whom(meaning, current, header, kind.fields) if meaning else None
        if owned is not None:
            current = owned.guardian or current
            _place(header, owned, column)
        elif meaning is not None and meaning.field in OF_GUARDIAN_ONLY:
            ownerless.append((column, meaning))
        else:
            _leave_out(header, column)
    for column, meaning in ownerless:
        _place_ownerless(header, meaning, column)
    return header


def _headings(table: Table, row: Row) -> dict[int, str]:
    """Return the words of a row, with those merged down into it from above."""
    rows = {one.number: one for one in table.rows}
    cells = dict(enumerate(row.cells, start=1))
    for merge in table.merges:
        if merge.first_row < row.number <= merge.last_row and merge.first_row in rows:
            cells[merge.first_column] = rows[merge.first_row].cell(merge.first_column)
    return {
        column: " ".join(cell.split())
        for column, cell in sorted(cells.items())
        if isinstance(cell, str) and len(cell) <= LONGEST_HEADING
    }


def _of_whom(
    meaning: Meaning, current: str, header: Header, fields: frozenset[Field]
) -> Meaning | None:
    """Return the meaning with its owner: a phone is the guardian's who stands to the left.

    So is a second birth date, a second surname or a СНИЛС after a guardian's column.
    """
    if meaning.guardian:
        return meaning
    is_repeated = meaning.field in header.person
    can_be_guardians = current and meaning.field in GUARDIAN_FIELDS
    is_taken = meaning.field in header.guardians.get(current, {})
    if can_be_guardians and not is_taken and (is_repeated or meaning.field not in fields):
        return Meaning(meaning.field, current)
    return meaning if meaning.field in fields else None


def _place_ownerless(header: Header, meaning: Meaning, column: int) -> None:
    """Give a phone that stands before the only guardian's name to that guardian."""
    blocks = list(header.guardians.items())
    if len(blocks) == 1 and meaning.field not in blocks[0][1]:
        _place(header, Meaning(meaning.field, blocks[0][0]), column)
    else:
        _leave_out(header, column)


def _place(header: Header, meaning: Meaning, column: int) -> None:
    block = header.guardians.setdefault(meaning.guardian, {}) if meaning.guardian else header.person
    if meaning.field in block:
        first = column_letter(block[meaning.field])
        header.problems.append(
            Problem(
                Severity.ERROR,
                "column-is-repeated",
                header.row,
                column_letter(column),
                header.heading(column),
                f"Столбец встречается дважды: {first} и {column_letter(column)}.",
                "Оставьте один из столбцов или уточните заголовок.",
                header.heading(column),
            )
        )
        return
    block[meaning.field] = column


def _leave_out(header: Header, column: int) -> None:
    heading = header.heading(column)
    if plain_heading(heading) in ROW_NUMBER:
        return
    header.problems.append(
        Problem(
            Severity.WARNING,
            "column-is-not-used",
            header.row,
            column_letter(column),
            heading,
            "Этот столбец не загружается.",
            "",
            heading,
        )
    )


def _titles_above(table: Table, row: Row) -> dict[int, str]:
    """Return titles merged over some columns right above the header: «Мать» over three."""
    above = next((one for one in table.rows if one.number == row.number - 1), None)
    if above is None:
        return {}
    titles: dict[int, str] = {}
    for merge in table.merges:
        is_above = merge.first_row <= above.number == merge.last_row
        title = above.cell(merge.first_column)
        width = merge.last_column - merge.first_column + 1
        if is_above and isinstance(title, str) and width < len(row.cells):
            columns = range(merge.first_column, merge.first_column + min(width, len(row.cells)))
            titles |= dict.fromkeys(columns, title)
    return titles


def _drop_nameless_guardians(header: Header) -> None:
    """Leave out guardians without a column for the name, with a word for each column."""
    for guardian, block in list(header.guardians.items()):
        if has_name(block):
            continue
        del header.guardians[guardian]
        for column in sorted(block.values()):
            _leave_out(header, column)
