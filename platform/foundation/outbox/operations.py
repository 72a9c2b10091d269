"""Recording events inside the transaction that made them."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from foundation.outbox.models import OutboxEvent
from foundation.outbox.registry import name_of
from kernel.errors import DomainError

INSERT = """
INSERT INTO outbox_outboxevent (name, payload, request_key) VALUES (%s, %s, %s)
ON CONFLICT (request_key) DO NOTHING RETURNING id
"""


class KeyIsTaken(DomainError):
    """The key of a request came again with another request."""

    code = "key-is-taken"
    message = "Этот запрос уже был, но с другим содержанием. Обновите страницу."


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not travel in an event")


def record(event: Any, request_key: UUID | None = None) -> bool:
    """Record an event; return False when `request_key` was recorded before (a repeat).

    Raise `KeyIsTaken` when it was recorded with another event.

    Expects an open transaction. A trigger wakes the dispatcher when the transaction commits.
    """
    payload = json.dumps(asdict(event), default=_plain)
    name = name_of(type(event))
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [name, payload, request_key])
        if cursor.fetchone() is not None:
            return True
    known = OutboxEvent.objects.get(request_key=request_key)
    if (known.name, known.payload) != (name, json.loads(payload)):
        raise KeyIsTaken
    return False
