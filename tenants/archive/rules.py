"""What an archive says of itself (опись, `manifest.json`), and when it is not to be believed.

Everything here comes from a stranger's file: each value is checked before it is used.
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from kernel.errors import DomainError

FORMAT = "okrug-school-archive"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
# The only places an archive may have; a name outside them is never written anywhere.
PLACES = re.compile(
    r"\A(?:data/[a-z_0-9]{1,63}\.csv|public/[a-z_]{1,40}\.csv|files/[0-9a-f]{32}|schema\.json"
    r"|КАК-ЧИТАТЬ\.md|для-людей/[а-яё0-9-]{1,60}\.csv)\Z"
)
LARGEST_MANIFEST = 64 * 1024**2
MOST_ENTRIES = 200_000
# Journals shrink about tenfold; what grows more than this when it is unpacked is a bomb.
MOST_GROWTH = 200
FREE_GROWTH = 64 * 1024**2
SHA256 = re.compile(r"\A[0-9a-f]{64}\Z")


class ArchiveIsDamaged(DomainError):
    """The file is cut, changed or was never an archive of a school; nothing was written."""

    code = "archive-is-damaged"
    message = "Это не архив школы, или он повреждён."


class ArchiveIsOfOtherEdition(DomainError):
    """The archive is whole, and this program lays its tables out differently."""

    code = "archive-is-of-other-edition"
    message = "Архив сделан другой версией программы."


@dataclass(frozen=True, slots=True)
class Entry:
    """A file inside the archive."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table of the school: its columns in order, how many rows, where they lie."""

    name: str
    columns: tuple[str, ...]
    rows: int
    path: str


@dataclass(frozen=True, slots=True)
class Card:
    """The school as the district knew it."""

    id: int
    slug: str
    name: str
    short_name: str
    timezone: str
    opened_at: str | None
    district: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of everything in the archive (опись)."""

    archive_id: str
    product_version: str
    made_at: str
    made_by: str
    snapshot: str
    installation: str
    school: Card
    migrations: tuple[tuple[str, str], ...]
    waiting_events: int
    tables: tuple[TableEntry, ...]
    sequences: Mapping[str, int]
    missing_files: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def total_size(self) -> int:
        """Return how many bytes there are when unpacked."""
        return sum(entry.size for entry in self.entries)


def write_manifest(manifest: Manifest) -> bytes:
    """Return the list as it stands in the archive."""
    head = {"format": FORMAT, "format_version": FORMAT_VERSION}
    return json.dumps(head | asdict(manifest), ensure_ascii=False, indent=1).encode()


def read_manifest(content: bytes) -> Manifest:
    """Return the list of an archive. Raise `ArchiveIsDamaged`, `ArchiveIsOfOtherEdition`."""
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ArchiveIsDamaged("Опись архива не читается.") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ArchiveIsDamaged
    if raw.get("format_version") != FORMAT_VERSION:
        raise ArchiveIsOfOtherEdition("Такой формат архива эта программа не знает.")
    try:
        manifest = _manifest(raw)
        uuid.UUID(manifest.archive_id)
        ZoneInfo(manifest.school.timezone)
        _check_moment(manifest.made_at)
        if manifest.school.opened_at is not None:
            _check_moment(manifest.school.opened_at)
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise ArchiveIsDamaged("Опись архива составлена неверно.") from error
    _check_places(manifest)
    return manifest


def check_growth(manifest: Manifest, packed_size: int) -> None:
    """Raise `ArchiveIsDamaged` for an archive that would flood the disk."""
    if manifest.total_size > packed_size * MOST_GROWTH + FREE_GROWTH:
        raise ArchiveIsDamaged("Архив слишком велик в развёрнутом виде: он не загружается.")


def check_edition(manifest: Manifest, known: Mapping[tuple[str, str], object]) -> None:
    """Raise `ArchiveIsOfOtherEdition` unless the tables are laid out by the same migrations."""
    theirs = set(manifest.migrations)
    ours = set(known)
    if theirs == ours:
        return
    if theirs < ours:
        raise ArchiveIsOfOtherEdition(
            f"Архив сделан более старой версией программы ({manifest.product_version}). Загрузите "
            "его в такую же версию, затем обновите программу."
        )
    raise ArchiveIsOfOtherEdition(
        f"Архив сделан более новой версией программы ({manifest.product_version}). Обновите "
        "программу и повторите."
    )


def _manifest(raw: dict[str, Any]) -> Manifest:
    return Manifest(
        archive_id=_text(raw["archive_id"]),
        product_version=_text(raw["product_version"]),
        made_at=_text(raw["made_at"]),
        made_by=_text(raw["made_by"]),
        snapshot=_text(raw["snapshot"]),
        installation=_text(raw["installation"]),
        school=_card(raw["school"]),
        migrations=tuple((_text(app), _text(name)) for app, name in raw["migrations"]),
        waiting_events=_number(raw["waiting_events"]),
        tables=tuple(_table(one) for one in raw["tables"]),
        sequences={_text(name): _number(last) for name, last in raw["sequences"].items()},
        missing_files=tuple(_text(one) for one in raw["missing_files"]),
        entries=tuple(_entry(one) for one in raw["entries"]),
    )


def _card(raw: dict[str, Any]) -> Card:
    opened_at = raw["opened_at"]
    return Card(
        id=_number(raw["id"]),
        slug=_text(raw["slug"]),
        name=_text(raw["name"]),
        short_name=_text(raw["short_name"]),
        timezone=_text(raw["timezone"]),
        opened_at=None if opened_at is None else _text(opened_at),
        district=_text(raw["district"]),
    )


def _table(raw: dict[str, Any]) -> TableEntry:
    name = _text(raw["name"])
    path = _text(raw["path"])
    if path != f"data/{name}.csv":
        raise ValueError(path)
    columns = tuple(_text(column) for column in raw["columns"])
    return TableEntry(name, columns, _number(raw["rows"]), path)


def _entry(raw: dict[str, Any]) -> Entry:
    sha256 = _text(raw["sha256"])
    if not SHA256.match(sha256):
        raise ValueError(sha256)
    return Entry(_text(raw["path"]), _number(raw["size"]), sha256)


def _check_places(manifest: Manifest) -> None:
    paths = [entry.path for entry in manifest.entries]
    if len(paths) > MOST_ENTRIES or len(paths) != len(set(paths)):
        raise ArchiveIsDamaged("Опись архива составлена неверно: одно имя названо дважды.")
    if any(not PLACES.match(path) for path in paths):
        raise ArchiveIsDamaged("В описи архива есть файлы, которых в архиве школы не бывает.")
    if not {table.path for table in manifest.tables} <= set(paths):
        raise ArchiveIsDamaged("В описи архива названы таблицы без содержимого.")


def _check_moment(value: str) -> None:
    if datetime.fromisoformat(value).tzinfo is None:
        raise ValueError(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise TypeError
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**62:
        raise TypeError
    return value
