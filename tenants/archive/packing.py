"""Writing a ZIP and reading a stranger's one: piece by piece, every entry weighed and hashed."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from tenants.archive.rules import (
    LARGEST_MANIFEST,
    MANIFEST,
    MOST_ENTRIES,
    ArchiveIsDamaged,
    Entry,
    Manifest,
    check_growth,
    read_manifest,
    write_manifest,
)

PIECE = 256 * 1024
Pieces = Iterable[bytes | memoryview]


def read_pieces(place: Path) -> Iterator[bytes]:
    """Yield a file piece by piece; it is opened when the first is asked for."""
    with place.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


class Packer:
    """Writes an archive to a new private file; `entries` is what went in so far."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.entries: list[Entry] = []

    def __enter__(self) -> Self:
        target = os.open(self.target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
        self._file = os.fdopen(target, "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Finish the file; what was not finished is deleted."""
        try:
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            self.target.unlink(missing_ok=True)
            raise
        finally:
            self._file.close()
            if kind is not None:
                self.target.unlink(missing_ok=True)

    def put(self, path: str, pieces: Pieces) -> None:
        """Add an entry, piece by piece."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(path, "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                out.write(piece)
        self.entries.append(Entry(path, size, digest.hexdigest()))

    def put_manifest(self, manifest: Manifest) -> None:
        """Add the list of everything; nothing is put after it."""
        self._zip.writestr(MANIFEST, write_manifest(manifest))


class Unpacker:
    """Reads an archive that may be damaged or forged; nothing is unpacked to a disk by its name."""

    def __init__(self, source: Path) -> None:
        self.source = source

    def __enter__(self) -> Self:
        """Open the archive and read its list. Raise `ArchiveIsDamaged`."""
        try:
            self._zip = zipfile.ZipFile(self.source)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise ArchiveIsDamaged("Файл не открывается как архив ZIP.") from error
        try:
            self.manifest = self._read_list()
        except BaseException:
            self._zip.close()
            raise
        self._entries = {entry.path: entry for entry in self.manifest.entries}
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Read everything once. Raise `ArchiveIsDamaged` when anything is not as the list says."""
        for path in self._entries:
            for _ in self.read(path):
                pass

    def read(self, path: str) -> Iterator[bytes]:
        """Yield an entry piece by piece; the last piece comes only when all of it is genuine."""
        entry = self._entries.get(path)
        if entry is None:
            raise ArchiveIsDamaged(f"В архиве нет части «{path}».")
        digest, left, held = hashlib.sha256(), entry.size, b""
        try:
            with self._zip.open(path) as source:
                while piece := source.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        break
                    digest.update(piece)
                    if held:
                        yield held
                    held = piece
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError) as error:
            raise ArchiveIsDamaged(f"Часть архива «{path}» не читается.") from error
        if left != 0 or digest.hexdigest() != entry.sha256:
            raise ArchiveIsDamaged(f"Часть архива «{path}» не та, что названа в описи.")
        if held:
            yield held

    def _read_list(self) -> Manifest:
        infos = {info.filename: info for info in self._zip.infolist()}
        if len(infos) != len(self._zip.infolist()) or not 0 < len(infos) <= MOST_ENTRIES:
            raise ArchiveIsDamaged("В архиве одно имя встречается дважды или частей слишком много.")
        head = infos.pop(MANIFEST, None)
        if head is None or head.file_size > LARGEST_MANIFEST:
            raise ArchiveIsDamaged("В архиве нет описи: это не архив школы.")
        for info in (head, *infos.values()):
            is_plain = info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
            if not is_plain or info.flag_bits & 0x1:
                raise ArchiveIsDamaged("Архив закрыт паролем или сжат незнакомым способом.")
        try:
            with self._zip.open(head) as source:
                content = source.read(LARGEST_MANIFEST + 1)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise ArchiveIsDamaged("Опись архива не читается.") from error
        if len(content) > LARGEST_MANIFEST:
            raise ArchiveIsDamaged("Опись архива слишком велика.")
        manifest = read_manifest(content)
        if {entry.path: entry.size for entry in manifest.entries} != {
            name: info.file_size for name, info in infos.items()
        }:
            raise ArchiveIsDamaged("Состав архива не тот, что назван в описи.")
        check_growth(manifest, self.source.stat().st_size)
        return manifest
