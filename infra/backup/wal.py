"""The archive of WAL (журнал предзаписи): a segment is in every place before PostgreSQL drops it.

`python -m infra.backup.wal put <path> <name>` is the server's archive_command, `get <name> <path>`
its restore_command. Segments are packed: one closed by archive_timeout ends in zeros.
"""

import gzip
import os
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.backup.places import BackupRefused, put_bytes, read_places, require

ROOT = Path(__file__).resolve().parents[2]
# A committed transaction waits at most so long for its segment's end: half of the promised loss
# of 60 seconds, so that the packing and one failed attempt fit into the other half.
ARCHIVE_SECONDS = 30
SEGMENT = re.compile(r"[0-9A-F]{24}")
FASTEST = 1
MODULE = "infra.backup.wal"
# How the troubles begin that only the server's own settings cure.
ARCHIVE_IS_OFF = "архив журнала PostgreSQL выключен"
ARCHIVE_IS_ELSEWHERE = "архив журнала PostgreSQL уходит не в места копий"


def put(path: Path, name: str, places: Sequence[Path]) -> None:
    """Archive a file in all places. Raise `BackupRefused` when another one bears the name."""
    content = path.read_bytes()
    packed = gzip.compress(content, FASTEST, mtime=0)
    for place in places:
        target = require(place) / "wal" / f"{name}.gz"
        if not target.exists():
            put_bytes(target, packed)
        elif gzip.decompress(target.read_bytes()) != content:
            raise BackupRefused(f"В {target} уже лежит другой сегмент с тем же именем.")


def get(name: str, path: Path, places: Sequence[Path]) -> bool:
    """Take a file out of the first place where it is whole; return whether there was one."""
    for place in places:
        try:
            content = gzip.decompress((place / "wal" / f"{name}.gz").read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, EOFError) as error:
            print(f"{place}: {name}: {error}", file=sys.stderr)
            continue
        put_bytes(path, content)
        return True
    return False


def is_archived(name: str, places: Sequence[Path]) -> bool:
    """Return whether some place has a segment: a disk put in a moment ago has none yet."""
    return any((place / "wal" / f"{name}.gz").exists() for place in places)


def list_segments(place: Path) -> list[str]:
    """Return the archived segments of a place in their order."""
    names = (found.name.removesuffix(".gz") for found in (place / "wal").glob("*.gz"))
    return sorted(name for name in names if SEGMENT.fullmatch(name))


def number_of(segment: str) -> int:
    """Return the place of a segment (of 16 MiB) in the endless row, whatever its timeline."""
    return int(segment[8:16], 16) * 256 + int(segment[16:], 16)


def archive_settings(places: Sequence[Path]) -> dict[str, str]:
    """Return what a cluster is started with to archive into these places."""
    return {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_timeout": f"{ARCHIVE_SECONDS}s",
        "archive_command": _command(places, "put %p %f"),
    }


def restore_command(places: Sequence[Path]) -> str:
    """Return the restore_command that reads these places."""
    return _command(places, "get %f %p")


def _command(places: Sequence[Path], words: str) -> str:
    known = f"OKRUG_BACKUP_PLACES={':'.join(map(str, places))}"
    given = shlex.join(["env", f"PYTHONPATH={ROOT}", known, sys.executable, "-m", MODULE])
    return f"{given.replace('%', '%%')} {words}"


def main(arguments: Sequence[str]) -> int:
    """Archive or fetch one file; 1 tells PostgreSQL that the file is not there, or to try again."""
    places = read_places(os.environ.get("OKRUG_BACKUP_PLACES", ""))
    what, first, second = arguments
    try:
        if what == "put":
            put(Path(first), second, places)
            return 0
        return 0 if get(first, Path(second), places) else 1
    except (BackupRefused, OSError) as error:
        print(f"wal {what}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
