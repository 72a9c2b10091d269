"""The archive inside XLSX and ODS, opened with the suspicion it deserves.

The central directory is judged before a byte is unpacked, parts are unpacked only up to their
declared size, and other libraries get a copy made of the parts that were checked here: what was
checked is what is read, whatever tricks the original plays with names, overlaps and sizes.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from foundation.spreadsheets import limits
from foundation.spreadsheets.errors import ArchiveIsBomb, ArchiveIsBroken, FileIsEncrypted

CENTRAL_HEADER = b"PK\x01\x02"
ENCRYPTED_FLAG = 0x1
CHUNK = 256 * 1024
# What the library says of damage; ValueError: a part that begins before the file does.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error)


class Archive:
    """A ZIP archive whose directory has passed the limits."""

    def __init__(self, data: bytes) -> None:
        if data.count(CENTRAL_HEADER) > limits.MAX_ARCHIVE_ENTRIES:
            raise ArchiveIsBomb("В архиве слишком много файлов.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
            raise ArchiveIsBroken from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        self._judge(len(data))

    def _judge(self, packed_bytes: int) -> None:
        entries = self._zip.infolist()
        if len(entries) > limits.MAX_ARCHIVE_ENTRIES:
            raise ArchiveIsBomb("В архиве слишком много файлов.")
        if len(entries) != len(self._entries):
            raise ArchiveIsBroken("В архиве два файла с одним именем.")
        if sum(entry.compress_size for entry in entries) > packed_bytes:
            raise ArchiveIsBomb("Части архива накладываются друг на друга.")
        if sum(entry.file_size for entry in entries) > limits.MAX_UNPACKED_BYTES:
            raise ArchiveIsBomb
        for entry in entries:
            if entry.flag_bits & ENCRYPTED_FLAG:
                raise FileIsEncrypted
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ArchiveIsBroken("Файл сжат неизвестным способом.")
            if (
                entry.file_size > limits.RATIO_MATTERS_FROM_BYTES
                and entry.file_size > limits.MAX_RATIO * max(entry.compress_size, 1)
            ):
                raise ArchiveIsBomb

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the parts."""
        return tuple(self._entries)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece. Raises ArchiveIsBroken on a missing or damaged one."""
        try:
            with self._zip.open(self._entries[name]) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except KeyError as error:
            raise ArchiveIsBroken(f"В файле нет обязательной части «{name}».") from error
        except DAMAGE as error:
            raise ArchiveIsBroken from error

    def read(self, name: str) -> bytes:
        """Return a whole part. Raises ArchiveIsBroken on a missing or damaged one."""
        return b"".join(self.chunks(name))

    def repacked(self, names: Iterable[str]) -> bytes:
        """Return a new archive of the named parts, as they were unpacked here."""
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
            for name in names:
                target.writestr(name, self.read(name))
        return copy.getvalue()
