"""The bench's own servers: PostgreSQL with fsync, granian with the product and the reference.

Everything lies in `.local/bench`; the data are kept between runs until migrations or the load
model change.
"""

import contextlib
import hashlib
import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from infra.local import processes
from infra.local.bootstrap import DatabaseUrls, prepare_database
from infra.local.environment import Wishes, embedded_postgres, product_environment
from infra.local.paths import LOCAL, ROOT
from infra.local.postgres import Postgres
from infra.local.run import children

BENCH = LOCAL / "bench"
START_SECONDS = 60


class ServerDidNotStart(Exception):
    """A server of the bench gave no answer; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Web:
    """A running granian."""

    port: int
    pid: int

    @property
    def workers(self) -> list[int]:
        """Return the processes of the web: granian's own and its workers."""
        return processes.session_members(self.pid)


@dataclass(frozen=True, slots=True)
class Database:
    """The bench's database; `is_filled` says whether it holds this very load."""

    postgres: Postgres
    name: str
    urls: DatabaseUrls
    fingerprint: str

    @property
    def owner_dsn(self) -> str:
        """Return the address of the cluster's owner."""
        return self.postgres.superuser_dsn(self.name)

    @property
    def is_filled(self) -> bool:
        """Return whether an earlier run has filled it with what the code asks for now."""
        return self._note.exists() and self.built["fingerprint"] == self.fingerprint

    @property
    def built(self) -> Mapping[str, str | float]:
        """Return what is noted of the building."""
        noted: dict[str, str | float] = json.loads(self._note.read_text(encoding="utf-8"))
        return noted

    @property
    def _note(self) -> Path:
        return BENCH / f"{self.name}.json"

    def note_filled(self, lasted: float) -> None:
        """Note that the database is whole."""
        noted = {"fingerprint": self.fingerprint, "seconds": round(lasted, 1)}
        self._note.write_text(json.dumps(noted), encoding="utf-8")

    def forget_filled(self) -> None:
        """Let the next run build the database anew."""
        self._note.unlink(missing_ok=True)

    def make_anew(self) -> None:
        """Drop the database with the roles that bear its name and make it empty."""
        self.forget_filled()
        with psycopg.connect(self.postgres.superuser_dsn(), autocommit=True) as owner:
            target = sql.Identifier(self.name)
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))
            query = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)"
            for (role,) in owner.execute(query, [f"{self.name}_"]).fetchall():
                owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
        prepare_database(self.postgres, self.name)


@contextlib.contextmanager
def open_database(name: str) -> Iterator[Database]:
    """Start the cluster, with fsync as in production, and stop it at the end."""
    BENCH.mkdir(parents=True, exist_ok=True)
    postgres = embedded_postgres(BENCH)
    postgres.ensure_started(die_with_parent=True)
    try:
        urls = prepare_database(postgres, name)
        yield Database(postgres, name, urls, _fingerprint(name))
    finally:
        postgres.stop()


def _fingerprint(name: str) -> str:
    """Return a digest of whatever shapes the data: migrations and the load model."""
    digest = hashlib.sha256(name.encode())
    load = Path(__file__).parent / "load"
    migrations = (ROOT / top for top in ("services", "tenants", "platform/foundation"))
    files = [*load.glob("*.py"), *(f for top in migrations for f in top.rglob("migrations/*.py"))]
    for file in sorted(files):
        digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def bench_environment(database: Database, today: str) -> dict[str, str]:
    """Return the variables of `make run`, over the bench's database and on the bench's day."""
    given = dict(os.environ) | {
        "DATABASE_URL": database.urls.web,
        "DATABASE_ADMIN_URL": database.urls.admin,
        "OKRUG_TODAY": today,
    }
    return product_environment(given, BENCH)


@contextlib.contextmanager
def serve(name: str, environment: Mapping[str, str], alive: str) -> Iterator[Web]:
    """Run granian as `make run` does, on a free port; `alive` is a path that answers 200.

    `name` is the log's; which addresses there are is said by the settings of the environment.
    """
    port = _free_port()
    wishes = Wishes("127.0.0.1", port, "", "", "")
    web = next(child for child in children(wishes, environment) if child.name == "web")
    log = BENCH / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = processes.spawn(
            web.arguments,
            log=output,
            cwd=ROOT,
            environment=web.environment,
            death_signal=signal.SIGTERM,
        )
    try:
        _wait_until_alive(port, alive, log)
        yield Web(port, process.pid)
    finally:
        processes.end_group(process.pid, grace=10)
        process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_until_alive(port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            contextlib.closing(connection),
        ):
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise ServerDidNotStart("\n".join(processes.last_lines(log, 20)))
