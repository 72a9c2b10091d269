"""Recording events inside the transaction that made them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from foundation.db.door import planned_cursor
from foundation.outbox.models import OutboxEvent
from foundation.outbox.registry import name_of
from kernel.errors import DomainError

INSERT = """
INSERT INTO outbox_outboxevent (name, payload, request_key) VALUES (%s, %s, %s)
ON CONFLICT (request_key) DO NOTHING RETURNING id
"""
REQUEST = "request"  # beside the event's own fields; who delivers the event drops it


class KeyIsTaken(DomainError):
    """The key of a request came again with another request."""

    code = "key-is-taken"
    message = "Этот запрос уже был, но с другим содержанием. Обновите страницу."


def _fingerprint(request: Any) -> str:
    return hashlib.sha256(repr(request).encode(errors="surrogatepass")).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not travel in an event")


def record(event: Any, request_key: UUID | None = None, request: Any = None) -> bool:
    """Record an event; return False when `request_key` was recorded before (a repeat).

    `request` is what was asked, of plain values: its fingerprint is kept with the event. Raise
    `KeyIsTaken` when the key was recorded with another event or another request.

    Expects an open transaction. A trigger wakes the dispatcher when the transaction commits.
    """
    asked = {} if request is None else {REQUEST: _fingerprint(request)}
    payload = json.dumps(asdict(event) | asked, default=_plain)
    name = name_of(type(event))
    with planned_cursor() as cursor:
        cursor.execute(INSERT, [name, payload, request_key])
        if cursor.fetchone() is not None:
            return True
    known = OutboxEvent.objects.get(request_key=request_key)
    if (known.name, known.payload) != (name, json.loads(payload)):
        raise KeyIsTaken
    return False


def deliver_again(events: Iterable[type], *, since: datetime) -> int:
    """Let what was delivered since a moment go out once more; return how many events.

    For whoever forgot what arrived: a restored school. Older than the outbox keeps is not found.
    """
    names = [name_of(event) for event in events]
    lately = Q(created_at__gte=since) | Q(delivered_at__gte=since)
    return OutboxEvent.objects.filter(lately, name__in=names, delivered_at__isnull=False).update(
        delivered_at=None, attempts=0, retry_at=None
    )
