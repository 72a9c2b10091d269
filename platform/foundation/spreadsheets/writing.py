"""Writing tables so that they read back equal and nothing in them is ever run (F12)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.teletype import addTextToElement
from odf.text import P

from foundation.spreadsheets import limits
from foundation.spreadsheets.errors import UnableToWriteTable
from foundation.spreadsheets.injection import guard
from foundation.spreadsheets.table import Cell

Rows = Iterable[Sequence[Cell]]

FIRST_EXCEL_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
EXACT_INTEGER = 10**15
MAX_SHEET_NAME = 31
FORBIDDEN_IN_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
CONTROLS = {code: None for code in range(32) if code not in (9, 10, 13)}
EXCEL_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(rows: Rows, *, sheet: str = "Лист1") -> bytes:
    """Return a workbook of one sheet; text stays text whatever it begins with."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, EXCEL_OPTIONS) as book:
        formats = {
            date: book.add_format({"num_format": "dd.mm.yyyy"}),
            datetime: book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
            time: book.add_format({"num_format": "hh:mm"}),
        }
        page = book.add_worksheet(_sheet_name(sheet))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                _write_excel_cell(page, number, column, cell, formats)
    return target.getvalue()


def write_ods(rows: Rows, *, sheet: str = "Лист1") -> bytes:
    """Return an OpenDocument spreadsheet of one sheet."""
    document = OpenDocumentSpreadsheet()
    table = OdfTable(name=_sheet_name(sheet))
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(_odf_cell(cell))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    target = io.BytesIO()
    document.write(target)
    return target.getvalue()


def write_csv(rows: Rows, *, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    """Return delimited text. Raises UnableToWriteTable when a letter is not in the encoding."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    comma = delimiter != ","
    for row in rows:
        writer.writerow([_delimited_cell(cell, decimal_comma=comma) for cell in row])
    try:
        return target.getvalue().encode(encoding)
    except UnicodeEncodeError as error:
        sign = error.object[error.start]
        raise UnableToWriteTable(
            f"Знака «{sign}» нет в кодировке {encoding}. Выберите UTF-8.", sign=sign
        ) from error


def stream_csv(rows: Rows) -> Iterator[bytes]:
    """Yield the text of `write_csv` line by line, for tables too long for the memory."""
    mark = "\ufeff"
    for row in rows:
        line = io.StringIO(newline="")
        writer = csv.writer(line, delimiter=";", lineterminator="\r\n")
        writer.writerow([_delimited_cell(cell, decimal_comma=True) for cell in row])
        yield (mark + line.getvalue()).encode()
        mark = ""


def _write_excel_cell(
    page: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    formats: dict[type, object],
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, int | float) and abs(cell) < EXACT_INTEGER:
        page.write_number(row, column, cell)
    elif isinstance(cell, date) and _day(cell) >= FIRST_EXCEL_DAY:
        page.write_datetime(row, column, cell, formats[type(cell)])
    elif isinstance(cell, time):
        page.write_datetime(row, column, cell, formats[time])
    else:
        text = cell if isinstance(cell, str) else _as_text(cell)
        if len(text) > limits.MAX_CELL_TEXT:
            raise UnableToWriteTable("Текст длиннее, чем помещается в ячейку Excel.")
        page.write_string(row, column, text)


def _odf_cell(cell: Cell) -> TableCell:
    if cell is None or cell == "":
        return TableCell()
    if isinstance(cell, bool):
        return _with_text(
            TableCell(valuetype="boolean", booleanvalue=str(cell).lower()), _as_text(cell)
        )
    if isinstance(cell, int | float):
        return _with_text(TableCell(valuetype="float", value=repr(cell)), _as_text(cell))
    if isinstance(cell, date):
        return _with_text(TableCell(valuetype="date", datevalue=cell.isoformat()), _as_text(cell))
    if isinstance(cell, time):
        value = cell.strftime("PT%HH%MM%SS")
        return _with_text(TableCell(valuetype="time", timevalue=value), _as_text(cell))
    return _with_text(TableCell(valuetype="string"), cell.translate(CONTROLS))


def _with_text(cell: TableCell, text: str) -> TableCell:
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        paragraph = P()
        addTextToElement(paragraph, line)
        cell.addElement(paragraph)
    return cell


def _delimited_cell(cell: Cell, *, decimal_comma: bool) -> str:
    if isinstance(cell, str):
        return guard(cell)
    text = _as_text(cell)
    return text.replace(".", ",") if decimal_comma and isinstance(cell, float) else text


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return str(cell)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _sheet_name(title: str) -> str:
    return title.translate(FORBIDDEN_IN_SHEET_NAME).strip()[:MAX_SHEET_NAME] or "Лист1"
