"""Whether events are on their way: who delivers them, and how long the oldest has waited."""

from django.db import connection

# The dispatcher that works holds this session lock; another stands by until it is free.
DISPATCHER_LOCK = "okrug dispatcher"
AT_WORK = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32) | objid::bigint = hashtextextended(%s, 0)
)
"""
OLDEST = """
SELECT extract(epoch FROM now() - min(created_at))::int FROM outbox_outboxevent
WHERE delivered_at IS NULL
"""


def is_dispatcher_at_work() -> bool:
    """Return whether somebody delivers events of this database."""
    with connection.cursor() as cursor:
        cursor.execute(AT_WORK, [DISPATCHER_LOCK])
        return bool(cursor.fetchone()[0])


def get_oldest_waiting_seconds() -> int:
    """Return how long the oldest event of the open schema has waited; 0 when none waits."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        return cursor.fetchone()[0] or 0
