"""Noting who looked at personal data, and who was seen where: one function each."""

from datetime import date, datetime

from foundation.db.door import planned_cursor
from kernel.actor import Actor
from services.people.models import Look

SEEN = """
INSERT INTO people_lastseen (account_id, page, day, last_at, times)
VALUES (%(account)s, %(page)s, %(day)s, %(now)s, 1)
ON CONFLICT (account_id, page, day)
DO UPDATE SET last_at = EXCLUDED.last_at, times = people_lastseen.times + 1
"""


def record_look(*, actor: Actor, what: str, kind: str, object_id: int) -> None:
    """Note that the actor opened personal data: a card, contacts, a document.

    `what` is `card`, `contacts`, `document` or `sheets`; `kind` says whose: `pupil`, `guardian`,
    `employee`, `file`. Rows are only added. The system looks at nothing.
    """
    if actor.account_id is None:
        return
    Look.objects.create(
        account_id=actor.account_id, what=Look.What(what), kind=kind, object_id=object_id
    )


def record_seen(*, actor: Actor, page: str, day: date, now: datetime) -> None:
    """Note that the actor had a page open today: one row per actor, page and day."""
    if actor.account_id is None:
        return
    with planned_cursor() as cursor:
        cursor.execute(
            SEEN, {"account": actor.account_id, "page": page[:60], "day": day, "now": now}
        )
