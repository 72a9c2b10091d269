"""One entrance for files of people: recognise by content, compare with the name, read safely."""

from pathlib import PurePath

from foundation.spreadsheets import limits
from foundation.spreadsheets.archive import Archive
from foundation.spreadsheets.delimited import read_delimited
from foundation.spreadsheets.errors import (
    ArchiveIsBroken,
    ExtensionLies,
    FileIsEmpty,
    FileIsEncrypted,
    FileIsTooLarge,
    FormatIsOld,
    FormatIsUnknown,
)
from foundation.spreadsheets.ods import read_ods
from foundation.spreadsheets.table import Table
from foundation.spreadsheets.xlsx import WORKBOOK, read_xlsx

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
ODS_TYPES = (b"application/vnd.oasis.opendocument.spreadsheet",)

# What a file begins with, and what to call it in an answer.
FOREIGN = (
    (b"%PDF", "документ PDF"),
    (b"{\\rtf", "документ RTF"),
    (b"\x89PNG", "картинка"),
    (b"\xff\xd8\xff", "картинка"),
    (b"GIF8", "картинка"),
    (b"Rar!", "архив RAR"),
    (b"7z\xbc\xaf", "архив 7-Zip"),
    (b"\x1f\x8b", "архив GZIP"),
)
TEXT_EXTENSIONS = (".csv", ".tsv", ".txt")
TITLES = {"xlsx": "таблица XLSX", "ods": "таблица ODS", "csv": "простой текст"}


def read_table(data: bytes, filename: str) -> Table:
    """Return the table of an XLSX, ODS or CSV file. Raises a subclass of UnreadableFile."""
    if not data:
        raise FileIsEmpty
    if len(data) > limits.MAX_FILE_BYTES:
        raise FileIsTooLarge(
            f"Файл больше {limits.MAX_FILE_BYTES // 2**20} МБ: таких списков в школе не бывает."
        )
    extension = PurePath(filename).suffix.lower()
    if data.startswith((ZIP, EMPTY_ZIP)):
        return _read_archive(data, extension)
    _refuse_foreign(data, extension)
    if extension in (".xlsx", ".ods") and _is_binary(data):
        raise ArchiveIsBroken
    _compare(extension, TEXT_EXTENSIONS, TITLES["csv"])
    return read_delimited(data)


def _read_archive(data: bytes, extension: str) -> Table:
    archive = Archive(data)
    if _is_ods(archive):
        _compare(extension, (".ods",), TITLES["ods"])
        return read_ods(archive)
    if WORKBOOK in archive:
        _compare(extension, (".xlsx",), TITLES["xlsx"])
        return read_xlsx(archive)
    raise FormatIsUnknown(f"Это не таблица, а {_name_archive(archive)}.")


def _is_ods(archive: Archive) -> bool:
    return "mimetype" in archive and archive.read("mimetype").strip() in ODS_TYPES


def _name_archive(archive: Archive) -> str:
    if "xl/workbook.bin" in archive:
        return "книга Excel двоичного формата (XLSB)"
    if "word/document.xml" in archive:
        return "документ Word"
    if "ppt/presentation.xml" in archive:
        return "презентация"
    if "mimetype" in archive and "content.xml" in archive:
        return "документ OpenDocument другого вида"
    return "архив ZIP"


def _refuse_foreign(data: bytes, extension: str) -> None:
    if data.startswith(COMPOUND):
        if ENCRYPTED_PACKAGE in data:
            raise FileIsEncrypted
        if extension in (".doc", ".ppt", ".msg"):
            raise FormatIsUnknown
        raise FormatIsOld
    for start, title in FOREIGN:
        if data.startswith(start):
            raise FormatIsUnknown(f"Это не таблица, а {title}.")
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise ExtensionLies("Это страница HTML, сохранённая под видом таблицы.")
    if head.startswith(b"<?xml"):
        raise FormatIsUnknown("Это документ XML, а не таблица XLSX.")


def _is_binary(data: bytes) -> bool:
    return b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))


def _compare(extension: str, expected: tuple[str, ...], content: str) -> None:
    if extension and extension not in expected:
        raise ExtensionLies(
            f"Имя файла оканчивается на «{extension}», а внутри {content}.", content=content
        )
