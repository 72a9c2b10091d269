"""The dispatcher: hears that a transaction left an event behind, delivers it, counts dirty days.

It listens on a connection of its own and sweeps everything every half a minute, so a lost
notification costs seconds and a dead broker nothing. Any number may be started: the one that holds
the session lock works, the others stand by and take over when its connection ends.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
from django.db import Error, close_old_connections, connections
from structlog.contextvars import bound_contextvars

from foundation import clock
from foundation.db.backend.base import PUBLIC
from foundation.db.door import WEB
from foundation.files.operations import sweep_lost_bytes
from foundation.notify.operations import sweep_old_notices
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.retention import sweep_delivered
from foundation.outbox.watch import DISPATCHER_LOCK
from kernel.actor import SchoolRef
from services.monitoring.tasks import mark_quiet_schools, recompute_dirty
from tenants.registry.queries import forget_schools, list_schools

logger = logging.getLogger(__name__)

CHANNEL = "okrug_outbox"
LOCK = f"SELECT pg_try_advisory_lock(hashtextextended('{DISPATCHER_LOCK}', 0))"
# Of psycopg's parameters those that Django adds for its own cursors.
DJANGOS_OWN = {"context", "cursor_factory", "pool"}
# A server that vanished without a word is noticed within a minute.
KEEPALIVE = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3}

WAIT_SECONDS = 1.0  # also how soon a request to stop is heard
GATHER_SECONDS = 0.1  # a wave of marks is delivered as one
SWEEP_SECONDS = 30.0
RETENTION_SECONDS = 3600.0
STANDBY_SECONDS = 2.0
LONGEST_BACKOFF = 10.0
DAYS_AT_ONCE = 20

Work = Callable[[SchoolRef | None, datetime], int]


class Dispatcher:
    """Works until `stop` is set. `heartbeat` is a file touched at every turn, for the watchman."""

    def __init__(self, *, stop: Event, heartbeat: Path | None = None) -> None:
        self.stop = stop
        self.heartbeat = heartbeat
        self.next_sweep = 0.0
        self.next_retention = 0.0

    def run(self) -> None:
        """Work; after losing the database come back by itself, waiting longer each time."""
        failures = 0
        while not self.stop.is_set():
            try:
                with self._listening() as listener:
                    self._stand_by(listener)
                    failures = 0
                    self._work(listener)
            except (psycopg.Error, Error):
                logger.exception("dispatcher.database_lost")
                connections[WEB].close()
                self.stop.wait(min(2.0**failures / 2, LONGEST_BACKOFF))
                failures += 1

    @contextmanager
    def _listening(self) -> Iterator[psycopg.Connection[Any]]:
        known = connections[WEB].get_connection_params()
        parameters = {key: value for key, value in known.items() if key not in DJANGOS_OWN}
        with psycopg.connect(**{**KEEPALIVE, **parameters}, autocommit=True) as listener:
            listener.execute(f"LISTEN {CHANNEL}")
            yield listener

    def _stand_by(self, listener: psycopg.Connection[Any]) -> None:
        while not self.stop.is_set():
            row = listener.execute(LOCK).fetchone()
            if row and row[0]:
                logger.info("dispatcher.works")
                self.next_sweep = self.next_retention = 0.0
                return
            self._beat()
            self.stop.wait(STANDBY_SECONDS)

    def _work(self, listener: psycopg.Connection[Any]) -> None:
        while not self.stop.is_set():
            close_old_connections()
            if time.monotonic() >= self.next_sweep:
                listener.execute("SELECT 1")  # the lock is ours only while this connection lives
                self.sweep()
                self.next_sweep = time.monotonic() + SWEEP_SECONDS
            recompute_dirty(now=clock.now(), limit=DAYS_AT_ONCE)
            self._beat()
            for school in self._named(self._hear(listener)):
                self._deliver(school)

    def _hear(self, listener: psycopg.Connection[Any]) -> set[str]:
        """Return the schemas in which something happened, after a short wait for more."""
        heard = {one.payload for one in listener.notifies(timeout=WAIT_SECONDS, stop_after=1)}
        if heard:
            heard |= {one.payload for one in listener.notifies(timeout=GATHER_SECONDS)}
        return heard

    def _named(self, schemas: set[str]) -> list[SchoolRef | None]:
        """Return the schools of these schemas; one opened a moment ago is looked up anew."""
        known = {school.schema: school for school in list_schools()}
        if schemas - known.keys() - {PUBLIC}:
            forget_schools()
            known = {school.schema: school for school in list_schools()}
        schools: list[SchoolRef | None] = [None] if PUBLIC in schemas else []
        return schools + [known[schema] for schema in sorted(schemas & known.keys())]

    def sweep(self) -> None:
        """Deliver what waits anywhere, mark the quiet schools, hourly delete what is long done."""
        schools: list[SchoolRef | None] = [None, *list_schools()]
        for school in schools:
            self._deliver(school)
        mark_quiet_schools()
        if time.monotonic() >= self.next_retention:
            for school in schools:
                self._do(sweep_delivered, school)
                self._do(sweep_lost_bytes, school)
                self._do(sweep_old_notices, school)
            self.next_retention = time.monotonic() + RETENTION_SECONDS

    def _deliver(self, school: SchoolRef | None) -> None:
        if not self.stop.is_set():
            self._do(deliver_waiting, school)

    def _do(self, work: Work, school: SchoolRef | None) -> None:
        """Work in one schema; its trouble must not stop the others, a lost connection must."""
        with bound_contextvars(school=school.id if school else None):
            try:
                work(school, clock.now())
            except Error:
                if not connections[WEB].is_usable():
                    raise
                logger.exception("dispatcher.school_failed")

    def _beat(self) -> None:
        if self.heartbeat is not None:
            self.heartbeat.touch()
