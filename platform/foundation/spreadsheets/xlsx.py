"""Reading XLSX: the sheet is scanned as a stream first, then calamine takes the values.

The scan keeps the limits and finds what calamine does not tell: formulas, errors of calculation,
hidden rows. calamine knows the number formats, so dates come out as dates.
"""

import io
import posixpath
import re
from collections.abc import Sequence
from datetime import date, time, timedelta

from python_calamine import CalamineError, load_workbook

from foundation.spreadsheets import limits
from foundation.spreadsheets.archive import Archive
from foundation.spreadsheets.errors import (
    ArchiveIsBroken,
    FileIsEmpty,
    SheetIsTooLarge,
    TextIsTooLong,
    UnreadableFile,
)
from foundation.spreadsheets.marks import SheetMarks
from foundation.spreadsheets.markup import Attributes, Scanner, check_well_formed
from foundation.spreadsheets.table import (
    Cell,
    FileKind,
    Merge,
    Problem,
    Row,
    Severity,
    Table,
    column_number,
    trimmed,
)

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHARED_STRINGS = "xl/sharedStrings.xml"
COMPANIONS = ("[Content_Types].xml", "_rels/.rels", WORKBOOK, RELATIONS, SHARED_STRINGS)
STYLES = "xl/styles.xml"

ADDRESS = re.compile(r"\$?([A-Za-z]{1,7})\$?([0-9]{1,9})")
EXACT_INTEGER = 2**53


def read_xlsx(archive: Archive) -> Table:
    """Return the first visible sheet. Raises a subclass of UnreadableFile."""
    sheets = _list_sheets(archive)
    visible = [sheet for sheet in sheets if sheet.visible]
    if not visible:
        raise FileIsEmpty("В файле нет ни одного видимого листа.")
    sheet = visible[0]

    strings = _StringLengths()
    if SHARED_STRINGS in archive:
        strings.scan(archive.chunks(SHARED_STRINGS))
    scan = _SheetScan(SheetMarks(sheet.name), strings.lengths)
    scan.scan(archive.chunks(sheet.path))
    if not scan.marks.cells and not scan.marks.hollow:
        raise FileIsEmpty(f"На листе «{sheet.name}» нет ни одного значения.")

    names = [name for name in (*COMPANIONS, STYLES) if name in archive]
    for name in names:
        check_well_formed(archive.chunks(name))
    values = _read_values(archive.repacked([*names, sheet.path]), sheet.name)
    return Table(
        kind=FileKind.XLSX,
        sheet=sheet.name,
        rows=tuple(
            Row(number, cells)
            for number, line in enumerate(values, start=1)
            if (cells := trimmed(map(plain, line)))
        ),
        merges=tuple(scan.marks.merges),
        problems=(*_other_sheets(sheet.name, visible), *scan.marks.problems()),
    )


def plain(value: object) -> Cell:
    """Return calamine's value as a cell: whole numbers as int, long durations as text."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= EXACT_INTEGER:
        return int(value)
    if isinstance(value, timedelta):
        hours, seconds = divmod(int(value.total_seconds()), 3600)
        return time(hours, seconds // 60, seconds % 60) if 0 <= hours < 24 else str(value)
    if isinstance(value, str | int | float | date | time):
        return value
    return None


class _Sheet:
    def __init__(self, name: str, path: str, visible: bool) -> None:
        self.name = name
        self.path = path
        self.visible = visible


class _WorkbookScan(Scanner):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            visible = attributes.get("state", "visible") == "visible"
            self.sheets.append((attributes.get("name", ""), relation, visible))


class _RelationScan(Scanner):
    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        # Chart sheets and dialogs are sheets too, but hold no cells.
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.targets[attributes.get("Id", "")] = path.lstrip("/")


def _list_sheets(archive: Archive) -> list[_Sheet]:
    workbook, relations = _WorkbookScan(), _RelationScan()
    workbook.scan(archive.chunks(WORKBOOK))
    relations.scan(archive.chunks(RELATIONS))
    return [
        _Sheet(name, relations.targets[relation], visible)
        for name, relation, visible in workbook.sheets
        if relation in relations.targets
    ]


class _StringLengths(Scanner):
    """Lengths of the shared strings: half a million cells may point at one long string."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[int] = []
        self._length = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._length = 0

    def text(self, text: str) -> None:
        self._length += len(text)

    def end(self, name: str) -> None:
        if name != "si":
            return
        if self._length > 2 * limits.MAX_CELL_TEXT:
            raise TextIsTooLong
        self.lengths.append(self._length)


class _SheetScan(Scanner):
    def __init__(self, marks: SheetMarks, lengths: list[int]) -> None:
        super().__init__()
        self.marks = marks
        self._lengths = lengths
        self._row = 0
        self._row_elements = 0
        self._row_is_hidden = False
        self._column = 0
        self._type = ""
        self._is_formula = False
        self._inside_value = False
        self._value: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._inside_value = True
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "mergeCell":
            self._add_merge(attributes.get("ref", ""))

    def text(self, text: str) -> None:
        if self._inside_value:
            self._value.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside_value = False
        elif name == "c":
            self._end_cell()

    def _start_row(self, attributes: Attributes) -> None:
        self._row_elements += 1
        if self._row_elements > limits.MAX_ROW_ELEMENTS:
            raise SheetIsTooLarge(
                f"На листе «{self.marks.sheet}» больше {limits.MAX_ROW_ELEMENTS} строк."
            )
        number = attributes.get("r", "")
        self._row = int(number) if number.isdecimal() and len(number) < 10 else self._row + 1
        self._row_is_hidden = attributes.get("hidden") in ("1", "true")
        self._column = 0

    def _start_cell(self, attributes: Attributes) -> None:
        address = ADDRESS.fullmatch(attributes.get("r", ""))
        if address:
            self._column = column_number(address[1])
            # calamine believes the cell's own address, not the row's
            self._row = int(address[2])
        else:
            self._column += 1
        self._type = attributes.get("t", "n")
        self._is_formula = False
        self._value.clear()

    def _end_cell(self) -> None:
        value = "".join(self._value)
        # t="str" without a value is a formula that honestly gives empty text
        if self._is_formula and not value and self._type != "str":
            self.marks.count_value(self._row, self._column, 0)
            self.marks.hollow.append((self._row, self._column))
            return
        if not value:
            return
        self.marks.count_value(self._row, self._column, self._length(value))
        if self._type == "e":
            self.marks.errors.append((self._row, self._column, value))
        elif self._is_formula:
            self.marks.formulas.append((self._row, self._column))
        if self._row_is_hidden and self.marks.hidden_rows[-1:] != [self._row]:
            self.marks.hidden_rows.append(self._row)

    def _length(self, value: str) -> int:
        if self._type != "s":
            return len(value)
        number = int(value) if value.strip().isdecimal() and len(value) < 10 else -1
        if not 0 <= number < len(self._lengths):
            raise ArchiveIsBroken("Файл повреждён: ячейка ссылается на несуществующий текст.")
        return self._lengths[number]

    def _add_merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, finish = ADDRESS.fullmatch(first), ADDRESS.fullmatch(last or first)
        if start and finish:
            self.marks.add_merge(
                Merge(
                    int(start[2]),
                    column_number(start[1]),
                    int(finish[2]),
                    column_number(finish[1]),
                )
            )


def _read_values(data: bytes, sheet: str) -> Sequence[Sequence[object]]:
    try:
        with load_workbook(io.BytesIO(data)) as workbook:
            return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableFile from error
    except BaseException as error:
        # A panic of the Rust library is deliberately not an Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile from error


def _other_sheets(read: str, visible: list[_Sheet]) -> list[Problem]:
    others = [sheet.name for sheet in visible if sheet.name != read]
    if not others:
        return []
    return [
        Problem(
            Severity.WARNING,
            "other-sheets",
            None,
            "",
            ", ".join(others),
            f"Прочитан только первый лист «{read}».",
            "Если нужны и другие листы, загрузите каждый отдельным файлом.",
        )
    ]
