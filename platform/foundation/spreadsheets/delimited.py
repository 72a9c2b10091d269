"""Reading CSV and its kin: UTF-8 with or without a mark, Windows-1251, UTF-16 with a mark;
semicolons, commas or tabs. Row numbers are those of a spreadsheet program, not of text lines.
"""

import codecs
import csv
import io
import re
from collections import Counter

from foundation.spreadsheets.errors import (
    EncodingIsUnknown,
    FileIsEmpty,
    FormatIsUnknown,
    QuoteIsNotClosed,
    TextIsTooLong,
)
from foundation.spreadsheets.injection import unguard
from foundation.spreadsheets.marks import SheetMarks
from foundation.spreadsheets.table import FileKind, Row, Table, trimmed

DELIMITERS = (";", "\t", ",")
SEPARATOR_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
SAMPLE_LINES = 50

# The letters that make up more than half of any Russian text, lists of names included.
FREQUENT = frozenset("оеаинтсрвл")
ENOUGH_LETTERS = 40
OTHER_ENCODINGS = {"koi8-r": "KOI8-R", "cp866": "DOS (866)", "mac-cyrillic": "Mac Cyrillic"}


def read_delimited(data: bytes) -> Table:
    """Return the records of a delimited text. Raises a subclass of UnreadableFile."""
    text = decode(data)
    if not text.strip():
        raise FileIsEmpty
    hint = SEPARATOR_HINT.match(text)
    delimiter = hint[1] if hint else _guess_delimiter(text)
    body = text[hint.end() :] if hint else text
    rows = _read_rows(body, delimiter)
    if not rows:
        raise FileIsEmpty
    return Table(kind=FileKind.CSV, sheet="", rows=tuple(rows))


def decode(data: bytes) -> str:
    """Return the text. Raises EncodingIsUnknown or FormatIsUnknown (binary content)."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\0" in data:
        raise FormatIsUnknown
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_windows(data)


def _decode_windows(data: bytes) -> str:
    text = _strictly(data, "cp1251")
    if _looks_russian(text):
        return text
    for encoding, title in OTHER_ENCODINGS.items():
        if _looks_russian(data.decode(encoding, errors="replace")):
            raise EncodingIsUnknown(f"Файл записан в кодировке {title}, она не поддерживается.")
    raise EncodingIsUnknown


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingIsUnknown from error
    if "\0" in text:
        raise FormatIsUnknown
    return text


def _looks_russian(text: str) -> bool:
    foreign = [letter for letter in text.lower() if letter > "\x7f" and letter not in "«»№–—…“”’"]
    if len(foreign) < ENOUGH_LETTERS:
        return all("а" <= letter <= "я" or letter == "ё" for letter in foreign)
    counts = Counter(foreign)
    return sum(counts[letter] for letter in FREQUENT) * 100 >= 45 * len(foreign)


def _guess_delimiter(text: str) -> str:
    """Return the delimiter found in most lines; a semicolon when there is only one column."""
    lines = _without_quoted(text).splitlines()[:SAMPLE_LINES]
    weights = {sign: (sum(sign in line for line in lines), sign == ";") for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: weights[sign])


def _without_quoted(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text[: 64 * 1024])


def _read_rows(body: str, delimiter: str) -> list[Row]:
    marks = SheetMarks("")
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            cells = trimmed(unguard(field) for field in record)
            if not cells:
                continue
            longest = max(len(cell) for cell in cells if isinstance(cell, str))
            marks.count_value(number, len(cells), longest, len(cells))
            rows.append(Row(number, cells))
    except csv.Error as error:
        if "field limit" in str(error):
            raise TextIsTooLong from error
        raise QuoteIsNotClosed(
            f"Кавычки в строке {number + 1} не закрыты или стоят не на месте.", row=number + 1
        ) from error
    return rows
