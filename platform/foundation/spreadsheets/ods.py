"""Reading ODS in one pass over `content.xml`.

Not through calamine: it drops tabs inside cells (tried on 0.9.1), and the pass that finds
formulas, merged cells and repeated rows has the values in hand anyway.
"""

import re
from datetime import date, datetime, time

from foundation.spreadsheets import limits
from foundation.spreadsheets.archive import Archive
from foundation.spreadsheets.errors import FileIsEmpty, FileIsEncrypted, SheetIsTooLarge
from foundation.spreadsheets.marks import SheetMarks
from foundation.spreadsheets.markup import Attributes, Scanner, local
from foundation.spreadsheets.table import (
    Cell,
    FileKind,
    Merge,
    Problem,
    Row,
    Severity,
    Table,
    trimmed,
)

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
DURATION = re.compile(r"PT(\d{1,2})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
EXACT_INTEGER = 2**53
CELLS = ("table-cell", "covered-table-cell")


def read_ods(archive: Archive) -> Table:
    """Return the first visible sheet. Raises a subclass of UnreadableFile."""
    _refuse_encrypted(archive)
    scan = _ContentScan()
    scan.scan(archive.chunks(CONTENT))
    if scan.marks is None:
        raise FileIsEmpty("В файле нет ни одного видимого листа.")
    if not scan.rows and not scan.marks.hollow:
        raise FileIsEmpty(f"На листе «{scan.marks.sheet}» нет ни одного значения.")
    return Table(
        kind=FileKind.ODS,
        sheet=scan.marks.sheet,
        rows=tuple(scan.rows),
        merges=tuple(scan.marks.merges),
        problems=(*_other_sheets(scan), *scan.marks.problems()),
    )


class _ManifestScan(Scanner):
    def start(self, name: str, attributes: Attributes) -> None:
        if name == "encryption-data":
            raise FileIsEncrypted


def _refuse_encrypted(archive: Archive) -> None:
    if "encrypted-package" in archive:
        raise FileIsEncrypted
    if MANIFEST in archive:
        _ManifestScan().scan(archive.chunks(MANIFEST))


class _ContentScan(Scanner):
    """Values of the first visible table; the names of the others."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: SheetMarks | None = None
        self.rows: list[Row] = []
        self.other_sheets: list[str] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._reading = False
        self._depth_of_tables = 0
        self._row = 0
        self._row_elements = 0
        self._row_copies = 1
        self._row_is_hidden = False
        self._cells: list[Cell] = []
        self._column = 0
        self._cell: Attributes = {}
        self._text: list[str] = []
        self._in_cell = False
        self._paragraphs = 0
        self._notes = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if self._in_cell:
            self._start_inside_cell(name, attributes)
        elif name in CELLS:
            self._start_cell(attributes)
        elif name == "table-row":
            self._start_row(attributes)
        elif name == "table":
            self._start_table(attributes)
        elif name == "style":
            self._style = _pick(attributes, "name")
        elif name == "table-properties" and _pick(attributes, "display") == "false":
            self._hidden_styles.add(self._style)

    def text(self, text: str) -> None:
        if self._in_cell and self._paragraphs and not self._notes:
            self._text.append(text)

    def end(self, name: str) -> None:
        if self._in_cell:
            self._end_inside_cell(name)
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._depth_of_tables -= 1
            self._reading = False

    def _start_table(self, attributes: Attributes) -> None:
        self._depth_of_tables += 1
        if self._depth_of_tables > 1 or _pick(attributes, "style-name") in self._hidden_styles:
            return
        sheet = _pick(attributes, "name")
        if self.marks is not None:
            self.other_sheets.append(sheet)
            return
        self.marks = SheetMarks(sheet)
        self._reading = True

    def _start_row(self, attributes: Attributes) -> None:
        self._row_elements += 1
        if self._row_elements > limits.MAX_ROW_ELEMENTS:
            raise SheetIsTooLarge(f"На листе больше {limits.MAX_ROW_ELEMENTS} строк.")
        self._row_copies = _count(_by_local_name(attributes), "number-rows-repeated")
        self._row_is_hidden = _pick(attributes, "visibility") in ("collapse", "filter")
        self._cells = []
        self._column = 0

    def _end_row(self) -> None:
        first = self._row + 1
        self._row += self._row_copies
        cells = trimmed(self._cells)
        if not self._reading or self.marks is None or not cells:
            return
        for number in range(first, self._row + 1):
            # the limits were kept for the last copy when its cells were counted
            self.rows.append(Row(number, cells))
            if self._row_is_hidden:
                self.marks.hidden_rows.append(number)

    def _start_cell(self, attributes: Attributes) -> None:
        self._in_cell = True
        self._cell = _by_local_name(attributes)
        self._text = []
        self._paragraphs = 0
        self._notes = 0

    def _start_inside_cell(self, name: str, attributes: Attributes) -> None:
        if name == "annotation":
            self._notes += 1
        elif self._notes:
            return
        elif name == "p":
            if self._paragraphs:
                self._text.append("\n")
            self._paragraphs += 1
        elif name == "s":
            self._text.append(
                " " * min(_count(_by_local_name(attributes), "c"), limits.MAX_CELL_TEXT + 1)
            )
        elif name == "tab":
            self._text.append("\t")
        elif name == "line-break":
            self._text.append("\n")

    def _end_inside_cell(self, name: str) -> None:
        if name == "annotation":
            self._notes -= 1
        elif name in CELLS:
            self._in_cell = False
            self._end_cell()

    def _end_cell(self) -> None:
        copies = _count(self._cell, "number-columns-repeated")
        first = self._column + 1
        self._column += copies
        if not self._reading or self.marks is None:
            return
        row = self._row + 1
        text = "".join(self._text)
        value = _value(self._cell, text)
        self._note_merge(self.marks, row, first)
        self._note_formula(self.marks, row, first, text)
        if value in (None, ""):
            # columns beyond the limit stay unread as long as they are empty
            self._cells.extend([None] * min(copies, limits.MAX_COLUMNS + 1 - len(self._cells)))
            return
        self.marks.count_value(
            self._row + self._row_copies,
            self._column,
            len(value) if isinstance(value, str) else 1,
            copies * self._row_copies,
        )
        self._cells.extend([value] * copies)

    def _note_formula(self, marks: SheetMarks, row: int, column: int, text: str) -> None:
        is_formula = "formula" in self._cell
        if _is_error(self._cell):
            marks.count_value(row, column, len(text))
            marks.errors.append((row, column, text))
        elif is_formula and "value-type" not in self._cell:
            marks.count_value(row, column, 0)
            marks.hollow.append((row, column))
        elif is_formula:
            marks.count_value(row, column, 0)
            marks.formulas.append((row, column))

    def _note_merge(self, marks: SheetMarks, row: int, column: int) -> None:
        rows = _count(self._cell, "number-rows-spanned")
        columns = _count(self._cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            marks.add_merge(Merge(row, column, row + rows - 1, column + columns - 1))


def _value(attributes: Attributes, text: str) -> Cell:
    kind = attributes.get("value-type", "")
    if _is_error(attributes):
        return None
    if kind in ("float", "percentage", "currency"):
        return _number(attributes.get("value", ""), text)
    if kind == "date":
        return _moment(attributes.get("date-value", ""), text)
    if kind == "boolean":
        return attributes.get("boolean-value", "") == "true"
    if kind == "time":
        return _time(attributes.get("time-value", ""), text)
    return text or attributes.get("string-value", "") or None


def _number(value: str, text: str) -> Cell:
    try:
        number = float(value)
    except ValueError:
        return text or None
    return int(number) if number.is_integer() and abs(number) <= EXACT_INTEGER else number


def _moment(value: str, text: str) -> Cell:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return text or value
    if moment.tzinfo is not None:
        return text or value
    return moment if moment.time() != time() else date(moment.year, moment.month, moment.day)


def _time(value: str, text: str) -> Cell:
    match = DURATION.fullmatch(value)
    if match is None:
        return text or value
    hours, minutes, seconds = (int(part) for part in match.groups())
    if hours > 23 or minutes > 59 or seconds > 59:
        return text or value
    return time(hours, minutes, seconds)


def _is_error(attributes: Attributes) -> bool:
    return attributes.get("calcext-value-type") == "error"


def _by_local_name(attributes: Attributes) -> Attributes:
    """Return attributes without prefixes; only LibreOffice's own extension keeps a trace of it."""
    return {
        f"calcext-{local(name)}" if name.startswith("calcext:") else local(name): value
        for name, value in attributes.items()
    }


def _pick(attributes: Attributes, name: str) -> str:
    return _by_local_name(attributes).get(name, "")


def _count(attributes: Attributes, name: str) -> int:
    value = attributes.get(name, "1")
    return min(int(value), 10**7) if value.isdecimal() and len(value) < 12 else 1


def _other_sheets(scan: _ContentScan) -> list[Problem]:
    if not scan.other_sheets or scan.marks is None:
        return []
    return [
        Problem(
            Severity.WARNING,
            "other-sheets",
            None,
            "",
            ", ".join(scan.other_sheets),
            f"Прочитан только первый лист «{scan.marks.sheet}».",
            "Если нужны и другие листы, загрузите каждый отдельным файлом.",
        )
    ]
