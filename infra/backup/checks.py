"""Checking what lies in the places: the newest copies byte by byte, the row of WAL without a gap.

A broken copy must be found the same day (F14): the schedule calls this after every copy.
"""

import gzip
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from infra.backup.configuration import Configuration
from infra.backup.copies import check_copy
from infra.backup.places import (
    BLOCK,
    BackupRefused,
    Line,
    lines_of,
    list_copies,
    note,
    now,
    require,
)
from infra.backup.tools import connect
from infra.backup.wal import (
    ARCHIVE_IS_ELSEWHERE,
    ARCHIVE_IS_OFF,
    is_archived,
    list_segments,
    number_of,
)

ARCHIVER = """
SELECT current_setting('archive_mode'), current_setting('archive_command'),
    CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity')
        THEN last_failed_wal END,
    last_archived_wal
FROM pg_stat_archiver
"""
KINDS = ("base", "schools", "files")


def verify(told: Configuration) -> list[Line]:
    """Check every place and return a line for each; a failure names the file."""
    name = now().isoformat(timespec="seconds")
    return [_verify_place(told, place, name) for place in told.places]


def _verify_place(told: Configuration, place: Path, name: str) -> Line:
    began = now()
    steps: list[Callable[[], str]] = [
        lambda: check_newest(place, "base"),
        lambda: check_newest(place, "schools"),
        lambda: check_newest(place, "files") if list_copies(place, "files") else "",
        lambda: check_wal(place),
    ]
    said, failures = [], []
    for step in steps:
        try:
            said.append(step())
        except (BackupRefused, OSError, EOFError) as error:
            failures.append(str(error))
    line = Line(
        kind="verify",
        place=str(place),
        name=name,
        started_at=began.isoformat(),
        finished_at=now().isoformat(),
        made_by=told.made_by,
        is_good=not failures,
        note="; ".join(filter(None, failures or said)),
    )
    if place.is_dir():
        note(place, line)
    return line


def check_newest(place: Path, kind: str) -> str:
    """Check the newest copy of a kind and return its name; raise `BackupRefused`."""
    copies = list_copies(place, kind)
    if not copies:
        raise BackupRefused(f"{place}: копий «{kind}» нет.")
    check_copy(copies[-1], kind)
    return f"{kind}/{copies[-1].name}"


def first_segment(base: Path) -> str:
    """Return the segment with which the recovery of a copy begins."""
    for text in (base / "backup_label").read_text(encoding="utf-8").splitlines():
        if text.startswith("START WAL LOCATION:"):
            return text.partition("(file ")[2].rstrip(")")
    raise BackupRefused(f"{base}: в backup_label нет начала журнала.")


def check_wal(place: Path) -> str:
    """Read the segments since the newest copy of the base; raise `BackupRefused` at a gap."""
    copies = list_copies(place, "base")
    if not copies:
        return ""
    since = number_of(first_segment(copies[-1]))
    needed = [name for name in list_segments(place) if number_of(name) >= since]
    expected = since
    for name in needed:
        number = number_of(name)
        if number > expected:
            raise BackupRefused(f"{place}: в архиве журнала пропуск перед {name}.")
        expected = number + 1
        _read(place / "wal" / f"{name}.gz")
    return f"журнал: сегментов {len(needed)}"


def _read(file: Path) -> None:
    try:
        with gzip.open(file) as opened:
            while opened.read(BLOCK):
                pass
    except (OSError, EOFError) as error:
        raise BackupRefused(f"{file}: {error}") from error


@dataclass(frozen=True, slots=True)
class Standing:
    """How one place stands: the newest copies, how old the archive is, what space is left."""

    place: str
    is_there: bool
    newest: dict[str, str]
    segment: str
    segment_seconds: int | None
    free_bytes: int
    troubles: list[str]


def look(told: Configuration, moment: datetime) -> list[Standing]:
    """Return how every place stands; writes and reads through nothing."""
    due = {"base": told.base_every, "schools": told.schools_every}
    return [_look_at(place, due, moment) for place in told.places]


def _look_at(place: Path, due: dict[str, timedelta], moment: datetime) -> Standing:
    try:
        copies = {kind: list_copies(place, kind) for kind in KINDS}
    except BackupRefused as refused:
        return Standing(str(place), False, {}, "", None, 0, [str(refused)])
    newest = {kind: found[-1].name for kind, found in copies.items() if found}
    troubles = [
        f"{place}: копия «{kind}» старше срока или её нет"
        for kind, every in due.items()
        # A quarter more: the schedule itself may be late, the copying takes its time.
        if not copies[kind] or moment - lines_of(copies[kind][-1])[0].finished > every * 1.25
    ]
    segments = list_segments(place)
    age = None
    if segments:
        written = (place / "wal" / f"{segments[-1]}.gz").stat().st_mtime
        age = int(moment.timestamp() - written)
    free = shutil.disk_usage(require(place)).free
    return Standing(str(place), True, newest, segments[-1] if segments else "", age, free, troubles)


def find_archive_trouble(told: Configuration) -> str:
    """Return what keeps the server from archiving, "" when nothing does or no server is named."""
    if not told.url:
        return ""
    with connect(told.url) as connection:
        row = connection.execute(ARCHIVER).fetchone()
    assert row is not None
    mode, command, stuck, archived = row
    if mode == "off" or not command:
        wanting = "archive_mode = off" if mode == "off" else "нет archive_command"
        return f"{ARCHIVE_IS_OFF} ({wanting}): что внесено после последней копии, не вернуть"
    if stuck:
        return f"архив журнала стоит на сегменте {stuck}: смотрите журнал PostgreSQL"
    if archived and not is_archived(archived, told.places):
        return f"{ARCHIVE_IS_ELSEWHERE}: сегмента {archived} нет в местах копий"
    return ""


def as_json(standings: list[Standing]) -> str:
    """Return what `status --json` prints."""
    return json.dumps([asdict(one) for one in standings], ensure_ascii=False, indent=1)


def is_due(told: Configuration, kind: str, every: timedelta, moment: datetime) -> bool:
    """Return whether some place has no copy of a kind that is young enough."""
    for place in told.places:
        copies = list_copies(place, kind)
        if not copies or moment - lines_of(copies[-1])[0].finished >= every:
            return True
    return False
