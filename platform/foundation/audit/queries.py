"""Reading the journal of actions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from foundation.audit.models import AuditEntry, VoidNote


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `before` and `after` are rows as the database keeps them, None if absent.

    `void` says what became of a change that is void, "" for one that holds.
    """

    at: datetime
    account_id: int | None
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    void: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change with its place: the number of the entry, the table, the row."""

    id: int
    at: datetime
    account_id: int | None
    table: str
    row_id: int
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    void: str = ""

    def told(self, name: str) -> Any:
        """Return a value of the row as it is now, or as it was when it is gone."""
        return (self.after or self.before or {}).get(name)


def list_changes(*, table: str, row_id: int) -> list[Change]:
    """Return the changes of one row, oldest first."""
    entries = list(AuditEntry.objects.filter(table_name=table, row_id=row_id).order_by("pk"))
    void = _outcomes(entry.pk for entry in entries)
    return [
        Change(e.at, e.account_id, e.action, e.before, e.after, void.get(e.pk, "")) for e in entries
    ]


def list_changes_by(*, account_id: int, since: datetime) -> list[Entry]:
    """Return what an account changed in the open schema since a moment, oldest first."""
    return _list_entries(AuditEntry.objects.filter(account_id=account_id, at__gte=since))


def list_changes_of(*, table: str, row_ids: Collection[int], since: datetime) -> list[Entry]:
    """Return what anybody changed in some rows since a moment, oldest first."""
    rows = AuditEntry.objects.filter(table_name=table, row_id__in=row_ids, at__gte=since)
    return _list_entries(rows)


def list_changes_about(
    *, table: str, name: str, values: Collection[int], since: datetime
) -> list[Entry]:
    """Return what anybody changed since a moment in rows whose `name` is one of the values."""
    place = Coalesce(KT(f"after__{name}"), KT(f"before__{name}"))
    rows = AuditEntry.objects.filter(table_name=table, at__gte=since).annotate(place=place)
    return _list_entries(rows.filter(place__in=[str(value) for value in sorted(values)]))


def _list_entries(rows: Any) -> list[Entry]:
    entries = list(rows.order_by("pk"))
    void = _outcomes(entry.pk for entry in entries)
    return [
        Entry(
            id=e.pk,
            at=e.at,
            account_id=e.account_id,
            table=e.table_name,
            row_id=e.row_id,
            action=e.action,
            before=e.before,
            after=e.after,
            void=void.get(e.pk, ""),
        )
        for e in entries
    ]


def _outcomes(entry_ids: Iterable[int]) -> dict[int, str]:
    notes = VoidNote.objects.filter(entry_id__in=list(entry_ids))
    return dict(notes.values_list("entry_id", "outcome"))
