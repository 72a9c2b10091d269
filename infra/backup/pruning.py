"""Removing what is older than it is kept: never the last two copies, never the WAL they need."""

import shutil
from pathlib import Path

from psycopg import sql

from infra.backup.checks import KINDS, first_segment
from infra.backup.configuration import Configuration
from infra.backup.places import Line, lines_of, list_copies, note, now, require, stamp
from infra.backup.tools import connect
from infra.backup.wal import list_segments, number_of

AT_LEAST = 2
ASIDE = r"SELECT nspname FROM pg_namespace WHERE nspname ~ '^s\d+_before_\d{8}t\d{6}z$'"


def prune(told: Configuration) -> list[Line]:
    """Remove old copies from every place and return a line for each place."""
    lines = []
    aside = _drop_aside(told) if told.admin_url else []
    for place in told.places:
        began = now()
        removed = [name for kind in KINDS for name in _remove_copies(told, place, kind)]
        segments = _remove_segments(place)
        line = Line(
            kind="prune",
            place=str(place),
            name=began.isoformat(timespec="seconds"),
            started_at=began.isoformat(),
            finished_at=now().isoformat(),
            made_by=told.made_by,
            note=", ".join([*removed, *aside, f"сегментов журнала: {segments}"]),
        )
        note(place, line)
        lines.append(line)
    return lines


def _remove_copies(told: Configuration, place: Path, kind: str) -> list[str]:
    oldest = now() - told.keep
    removed = []
    for copy in list_copies(place, kind)[:-AT_LEAST]:
        if lines_of(copy)[0].finished < oldest:
            # The mark first: what is half removed is no copy.
            copy.with_name(f"{copy.name}.json").unlink()
            shutil.rmtree(copy)
            removed.append(f"{kind}/{copy.name}")
    return removed


def _remove_segments(place: Path) -> int:
    """Remove the WAL from before the oldest copy that is left."""
    copies = list_copies(require(place), "base")
    if not copies:
        return 0
    since = min(number_of(first_segment(copy)) for copy in copies)
    old = [name for name in list_segments(place) if number_of(name) < since]
    for name in old:
        (place / "wal" / f"{name}.gz").unlink()
    return len(old)


def _drop_aside(told: Configuration) -> list[str]:
    """Drop the schemas that restored schools left aside, once they are old enough."""
    oldest = stamp(now() - told.aside).lower()
    with connect(told.require_admin_url()) as connection:
        rows = connection.execute(ASIDE).fetchall()
        old = [name for (name,) in rows if name.rpartition("_")[2] < oldest]
        for name in old:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
    return old
