"""Keeping the journal of backups and the description of its places."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kernel.errors import DomainError
from tenants.backups.models import BackupEntry, BackupPlace
from tenants.registry.models import School

FIELDS = ("kind", "place", "name", "size", "digest", "is_good", "made_by", "note")


class PlaceIsNotApart(DomainError):
    """Two carriers would stand in one room (ARC-014)."""

    code = "place-is-not-apart"
    message = "В этом помещении уже стоит другой носитель. Копии хранятся в разных помещениях."


def write_entries(lines: Iterable[Mapping[str, Any]]) -> int:
    """Write lines that `infra.backup` keeps beside the copies; known ones change nothing.

    Return how many were new. A school that is no more leaves its lines without their key. Expects
    `public_transaction()`.
    """
    before = BackupEntry.objects.count()
    schools = set(School.objects.values_list("pk", flat=True))
    BackupEntry.objects.bulk_create(
        [
            BackupEntry(
                **{name: line[name] for name in FIELDS},
                school_id=line["school_id"] if line["school_id"] in schools else None,
                started_at=datetime.fromisoformat(line["started_at"]),
                finished_at=datetime.fromisoformat(line["finished_at"]),
            )
            for line in lines
        ],
        ignore_conflicts=True,
    )
    return BackupEntry.objects.count() - before


def describe_place(
    *, account_id: int | None, path: str, carrier: str, room: str, responsible: str
) -> None:
    """Say where a place of copies stands and who answers for it. Raise `PlaceIsNotApart`."""
    room = " ".join(room.split())
    if BackupPlace.objects.exclude(path=path).filter(room__iexact=room).exists():
        raise PlaceIsNotApart
    BackupPlace.objects.update_or_create(
        path=path,
        defaults={
            "carrier": carrier,
            "room": room,
            "responsible": " ".join(responsible.split()),
            "set_by": account_id,
        },
    )
