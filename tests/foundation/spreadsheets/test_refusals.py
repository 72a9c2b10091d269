"""Broken and malicious files are refused by name before they cost anything (F10, F11)."""

import subprocess
import sys
import zipfile

import pytest

from foundation.spreadsheets import (
    UnreadableFile,
    errors,
    limits,
    read_table,
    write_ods,
    write_xlsx,
)
from tests.factories import files

GOOD = write_xlsx([["Фамилия", "Имя"], ["Соколова", "Вера"]])
GOOD_ODS = write_ods([["Фамилия", "Имя"], ["Соколова", "Вера"]])
VALUE = "<v>1</v>"


def sheet_with(cell: str) -> bytes:
    return files.xlsx(f"<row>{cell}</row>")


def with_part(name: str, content: str | bytes) -> bytes:
    return files.archive({**files.xlsx_parts(files.text_rows([["а"]])), name: content})


def entity_bomb_xlsx() -> bytes:
    return files.xlsx(files.text_rows([["&i;"]]), doctype=files.ENTITY_BOMB)


def entity_bomb_ods() -> bytes:
    parts = files.ods_parts("<table:table/>", doctype=files.ENTITY_BOMB)
    return files.archive(parts)


def many_entries() -> bytes:
    return files.archive({f"xl/{n}.xml": "" for n in range(limits.MAX_ARCHIVE_ENTRIES + 1)})


def overlapping() -> bytes:
    """Every entry of the directory points at the same packed bytes."""
    one = files.archive({"a": b"\0" * 50_000}, zipfile.ZIP_STORED)
    start = one.find(b"PK\x01\x02")
    entry, end = one[start : one.find(b"PK\x05\x06")], one[one.find(b"PK\x05\x06") :]
    entries = b"".join(entry[:46] + name.encode() + entry[47:] for name in "abcdef")
    finish = bytearray(end)
    finish[8:12] = (6).to_bytes(2, "little") * 2
    finish[12:16] = len(entries).to_bytes(4, "little")
    return one[:start] + entries + bytes(finish)


def doubled_name() -> bytes:
    parts = files.archive({"[Content_Types].xmk": "1", "[Content_Types].xml": "2"})
    return parts.replace(b".xmk", b".xml")


def long_shared_string() -> bytes:
    cells = '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 300
    return files.xlsx(cells, shared=["д" * limits.MAX_CELL_TEXT])


CASES = [
    pytest.param(b"", "a.xlsx", errors.FileIsEmpty, id="no bytes"),
    pytest.param(b"\xef\xbb\xbf", "a.csv", errors.FileIsEmpty, id="only a mark"),
    pytest.param(b"\r\n ;;\r\n", "a.csv", errors.FileIsEmpty, id="only blanks"),
    pytest.param(b";;\r\n", "a.csv", errors.FileIsEmpty, id="only delimiters"),
    pytest.param(files.xlsx(""), "a.xlsx", errors.FileIsEmpty, id="empty sheet"),
    pytest.param(files.ods(""), "a.ods", errors.FileIsEmpty, id="empty ods sheet"),
    pytest.param(
        files.xlsx(files.text_rows([["а"]]), sheets=[("С", "veryHidden")]),
        "a.xlsx",
        errors.FileIsEmpty,
        id="only hidden sheets",
    ),
    pytest.param(files.archive(files.ods_parts("")), "a.ods", errors.FileIsEmpty, id="no sheet"),
    pytest.param(
        b"x;" * (limits.MAX_FILE_BYTES // 2 + 1), "a.csv", errors.FileIsTooLarge, id="17 MB"
    ),
    pytest.param(GOOD[: len(GOOD) // 2], "a.xlsx", errors.ArchiveIsBroken, id="cut upload"),
    pytest.param(GOOD[:-30], "a.xlsx", errors.ArchiveIsBroken, id="cut directory"),
    pytest.param(GOOD_ODS[: len(GOOD_ODS) // 2], "a.ods", errors.ArchiveIsBroken, id="cut ods"),
    pytest.param(
        GOOD.replace(b"PK\x03\x04", b"\0\0\0\0"), "a.xlsx", errors.ArchiveIsBroken, id="no head"
    ),
    pytest.param(
        GOOD[:200] + bytes(400) + GOOD[600:], "a.xlsx", errors.ArchiveIsBroken, id="damaged middle"
    ),
    pytest.param(doubled_name(), "a.xlsx", errors.ArchiveIsBroken, id="one name twice"),
    pytest.param(
        files.archive(files.xlsx_parts(""), zipfile.ZIP_LZMA),
        "a.xlsx",
        errors.ArchiveIsBroken,
        id="unknown packing",
    ),
    pytest.param(
        sheet_with('<c t="s"><v>7</v></c>'), "a.xlsx", errors.ArchiveIsBroken, id="text missing"
    ),
    pytest.param(
        files.archive({"xl/workbook.xml": "<workbook/>"}),
        "a.xlsx",
        errors.ArchiveIsBroken,
        id="parts missing",
    ),
    pytest.param(
        files.archive({"xl/media/a.bmp": bytes(65 * 2**20)}),
        "a.xlsx",
        errors.ArchiveIsBomb,
        id="unpacks to 65 MB",
    ),
    pytest.param(
        files.archive({"xl/worksheets/sheet1.xml": b" " * (2 * 2**20)}),
        "a.xlsx",
        errors.ArchiveIsBomb,
        id="packed a thousandfold",
    ),
    pytest.param(many_entries(), "a.xlsx", errors.ArchiveIsBomb, id="thousands of entries"),
    pytest.param(overlapping(), "a.xlsx", errors.ArchiveIsBomb, id="overlapping entries"),
    pytest.param(
        files.lying_about_size("mimetype", b"a" * 500_000, 100),
        "a.ods",
        errors.FormatIsUnknown,
        id="size is a lie",
    ),
    pytest.param(entity_bomb_xlsx(), "a.xlsx", errors.XmlIsForbidden, id="entity bomb"),
    pytest.param(entity_bomb_ods(), "a.ods", errors.XmlIsForbidden, id="entity bomb in ods"),
    pytest.param(
        with_part("xl/sharedStrings.xml", f"{files.ENTITY_BOMB}<sst/>"),
        "a.xlsx",
        errors.XmlIsForbidden,
        id="entity bomb in shared strings",
    ),
    pytest.param(
        with_part("xl/styles.xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><styleSheet/>'),
        "a.xlsx",
        errors.XmlIsForbidden,
        id="outer entity in styles",
    ),
    pytest.param(
        with_part("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"),
        "a.xlsx",
        errors.XmlIsBroken,
        id="cut xml",
    ),
    pytest.param(with_part("xl/workbook.xml", b""), "a.xlsx", errors.XmlIsBroken, id="no xml"),
    pytest.param(
        sheet_with(f'<c r="A1048576">{VALUE}</c>'),
        "a.xlsx",
        errors.SheetIsTooLarge,
        id="value in the last row",
    ),
    pytest.param(
        files.xlsx(f'<row><c r="IV1">{VALUE}</c></row><row><c r="A20000">{VALUE}</c></row>'),
        "a.xlsx",
        errors.SheetIsTooLarge,
        id="two values far apart",
    ),
    pytest.param(
        sheet_with(f'<c r="XFD1">{VALUE}</c>'), "a.xlsx", errors.SheetIsTooLarge, id="column XFD"
    ),
    pytest.param(
        sheet_with(f'<c r="ZZZZZZZ1">{VALUE}</c>'),
        "a.xlsx",
        errors.SheetIsTooLarge,
        id="column beyond Excel",
    ),
    pytest.param(
        sheet_with(f"<c>{VALUE}</c>" * 257), "a.xlsx", errors.SheetIsTooLarge, id="257 columns"
    ),
    pytest.param(
        files.xlsx("<row/>" * (limits.MAX_ROW_ELEMENTS + 1)),
        "a.xlsx",
        errors.SheetIsTooLarge,
        id="empty rows without end",
    ),
    pytest.param(
        files.xlsx("", after=files.merged(*["A1:B2"] * (limits.MAX_MERGES + 1))),
        "a.xlsx",
        errors.SheetIsTooLarge,
        id="merged without end",
    ),
    pytest.param(
        files.ods(
            files.ods_row(files.ods_text("а"), attributes='table:number-rows-repeated="1048576"')
        ),
        "a.ods",
        errors.SheetIsTooLarge,
        id="one row repeated a million times",
    ),
    pytest.param(
        files.ods(files.ods_row(files.ods_text("а", 'table:number-columns-repeated="16384"'))),
        "a.ods",
        errors.SheetIsTooLarge,
        id="one cell repeated 16 384 times",
    ),
    pytest.param(
        files.ods(
            files.ods_row(
                '<table:table-cell table:number-columns-repeated="900"/>', files.ods_text("а")
            )
        ),
        "a.ods",
        errors.SheetIsTooLarge,
        id="value far to the right",
    ),
    pytest.param(
        b"a;b\r\n" * (limits.MAX_ROWS + 1), "a.csv", errors.SheetIsTooLarge, id="csv rows"
    ),
    pytest.param(b"a;" * 300, "a.csv", errors.SheetIsTooLarge, id="csv columns"),
    pytest.param(long_shared_string(), "a.xlsx", errors.TextIsTooLong, id="shared text bomb"),
    pytest.param(
        files.xlsx(files.text_rows([["д" * 40_000]])),
        "a.xlsx",
        errors.TextIsTooLong,
        id="long cell",
    ),
    pytest.param(
        files.ods(
            files.ods_row(
                files.ods_text("").replace("<text:p>", '<text:p><text:s text:c="99999999"/>')
            )
        ),
        "a.ods",
        errors.TextIsTooLong,
        id="ods spaces bomb",
    ),
    pytest.param(b"a" * 40_000 + b";b", "a.csv", errors.TextIsTooLong, id="csv long field"),
    pytest.param(b"a" * 200_000 + b";b", "a.csv", errors.TextIsTooLong, id="csv huge field"),
    pytest.param(files.LOCKED_WORKBOOK, "a.xlsx", errors.FileIsEncrypted, id="password"),
    pytest.param(
        files.with_flag(GOOD, 1), "a.xlsx", errors.FileIsEncrypted, id="archive with a password"
    ),
    pytest.param(
        files.ods(
            "", manifest='<file-entry full-path="content.xml"><encryption-data/></file-entry>'
        ),
        "a.ods",
        errors.FileIsEncrypted,
        id="ods with a password",
    ),
    pytest.param(
        files.archive({"mimetype": files.ODS_TYPE, "encrypted-package": b"\1"}),
        "a.ods",
        errors.FileIsEncrypted,
        id="ods with a new kind of password",
    ),
    pytest.param(files.OLD_WORKBOOK, "a.xls", errors.FormatIsOld, id="xls"),
    pytest.param(files.OLD_WORKBOOK, "a.xlsx", errors.FormatIsOld, id="xls renamed to xlsx"),
    pytest.param(files.OLD_WORKBOOK, "a.doc", errors.FormatIsUnknown, id="doc"),
    pytest.param(b"%PDF-1.7\n", "a.xlsx", errors.FormatIsUnknown, id="pdf"),
    pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "a.xlsx", errors.FormatIsUnknown, id="picture"),
    pytest.param(
        files.archive({"word/document.xml": ""}), "a.xlsx", errors.FormatIsUnknown, id="docx"
    ),
    pytest.param(
        files.archive({"xl/workbook.bin": ""}), "a.xlsx", errors.FormatIsUnknown, id="xlsb"
    ),
    pytest.param(
        files.archive({"a.xlsx": GOOD}), "a.zip", errors.FormatIsUnknown, id="a workbook in a zip"
    ),
    pytest.param(
        files.archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}),
        "a.ods",
        errors.FormatIsUnknown,
        id="odt",
    ),
    pytest.param(
        b'<?xml version="1.0"?><Workbook/>', "a.xls", errors.FormatIsUnknown, id="excel 2003 xml"
    ),
    pytest.param(b"a;b\0;c\r\n", "a.csv", errors.FormatIsUnknown, id="binary under csv"),
    pytest.param(files.HTML_TABLE, "a.xls", errors.ExtensionLies, id="html as xls"),
    pytest.param(files.HTML_TABLE, "a.csv", errors.ExtensionLies, id="html as csv"),
    pytest.param(GOOD, "a.csv", errors.ExtensionLies, id="xlsx as csv"),
    pytest.param(GOOD, "a.ods", errors.ExtensionLies, id="xlsx as ods"),
    pytest.param(GOOD, "a.xls", errors.ExtensionLies, id="xlsx as xls"),
    pytest.param(GOOD_ODS, "a.xlsx", errors.ExtensionLies, id="ods as xlsx"),
    pytest.param("Фамилия;Имя".encode(), "a.xlsx", errors.ExtensionLies, id="csv as xlsx"),
    pytest.param(
        ("Фамилия;Имя\r\n" + "Соколова;Вероника\r\n" * 4).encode("koi8-r"),
        "a.csv",
        errors.EncodingIsUnknown,
        id="koi8",
    ),
    pytest.param(
        ("Фамилия;Имя\r\n" + "Соколова;Вероника\r\n" * 4).encode("cp866"),
        "a.csv",
        errors.EncodingIsUnknown,
        id="dos",
    ),
    pytest.param("Фамилия".encode() + b"\x98", "a.csv", errors.EncodingIsUnknown, id="mixed"),
    pytest.param(
        'ФИО;Класс\r\nа;б\r\n"Иванов;7А\r\n'.encode(), "a.csv", errors.QuoteIsNotClosed, id="quote"
    ),
    pytest.param(
        'ФИО;Класс\r\n"А" Иванов;7А\r\n'.encode(),
        "a.csv",
        errors.QuoteIsNotClosed,
        id="stray quote",
    ),
]


@pytest.mark.parametrize(("data", "filename", "error"), CASES)
def test_file_is_refused_by_name(data, filename, error):
    with pytest.raises(UnreadableFile) as refusal:
        read_table(data, filename)

    assert type(refusal.value) is error
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("data", "filename", "message"),
    [
        pytest.param(
            sheet_with(f'<c r="XFD7">{VALUE}</c>'),
            "a.xlsx",
            "На листе «Лист1» больше 256 столбцов: есть значение в ячейке XFD7.",
            id="too wide",
        ),
        pytest.param(
            GOOD_ODS,
            "Список.xlsx",
            "Имя файла оканчивается на «.xlsx», а внутри таблица ODS.",
            id="lying extension",
        ),
        pytest.param(
            'ФИО;Класс\r\nа;б\r\n"Иванов;7А\r\n'.encode(),
            "a.csv",
            "Кавычки в строке 3 не закрыты или стоят не на месте.",
            id="open quote",
        ),
        pytest.param(
            ("Фамилия;Имя\r\n" + "Соколова;Вероника\r\n" * 4).encode("koi8-r"),
            "a.csv",
            "Файл записан в кодировке KOI8-R, она не поддерживается.",
            id="koi8",
        ),
    ],
)
def test_refusal_names_the_place(data, filename, message):
    with pytest.raises(UnreadableFile) as refusal:
        read_table(data, filename)

    assert refusal.value.message == message


MEASURE = """
import pathlib, re, sys, time
from foundation.spreadsheets import UnreadableFile, read_table
data = sys.stdin.buffer.read()
start = time.process_time()
try:
    read_table(data, "a." + sys.argv[1])
except UnreadableFile as error:
    spent = time.process_time() - start
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
    print(error.code, spent, int(peak[1]) // 1024)
"""
MILLION = 1_048_576


def million_rows_xlsx() -> bytes:
    return files.xlsx("<row><c><v>1</v></c><c><v>2</v></c></row>" * MILLION)


def million_rows_ods() -> bytes:
    return files.ods("<table:table-row><table:table-cell/></table:table-row>" * MILLION)


def long_tag_xlsx() -> bytes:
    return files.xlsx(f'<row spans="{"1:1 " * (12 * 2**20)}"/>')


def long_comment_xlsx() -> bytes:
    return files.xlsx(f"<!--{'<' * (48 * 2**20)}-->")


def deep_xlsx() -> bytes:
    return files.xlsx("<row>" * 2_000_000 + "</row>" * 2_000_000)


def million_rows_csv() -> bytes:
    return b"1;2;3;4\n" * MILLION


BOMB, LARGE, FORBIDDEN = "archive-is-bomb", "sheet-is-too-large", "xml-is-forbidden"


@pytest.mark.parametrize(
    ("data", "extension", "codes"),
    [
        pytest.param(million_rows_xlsx, "xlsx", (BOMB, LARGE), id="a million equal rows"),
        pytest.param(million_rows_ods, "ods", (BOMB, LARGE), id="a million empty ods rows"),
        pytest.param(million_rows_csv, "csv", (LARGE, LARGE), id="a million records"),
        pytest.param(long_tag_xlsx, "xlsx", (BOMB, FORBIDDEN), id="one endless tag"),
        pytest.param(long_comment_xlsx, "xlsx", (BOMB, FORBIDDEN), id="one endless comment"),
        pytest.param(deep_xlsx, "xlsx", (BOMB, LARGE), id="deep nesting"),
    ],
)
def test_monster_is_refused_within_2_seconds_and_300_megabytes(data, extension, codes):
    content = data()
    for code, ratio in zip(codes, (limits.MAX_RATIO, 10**9), strict=True):
        # without the ratio the next wall must hold as well
        program = f"from foundation.spreadsheets import limits; limits.MAX_RATIO = {ratio}"

        answer = subprocess.run(
            [sys.executable, "-c", f"{program}\n{MEASURE}", extension],
            input=content,
            capture_output=True,
            check=True,
            env={"PYTHONPATH": "platform:."},
        )

        refused, seconds, megabytes = answer.stdout.decode().split()
        assert refused == code
        assert float(seconds) <= 2
        assert int(megabytes) <= 300
