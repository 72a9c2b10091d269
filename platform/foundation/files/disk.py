"""The bytes on the disk: `FILES_ROOT/<schema>/<two signs>/<key>`, readable by the product only."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection


def folder() -> Path:
    """Return the folder of the schema that is open."""
    return Path(settings.FILES_ROOT) / str(getattr(connection, "schema_name", "public"))


def path_of(key: UUID) -> Path:
    """Return where a file lies."""
    return folder() / key.hex[:2] / key.hex


def write(key: UUID, content: bytes) -> None:
    """Write a new file whole: a half-written one never bears its name."""
    place = path_of(key)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = place.with_suffix(".half")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(half, flags, mode=0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    half.rename(place)


def read(key: UUID) -> bytes:
    """Return the bytes. Raise `FileNotFoundError`."""
    return path_of(key).read_bytes()


def list_old_paths(age: timedelta) -> list[Path]:
    """Return the files older than `age` by the disk's own clock: the product's may be set."""
    place = folder()
    if not place.exists():
        return []
    probe = place / ".now"
    probe.touch()
    limit = probe.stat().st_mtime - age.total_seconds()
    return [file for file in place.glob("??/*") if file.stat().st_mtime < limit]
