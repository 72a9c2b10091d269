"""What of the room comes back when a stolen account's changes are void (ACC-010)."""

from typing import Any

from foundation.audit.reversal import Reverser, RowReverser, Voiding
from foundation.outbox.operations import record
from services.diary.events import AccessGranted, AccessRevoked
from services.diary.models import AccessGrant, AdultAgreement


def _tell_of_grant(by: Voiding, grant: AccessGrant, columns: frozenset[str]) -> None:
    event = AccessGranted if grant.revoked_at is None else AccessRevoked
    record(event([grant.pk]))


def _revoke(by: Voiding, grant: AccessGrant) -> None:
    """End an access that should never have been; what was looked at meanwhile stays on record."""
    if grant.revoked_at is None:
        grant.revoked_at, grant.revoked_ground = by.now, AccessGrant.EndGround.MISTAKE
        grant.save(update_fields=["revoked_at", "revoked_ground"])
        record(AccessRevoked([grant.pk]))


def _take_agreement_back(by: Voiding, agreement: AdultAgreement) -> None:
    if agreement.withdrawn_at is None:
        agreement.withdrawn_at = by.now
        agreement.save(update_fields=["withdrawn_at"])


REVERSERS: dict[Any, Reverser] = {
    AccessGrant: RowReverser(
        AccessGrant,
        frozenset({"revoked_at", "revoked_ground"}),
        undo=_revoke,
        follow=_tell_of_grant,
    ),
    AdultAgreement: RowReverser(
        AdultAgreement, frozenset({"withdrawn_at"}), undo=_take_agreement_back
    ),
}
