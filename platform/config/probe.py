"""The visitor of every minute: is the portal ready, how long does a page of a school take.

It asks over HTTP as people do, one school in turn, and keeps what it saw (NFR-001…004). It runs
beside the dispatcher, in a thread of its own: several may run, a minute is kept once.
"""

import logging
import time
from itertools import count
from threading import Event, Thread
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connections

from foundation import clock
from foundation.db.door import public_transaction
from foundation.transport.hosts import WayOutIsClosed
from foundation.transport.http import Client, HTTPError, client
from kernel.actor import SchoolRef
from services.upkeep.operations import keep_sample
from tenants.registry.queries import list_schools

logger = logging.getLogger(__name__)
MINUTE = 60
PATIENCE = 10.0


class Prober(Thread):
    """Looks once a minute until `stop` is set."""

    def __init__(self, stop: Event) -> None:
        super().__init__(name="prober", daemon=True)
        self.stop = stop
        self.turns = count()

    def run(self) -> None:
        """Look at the beginning of every minute."""
        while not self.stop.wait(MINUTE - clock.now().second):
            self.look()
        connections.close_all()

    def look(self) -> None:
        """Look once; a database that is away leaves the minute without a sample: an absence."""
        try:
            with client("probe") as http:
                is_ready = self._fetch(http, "/health/ready") is not None
                school = self._next_school()
                taken = self._fetch(http, f"/p/{school.slug}/service/") if school else None
            with public_transaction():
                keep_sample(
                    minute=clock.now(),
                    is_ready=is_ready,
                    school_id=school.id if school else None,
                    is_answered=None if school is None else taken is not None,
                    answer_ms=taken,
                )
        except WayOutIsClosed:
            logger.exception("probe.address_is_not_listed")
        except Error:
            logger.exception("probe.database_lost")
            connections.close_all()

    def _next_school(self) -> SchoolRef | None:
        schools = list_schools()
        return schools[next(self.turns) % len(schools)] if schools else None

    def _fetch(self, http: Client, path: str) -> int | None:
        """Return how many milliseconds an answer took, None when it was none."""
        began = time.perf_counter()
        try:
            answer = http.get(settings.PROBE_URL + path, headers=_headers(), timeout=PATIENCE)
        except HTTPError:
            return None
        return int((time.perf_counter() - began) * 1000) if answer.status_code == 200 else None


def _headers() -> dict[str, str]:
    """Speak as the proxy before the portal does, in the name people know it by."""
    host = urlsplit(settings.PORTAL_URL).netloc
    return {"X-Forwarded-Proto": "https", **({"Host": host} if host else {})}
