"""Files for tests, made by hand: real programs do not write the broken and the malicious ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "Workbook".encode("utf-16-le")
LOCKED_WORKBOOK = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
)
HTML_TABLE = "<html><body><table><tr><td>ФИО</td></tr></table></body></html>".encode()
ENTITY_BOMB = (
    '<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {to} "{f"&{of};" * 10}">' for of, to in pairwise("abcdefghi"))
    + "]>"
)


def archive(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive of the parts, in their order."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return target.getvalue()


def xlsx_parts(
    sheet_data: str,
    *,
    after: str = "",
    shared: Sequence[str] | None = None,
    sheets: Sequence[tuple[str, str]] = (("Лист1", "visible"),),
    doctype: str = "",
) -> dict[str, str | bytes]:
    """Return the parts of a workbook; all sheets get the same data."""
    numbers = range(1, len(sheets) + 1)
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state) in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{DECLARATION}"
        f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
    if shared is not None:
        strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
        parts["xl/sharedStrings.xml"] = f'{DECLARATION}<sst xmlns="{MAIN}">{strings}</sst>'
    for n in numbers:
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'{DECLARATION}{doctype}<worksheet xmlns="{MAIN}">'
            f"<sheetData>{sheet_data}</sheetData>{after}</worksheet>"
        )
    return parts


def xlsx(sheet_data: str, **options: Any) -> bytes:
    """Return a workbook with this content of `<sheetData>`."""
    return archive(xlsx_parts(sheet_data, **options))


def text_cell(address: str, text: str) -> str:
    """Return an XLSX cell with its text inside."""
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def text_rows(rows: Sequence[Sequence[str]], first: int = 1) -> str:
    """Return XLSX rows of text; empty text makes no cell."""
    return "".join(
        f'<row r="{number}">'
        + "".join(
            text_cell(f"{chr(65 + column)}{number}", text)
            for column, text in enumerate(row)
            if text
        )
        + "</row>"
        for number, row in enumerate(rows, start=first)
    )


def merged(*ranges: str) -> str:
    """Return the part of an XLSX sheet that merges cells."""
    return "<mergeCells>" + "".join(f'<mergeCell ref="{one}"/>' for one in ranges) + "</mergeCells>"


def ods_parts(
    tables: str, *, doctype: str = "", styles: str = "", manifest: str = ""
) -> dict[str, str | bytes]:
    """Return the parts of an OpenDocument spreadsheet."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(
        f'xmlns:{name}="{office}:{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    return {
        "mimetype": ODS_TYPE,
        "META-INF/manifest.xml": f"{DECLARATION}<manifest>{manifest}</manifest>",
        "content.xml": f"{DECLARATION}{doctype}<office:document-content {spaces} "
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>",
    }


def ods(rows: str, **options: str) -> bytes:
    """Return an OpenDocument spreadsheet of one sheet with this content."""
    return archive(ods_parts(f'<table:table table:name="Лист1">{rows}</table:table>', **options))


def ods_text(text: str, attributes: str = "") -> str:
    """Return an ODS cell with text."""
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def ods_row(*cells: str, attributes: str = "") -> str:
    """Return an ODS row of cells."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def with_flag(data: bytes, flag: int) -> bytes:
    """Return the archive with a flag set on every entry of its central directory."""
    changed = bytearray(data)
    position = changed.find(b"PK\x01\x02")
    while position >= 0:
        changed[position + 8] |= flag
        position = changed.find(b"PK\x01\x02", position + 4)
    return bytes(changed)


def lying_about_size(name: str, content: bytes, declared: int) -> bytes:
    """Return an archive whose entry unpacks into more than its directory says."""
    honest = archive({name: content})
    checksum = struct.pack("<L", zlib.crc32(content[:declared]))
    length = struct.pack("<L", declared)
    changed = bytearray(honest)
    local, central = honest.find(b"PK\x03\x04"), honest.find(b"PK\x01\x02")
    for position in (local + 14, central + 16):
        changed[position : position + 4] = checksum
        changed[position + 8 : position + 12] = length
    return bytes(changed)
