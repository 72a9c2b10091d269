"""Reading the journal of actions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `before` and `after` are rows as the database keeps them, None if absent."""

    at: datetime
    account_id: int | None
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def list_changes(*, table: str, row_id: int) -> list[Change]:
    """Return the changes of one row, oldest first."""
    entries = AuditEntry.objects.filter(table_name=table, row_id=row_id).order_by("pk")
    return [Change(e.at, e.account_id, e.action, e.before, e.after) for e in entries]
