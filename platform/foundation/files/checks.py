"""What may be kept: PDF, JPEG and PNG, by what is inside as well as by the name (SRV-010).

A file that is two things at once (a picture with an archive behind it) is cut to the picture or
refused: what a browser shows and what a program unpacks must be the same thing.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from kernel.errors import DomainError

LONGEST_NAME = 120
MOST_PIXELS = 100_000_000  # a picture that unpacks to more is a bomb, not a scan
PNG_START = b"\x89PNG\r\n\x1a\n"
PDF_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
# Right-to-left marks and other signs that draw a name differently from what it is.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
ONLY = "Примем PDF, JPEG или PNG."


class FileIsNotAccepted(DomainError):
    """The file cannot be kept; the message says why and what to do."""

    code = "file-is-not-accepted"
    message = f"Этот файл не подходит. {ONLY}"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file fit to be kept."""

    name: str
    media_type: str
    content: bytes


def check_file(*, name: str, content: bytes, largest: int) -> CheckedFile:
    """Return the file under a plain name, without what hides behind it.

    Raise `FileIsNotAccepted`.
    """
    if not content:
        raise FileIsNotAccepted("Файл пуст. Выберите другой.")
    if len(content) > largest:
        raise FileIsNotAccepted(f"Файл больше {largest // 1024**2} МБ. Уменьшите его и повторите.")
    plain = plain_name(name)
    for kind in KINDS:
        if content.startswith(kind.start):
            if not plain.lower().endswith(kind.endings):
                raise FileIsNotAccepted(f"Внутри файла не то, что сказано в названии. {ONLY}")
            kept = kind.read(content)
            if zipfile.is_zipfile(io.BytesIO(kept)):
                raise FileIsNotAccepted(f"В файле спрятан архив. {ONLY}")
            return CheckedFile(plain, kind.media_type, kept)
    raise FileIsNotAccepted


def plain_name(name: str) -> str:
    """Return the last part of a name, without signs that nobody sees, short enough to keep."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in UNSEEN)
    seen = re.sub(r'[<>:"|?*]', "_", seen).strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if not dot:
        return seen[:LONGEST_NAME] or "файл"
    return f"{stem[: LONGEST_NAME - len(ending) - 1] or 'файл'}.{ending}"[:LONGEST_NAME]


def _read_pdf(content: bytes) -> bytes:
    body = content.rstrip(b"\x00\t\n\r\f ")
    if not body.endswith(b"%%EOF"):
        raise FileIsNotAccepted("Документ PDF обрывается. Сохраните его заново и повторите.")
    if b"/Encrypt" in content:
        raise FileIsNotAccepted("Документ PDF закрыт паролем. Сохраните его без пароля.")
    if PDF_ACTIVE.search(content):
        raise FileIsNotAccepted("В документе PDF есть вложения или сценарии. Распечатайте в PDF.")
    return content


def _read_png(content: bytes) -> bytes:
    """Return the picture up to its end mark."""
    place = len(PNG_START)
    first = True
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        kind = content[place + 4 : place + 8]
        end = place + 12 + length
        body = content[place + 4 : end - 4]
        if end > len(content) or zlib.crc32(body) != int.from_bytes(content[end - 4 : end]):
            break
        if first:
            if kind != b"IHDR" or length != 13:
                break
            _check_pixels(int.from_bytes(body[4:8]), int.from_bytes(body[8:12]))
            first = False
        if kind == b"IEND":
            return content[:end]
        place = end
    raise FileIsNotAccepted("Картинка повреждена. Сохраните её заново и повторите.")


def _read_jpeg(content: bytes) -> bytes:
    """Return the first picture up to its end mark: phones hang more of their own behind it."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        mark = content[place + 1]
        if mark == 0xFF:  # a fill byte
            place += 1
            continue
        length = int.from_bytes(content[place + 2 : place + 4])
        if 0xC0 <= mark <= 0xCF and mark not in {0xC4, 0xC8, 0xCC}:
            _check_pixels(
                int.from_bytes(content[place + 7 : place + 9]),
                int.from_bytes(content[place + 5 : place + 7]),
            )
        place += 2 + length
        if mark == 0xDA:
            place = _skip_scan(content, place)
            if content[place : place + 2] == b"\xff\xd9":
                return content[: place + 2]
    raise FileIsNotAccepted("Снимок повреждён. Сохраните его заново и повторите.")


def _skip_scan(content: bytes, place: int) -> int:
    """Return where the next mark stands; FF00 and restarts belong to the picture's data."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        following = content[place + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            place += 2
        elif following == 0xFF:
            place += 1
        else:
            return place
    return len(content)


def _check_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise FileIsNotAccepted("Картинка слишком велика. Уменьшите её и повторите.")


@dataclass(frozen=True, slots=True)
class _Kind:
    start: bytes
    endings: tuple[str, ...]
    media_type: str
    read: Callable[[bytes], bytes]


KINDS = (
    _Kind(b"%PDF-", (".pdf",), "application/pdf", _read_pdf),
    _Kind(b"\xff\xd8\xff", (".jpg", ".jpeg"), "image/jpeg", _read_jpeg),
    _Kind(PNG_START, (".png",), "image/png", _read_png),
)
