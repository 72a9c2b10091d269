"""Delivered events are kept for a while, so that a repeated request is recognised, then swept."""

from datetime import datetime, timedelta

from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor, SchoolRef

KEPT = timedelta(days=7)


def sweep_delivered(school: SchoolRef | None, now: datetime) -> int:
    """Delete what was delivered a week ago in one schema (None: the public one); return how many.

    A request repeated later than that is a new one.
    """
    door = (
        public_transaction()
        if school is None
        else school_transaction(Actor.system(school), school.id)
    )
    with door:
        deleted, _ = OutboxEvent.objects.filter(delivered_at__lt=now - KEPT).delete()
    return deleted
