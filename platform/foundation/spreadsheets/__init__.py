"""Tables that people bring and take away: XLSX, ODS and CSV, read with suspicion."""

from foundation.spreadsheets.errors import UnableToWriteTable, UnreadableFile
from foundation.spreadsheets.merges import resolve_merges
from foundation.spreadsheets.reading import read_table
from foundation.spreadsheets.table import (
    Cell,
    FileKind,
    Merge,
    Problem,
    Row,
    Severity,
    Table,
    column_letter,
    column_number,
)
from foundation.spreadsheets.writing import write_csv, write_ods, write_xlsx

__all__ = [
    "Cell",
    "FileKind",
    "Merge",
    "Problem",
    "Row",
    "Severity",
    "Table",
    "UnableToWriteTable",
    "UnreadableFile",
    "column_letter",
    "column_number",
    "read_table",
    "resolve_merges",
    "write_csv",
    "write_ods",
    "write_xlsx",
]
