"""The journal of backups in words: sizes, ages, lines of a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.backups.queries import EntryCard


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of the journal in words."""

    title: str
    name: str
    at: datetime
    place: str
    size: str
    digest: str
    made_by: str
    is_good: bool
    note: str


def entry_rows(entries: Iterable[EntryCard]) -> list[EntryRow]:
    """Return the lines in words, in the order given."""
    return [
        EntryRow(
            title=one.title,
            name=one.name,
            at=one.finished_at,
            place=one.place,
            size=say_size(one.size),
            digest=one.digest[:16],
            made_by=one.made_by,
            is_good=one.is_good,
            note=one.note,
        )
        for one in entries
    ]


def say_size(size: int) -> str:
    """Return a size as people read it; nothing for nothing."""
    if size <= 0:
        return ""
    for unit, of in (("ГБ", 10**9), ("МБ", 10**6), ("КБ", 10**3)):
        if size >= of:
            return f"{size / of:.1f} {unit}".replace(".", ",")
    return f"{size} Б"


def say_age(at: datetime | None, now: datetime) -> str:
    """Return how long ago something was."""
    if at is None:
        return "нет"
    age = max(now - at, timedelta(0))
    if age < timedelta(hours=1):
        return "меньше часа назад"
    if age < timedelta(days=2):
        return f"{int(age / timedelta(hours=1))} ч назад"
    return f"{age.days} дн. назад"
