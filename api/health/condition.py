"""The condition of the product: what `/health/ready` names and `/metrics` counts.

Only the database decides whether requests are taken. Everything else is looked at with short
patience, and what cannot be told is None: a sick backup must not stop the journal.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection

from foundation.db.door import public_transaction, role_of
from foundation.outbox.watch import get_oldest_waiting_seconds, is_dispatcher_at_work
from foundation.transport.broker import look_at_broker
from services.upkeep.queries import get_last_sample_at
from tenants.backups.queries import get_last_backup_at
from tenants.provisioning.queries import count_behind
from tenants.registry.queries import count_schools

LATE_SECONDS = 60
LEAST_FREE = 0.1
OLDEST_BACKUP_SECONDS = 26 * 3600  # a night's copy, and two hours for it
T = TypeVar("T")
CONNECTIONS = (
    "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity "
    "WHERE datname = current_database()"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """How the product is; None: nobody can tell."""

    schools: int
    has_roles: bool
    delivers: bool
    waiting_seconds: int
    schools_behind: int | None
    backup_seconds: float | None
    was_ever_backed_up: bool | None
    disk_free: float | None
    broker: str
    probe_seconds: float | None
    connections: tuple[int, int] | None

    @property
    def outbox(self) -> str:
        """Return how events are on their way."""
        if self.waiting_seconds > LATE_SECONDS:
            return "late"
        return "ok" if self.delivers else "nobody delivers"

    @property
    def backup(self) -> str:
        """Return how old the newest good copy is, in a word."""
        if self.was_ever_backed_up is None:
            return "unknown"
        if self.backup_seconds is None:
            return "none"
        return "late" if self.backup_seconds > OLDEST_BACKUP_SECONDS else "ok"

    @property
    def migrations(self) -> str:
        """Return whether schools wait for `migrate_schools`."""
        if self.schools_behind is None:
            return "unknown"
        return "behind" if self.schools_behind else "ok"

    @property
    def disk(self) -> str:
        """Return whether the disk has room."""
        if self.disk_free is None:
            return "unknown"
        return "low" if self.disk_free < LEAST_FREE else "ok"


def read_condition(now: datetime) -> Condition:
    """Look at everything. Raise `DatabaseError` when the database does not answer."""
    with public_transaction():
        schools = count_schools()
        delivers, waiting = is_dispatcher_at_work(), get_oldest_waiting_seconds()
    copied = _perhaps(lambda: (get_last_backup_at(),))
    sampled = _perhaps(get_last_sample_at)
    return Condition(
        schools=schools,
        has_roles=bool(role_of(0)),
        delivers=delivers,
        waiting_seconds=waiting,
        schools_behind=_perhaps(count_behind),
        backup_seconds=_age(copied[0] if copied else None, now),
        was_ever_backed_up=None if copied is None else copied[0] is not None,
        disk_free=_disk_free(),
        broker=look_at_broker(settings.CELERY_BROKER_URL),
        probe_seconds=_age(sampled, now),
        connections=_perhaps(_count_connections),
    )


def _perhaps(question: Callable[[], T]) -> T | None:
    try:
        with public_transaction():
            return question()
    except DatabaseError:  # a table that is not there yet, a right that is missing
        return None


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment).total_seconds())


def _count_connections() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS)
        own, limit = cursor.fetchone()
    return int(own), int(limit)


def _disk_free() -> float | None:
    place = settings.FILES_ROOT
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return None
    return usage.free / usage.total
