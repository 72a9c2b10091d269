"""Recording events inside the transaction that made them."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from foundation.outbox.registry import name_of

INSERT = """
INSERT INTO outbox_outboxevent (name, payload, request_key) VALUES (%s, %s, %s)
ON CONFLICT (request_key) DO NOTHING RETURNING id
"""


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not travel in an event")


def record(event: Any, request_key: UUID | None = None) -> bool:
    """Record an event; return False when `request_key` was recorded before (a repeat).

    Expects an open transaction. A trigger wakes the dispatcher when the transaction commits.
    """
    payload = json.dumps(asdict(event), default=_plain)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [name_of(type(event)), payload, request_key])
        return cursor.fetchone() is not None
