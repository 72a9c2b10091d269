"""Reading the journal of backups. The public schema must be open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from tenants.backups.models import BackupEntry, BackupPlace

KINDS: tuple[tuple[str, str], ...] = tuple(BackupEntry.Kind.choices)
CARRIERS: tuple[tuple[str, str], ...] = tuple(BackupPlace.Carrier.choices)


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place of copies as pages show it."""

    path: str
    carrier: str
    room: str
    responsible: str


@dataclass(frozen=True, slots=True)
class EntryCard:
    """A line of the journal as pages show it."""

    kind: str
    title: str
    school_id: int | None
    place: str
    name: str
    size: int
    digest: str
    started_at: datetime
    finished_at: datetime
    is_good: bool
    made_by: str
    note: str


def get_last_backup_at(*, kind: str = BackupEntry.Kind.BASE, places: int = 1) -> datetime | None:
    """Return when the newest good copy was finished in at least so many places; None: never."""
    newest = (
        BackupEntry.objects.filter(kind=kind, is_good=True)
        .values("name")
        .annotate(places=Count("place", distinct=True), finished=Max("finished_at"))
        .filter(places__gte=places)
        .order_by("-finished")
        .first()
    )
    return newest["finished"] if newest else None


def list_school_copies(*, school_id: int, since: datetime, places: int) -> list[datetime]:
    """Return when a school was copied whole, newest first, counting only what lies in `places`.

    A copy of the whole base holds every school.
    """
    of_school = BackupEntry.objects.filter(kind=BackupEntry.Kind.SCHOOL, school_id=school_id)
    of_all = BackupEntry.objects.filter(kind=BackupEntry.Kind.BASE)
    copies = (
        (of_school | of_all)
        .filter(is_good=True, finished_at__gte=since)
        .values("kind", "name")
        .annotate(places=Count("place", distinct=True), finished=Max("finished_at"))
        .filter(places__gte=places)
        .order_by("-finished")
    )
    return [row["finished"] for row in copies]


def list_entries(
    *, kinds: Iterable[str] = (), school_id: int | None = None, limit: int = 100
) -> list[EntryCard]:
    """Return the newest lines; of a school its own and those of the whole base."""
    rows = BackupEntry.objects.order_by("-finished_at", "-pk")
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    if school_id is not None:
        rows = rows.filter(school_id=school_id) | rows.filter(
            school__isnull=True, kind__in=[BackupEntry.Kind.BASE, BackupEntry.Kind.FILES]
        )
    return [
        EntryCard(
            kind=row.kind,
            title=row.get_kind_display(),
            school_id=row.school_id,
            place=row.place,
            name=row.name,
            size=row.size,
            digest=row.digest,
            started_at=row.started_at,
            finished_at=row.finished_at,
            is_good=row.is_good,
            made_by=row.made_by,
            note=row.note,
        )
        for row in rows[:limit]
    ]


def list_places() -> list[PlaceCard]:
    """Return the places somebody has described, by path."""
    return [
        PlaceCard(row.path, row.get_carrier_display(), row.room, row.responsible)
        for row in BackupPlace.objects.order_by("path")
    ]


def list_used_paths() -> list[str]:
    """Return the folders copies were ever put into."""
    copies = BackupEntry.objects.exclude(kind__startswith="restore")
    return list(copies.order_by("place").values_list("place", flat=True).distinct())
