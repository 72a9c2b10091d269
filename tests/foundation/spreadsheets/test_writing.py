"""What is written reads back equal, and nothing written is ever run (F12)."""

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.spreadsheets import (
    Cell,
    UnableToWriteTable,
    UnreadableFile,
    read_table,
    write_csv,
    write_ods,
    write_xlsx,
)
from tests.factories import files

DANGEROUS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+7 900 000-00-00",
    "-",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "'=1+1",
    "''=1+1",
    '"=1+1"',
    "=1;2",
    "=1,2",
]
ROW: list[Cell] = [
    "Соколова-Ёлкина",
    "7А",
    "007",
    "  два  пробела ",
    '«кавычки» "и" ;,',
    "строка\nещё",
]
TYPED: list[Cell] = [1, -5, 1.5, True, date(2016, 5, 1), time(8, 30), None, 0]


def read_back(data, filename):
    return [list(row.cells) for row in read_table(data, filename).rows]


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize(
    ("write", "filename"),
    [
        pytest.param(write_csv, "a.csv", id="csv"),
        pytest.param(write_xlsx, "a.xlsx", id="xlsx"),
        pytest.param(write_ods, "a.ods", id="ods"),
    ],
)
def test_text_like_a_formula_reads_back_equal(text, write, filename):
    expected = text.replace("\r", "\n") if filename == "a.ods" else text

    assert read_back(write([["Имя", text]]), filename) == [["Имя", expected]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_field_of_csv_begins_as_a_formula(text):
    written = write_csv([[text]], encoding="utf-8").decode()

    [[field]] = csv.reader(io.StringIO(written, newline=""), delimiter=";")
    assert field[0] not in "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_office_file_holds_a_formula(text):
    book = zipfile.ZipFile(io.BytesIO(write_xlsx([[text]])))
    document = zipfile.ZipFile(io.BytesIO(write_ods([[text]])))

    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert b"formula" not in document.read("content.xml")


@pytest.mark.parametrize(
    ("write", "filename"),
    [
        pytest.param(write_csv, "a.csv", id="csv"),
        pytest.param(write_xlsx, "a.xlsx", id="xlsx"),
        pytest.param(write_ods, "a.ods", id="ods"),
    ],
)
def test_ordinary_text_reads_back_equal(write, filename):
    assert read_back(write([ROW, ["второй ряд"]]), filename) == [ROW, ["второй ряд"]]


@pytest.mark.parametrize(
    ("write", "filename"),
    [pytest.param(write_xlsx, "a.xlsx", id="xlsx"), pytest.param(write_ods, "a.ods", id="ods")],
)
def test_types_read_back_equal(write, filename):
    moment = datetime.fromisoformat("2016-05-01T08:30")

    assert read_back(write([[*TYPED, moment]]), filename) == [[*TYPED, moment]]


def test_csv_writes_values_as_people_here_write_them():
    moment = datetime.fromisoformat("2016-05-01T08:30")

    text = write_csv([[*TYPED, moment]]).decode("utf-8-sig")

    assert text == "1;-5;1,5;да;01.05.2016;08:30;;0;01.05.2016 08:30\r\n"


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("cp1251", ";"), ("utf-8", ","), ("utf-8-sig", "\t")]
)
def test_csv_of_every_dialect_reads_back(encoding, delimiter):
    data = write_csv([ROW, ROW], encoding=encoding, delimiter=delimiter)

    assert read_back(data, "a.csv") == [ROW, ROW]


def test_letter_outside_of_the_encoding_is_named():
    with pytest.raises(UnableToWriteTable) as refusal:
        write_csv([["Ғабит"]], encoding="cp1251")

    assert refusal.value.message == "Знака «Ғ» нет в кодировке cp1251. Выберите UTF-8."


def test_day_before_excels_time_is_written_as_text():
    assert read_back(write_xlsx([[date(1899, 5, 1)]]), "a.xlsx") == [["01.05.1899"]]


def test_sheet_name_that_excel_forbids_is_healed():
    data = write_xlsx([["а"]], sheet="Класс 7/А: [список] на 2026/2027 учебный год")

    assert read_table(data, "a.xlsx").sheet == "Класс 7 А   список  на 2026 202"


def test_text_too_long_for_excel_is_refused():
    with pytest.raises(UnableToWriteTable):
        write_xlsx([["д" * 40_000]])


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=12
).filter(lambda text: text == "" or text.strip())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_text_reads_back_equal_from_every_format(rows):
    rows = [["начало", *row] for row in rows]
    expected = [[cell or None for cell in row] for row in rows]
    for row in expected:
        while row[-1] is None:
            row.pop()

    assert read_back(write_csv(rows), "a.csv") == expected
    assert read_back(write_xlsx(rows), "a.xlsx") == expected
    assert read_back(write_ods(rows), "a.ods") == expected


GOOD = [write_xlsx([ROW, TYPED]), write_ods([ROW, TYPED]), write_csv([ROW, TYPED])]
PARTS = [
    files.xlsx_parts(files.text_rows([["а", "б"]]), shared=["в"], after=files.merged("A1:B1")),
    files.ods_parts(f"<table:table>{files.ods_row(files.ods_text('а'))}</table:table>"),
]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(GOOD), st.integers(0), st.binary(min_size=1, max_size=8), st.booleans())
def test_damaged_file_is_read_or_refused_but_never_crashes(data, place, noise, cut):
    place %= len(data)
    damaged = data[:place] if cut else data[:place] + noise + data[place + len(noise) :]

    with suppress(UnreadableFile):
        read_table(damaged, "a.csv" if data is GOOD[2] else "")


def test_part_that_begins_before_the_file_does_is_damage():
    data = GOOD[1]
    offset = slice(len(data) - 6, len(data) - 2)  # where the directory says it begins
    too_far = (int.from_bytes(data[offset], "little") + 2**20).to_bytes(4, "little")

    with pytest.raises(UnreadableFile):
        read_table(data[: offset.start] + too_far + data[offset.stop :], "a.ods")


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_damaged_part_inside_is_read_or_refused_but_never_crashes(data):
    parts = dict(data.draw(st.sampled_from(PARTS)))
    name = data.draw(st.sampled_from(sorted(parts)))
    content = parts[name]
    place = data.draw(st.integers(0, len(content)))
    noise = data.draw(st.sampled_from(["", "<", '"', "99999999999", "-1", "/>", "s", "Z", "&#0;"]))
    assert isinstance(content, str)
    parts[name] = content[:place] + noise + content[place + data.draw(st.integers(0, 3)) :]

    with suppress(UnreadableFile):
        read_table(files.archive(parts), "")
