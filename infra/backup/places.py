"""The places of copies: marked folders, files that appear whole or not at all, lines of a journal.

Standard library only: the archiving of a WAL segment starts this many times an hour.

A place holds `wal/`, `base/`, `schools/`, `files/`; a copy is a folder, and `<folder>.json` beside
it, written last, says that it is whole. `journal.jsonl` repeats every such line, and the failures.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

MARK = "okrug-place"
JOURNAL = "journal.jsonl"
BLOCK = 1 << 20


class BackupRefused(Exception):
    """Something is in the way; the message says in Russian what, and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the journal: a copy made, checked or removed, or something restored."""

    kind: str
    place: str
    name: str
    started_at: str
    finished_at: str
    made_by: str
    school_id: int | None = None
    size: int = 0
    digest: str = ""
    is_good: bool = True
    note: str = ""

    @property
    def finished(self) -> datetime:
        """Return the moment the copy was whole."""
        return datetime.fromisoformat(self.finished_at)


def read_places(value: str) -> list[Path]:
    """Return the places of `OKRUG_BACKUP_PLACES`; raise `BackupRefused` unless two that are apart.

    Source: ARC-014, at least two carriers in different rooms.
    """
    places = [Path(part).resolve() for part in value.split(":") if part]
    if len(set(places)) < 2:
        raise BackupRefused(
            "OKRUG_BACKUP_PLACES: нужны две разные папки через двоеточие, на разных носителях "
            "в разных помещениях."
        )
    for place in places:
        if any(place != other and place.is_relative_to(other) for other in places):
            raise BackupRefused(f"OKRUG_BACKUP_PLACES: {place} лежит внутри другого места копий.")
    return places


def prepare_place(place: Path) -> None:
    """Make a folder a place of copies. Done once by hand: an unmounted disk is never written to."""
    for folder in ("wal", "base", "schools", "files"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)
    (place / MARK).touch()


def require(place: Path) -> Path:
    """Return the place; raise `BackupRefused` when it is not there, as a disk not mounted is."""
    if not (place / MARK).exists():
        raise BackupRefused(
            f"{place} — не место копий: диск не подключён, или папку ещё не подготовили "
            "(python -m infra.backup init)."
        )
    return place


def now() -> datetime:
    """Return the moment, to the microsecond, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Return a moment as folders are named; names sort as moments do."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def sync(path: Path) -> None:
    """Let a file or a folder reach the carrier."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_bytes(target: Path, content: bytes) -> None:
    """Write a file that is whole and on the carrier when it appears."""
    making = target.with_name(f".{target.name}.{os.getpid()}.making")
    try:
        with making.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        making.rename(target)
    finally:
        making.unlink(missing_ok=True)
    sync(target.parent)


def put_folder(making: Path, target: Path) -> None:
    """Let a finished folder appear under its name, every byte of it on the carrier."""
    # One call for the file system: a base has thousands of files, and a call each takes a minute.
    subprocess.run(["sync", "--file-system", str(making)], check=True)  # noqa: S603 S607
    making.rename(target)
    sync(target.parent)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a finished copy to another place, whole or not at all."""
    making = target.with_name(f".{target.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(source, making, symlinks=True)
    put_folder(making, target)


def size_of(folder: Path) -> int:
    """Return the bytes of a folder's files."""
    return sum(found.stat().st_size for found in folder.rglob("*") if found.is_file())


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def note(place: Path, line: Line) -> None:
    """Add a line to the place's journal."""
    with (place / JOURNAL).open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        journal.flush()
        os.fsync(journal.fileno())


def finish(place: Path, name: str, lines: list[Line]) -> None:
    """Say that a copy is whole: the mark beside it, then its lines in the journal."""
    content = json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1)
    put_bytes(place / f"{name}.json", content.encode())
    for line in lines:
        note(place, line)


def read_journal(place: Path) -> Iterator[Line]:
    """Yield the lines of a place; the last one, cut by a crash, is passed over."""
    with (place / JOURNAL).open(encoding="utf-8") as journal:
        for text in journal:
            if text.endswith("\n"):
                yield Line(**json.loads(text))


def list_copies(place: Path, kind: str) -> list[Path]:
    """Return the whole copies of a kind (`base`, `schools`, `files`), oldest first."""
    marks = sorted((require(place) / kind).glob("[0-9]*.json"))
    return [mark.with_suffix("") for mark in marks if mark.with_suffix("").is_dir()]


def lines_of(copy: Path) -> list[Line]:
    """Return what is noted beside a copy."""
    noted = json.loads(copy.with_name(f"{copy.name}.json").read_text(encoding="utf-8"))
    return [Line(**one) for one in noted]
