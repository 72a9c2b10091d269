"""Reading which outside sign-ins an account has."""

from dataclasses import dataclass
from datetime import datetime

from tenants.external.models import ExternalIdentity


@dataclass(frozen=True, slots=True)
class LinkedSignIn:
    """An outside sign-in of an account."""

    provider: str
    ground: str
    linked_at: datetime


def list_linked(*, account_id: int) -> list[LinkedSignIn]:
    """Return the outside sign-ins of an account, the oldest first."""
    rows = ExternalIdentity.objects.filter(account_id=account_id).order_by("linked_at", "pk")
    return [LinkedSignIn(row.provider, row.get_ground_display(), row.linked_at) for row in rows]
