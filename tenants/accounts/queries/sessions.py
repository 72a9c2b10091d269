"""The sessions of an account, for its owner."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Now

from tenants.accounts.models import Session


@dataclass(frozen=True, slots=True)
class SessionCard:
    """A session as its owner sees it."""

    id: int
    device: str
    network: str
    started_at: datetime
    seen_at: datetime


def list_sessions(*, account_id: int) -> list[SessionCard]:
    """Return the live sessions of an account, the latest first."""
    rows = Session.objects.filter(account_id=account_id, ends_at__gt=Now())
    return [
        SessionCard(row.pk, row.device, row.network, row.started_at, row.seen_at)
        for row in rows.order_by("-seen_at", "-pk")
    ]
