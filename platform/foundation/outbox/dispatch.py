"""Delivering events: read in the school, handle outside, mark in the school; at least once."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.models import OutboxEvent
from foundation.outbox.registry import handlers_of, is_known, revive
from kernel.actor import Actor, SchoolRef

logger = logging.getLogger(__name__)

BATCH = 200
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event as the dispatcher takes it out of a schema."""

    id: int
    name: str
    payload: dict[str, Any]
    attempts: int


def _door(school: SchoolRef | None) -> Any:
    if school is None:
        return public_transaction()
    return school_transaction(Actor.system(school), school.id)


def deliver_waiting(school: SchoolRef | None, now: datetime) -> int:
    """Deliver what waits in one schema (None: the public one) and return how many arrived.

    Events with equal contents are handled once: handlers recompute, they never add.
    """
    delivered = 0
    while batch := _take(school, now):
        arrived, failed = _handle(school, batch)
        with _door(school):
            OutboxEvent.objects.filter(pk__in=arrived).update(delivered_at=now)
            for event in failed:
                pause = min(timedelta(seconds=2 ** min(event.attempts, 10)), LONGEST_PAUSE)
                OutboxEvent.objects.filter(pk=event.id).update(
                    attempts=F("attempts") + 1, retry_at=now + pause
                )
        delivered += len(arrived)
    return delivered


def _take(school: SchoolRef | None, now: datetime) -> list[Waiting]:
    with _door(school):
        rows = (
            OutboxEvent.objects.filter(delivered_at=None)
            .filter(Q(retry_at=None) | Q(retry_at__lte=now))
            .order_by("pk")[:BATCH]
        )
        return [Waiting(row.pk, row.name, row.payload, row.attempts) for row in rows]


def _handle(school: SchoolRef | None, batch: list[Waiting]) -> tuple[list[int], list[Waiting]]:
    outcome: dict[str, bool] = {}
    arrived, failed = [], []
    for event in batch:
        contents = f"{event.name} {json.dumps(event.payload, sort_keys=True)}"
        if contents not in outcome:
            outcome[contents] = _call_handlers(school, event)
        if outcome[contents]:
            arrived.append(event.id)
        else:
            failed.append(event)
    return arrived, failed


def _call_handlers(school: SchoolRef | None, event: Waiting) -> bool:
    if not is_known(event.name):
        return False
    try:
        for handler in handlers_of(event.name):
            handler(school, revive(event.name, event.payload))
    except Exception:
        logger.exception(
            "outbox.handler_failed", extra={"event_name": event.name, "event_id": event.id}
        )
        return False
    return True


def count_waiting(*names: str) -> int:
    """Return how many events of these names still wait in the schema that is open."""
    waiting = OutboxEvent.objects.filter(delivered_at=None)
    return (waiting.filter(name__in=names) if names else waiting).count()
