"""A product of its own to be broken: PostgreSQL with fsync and an archive in two places, processes.

Everything lies in one folder; the processes are those of `make run`, kept by its supervisor.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from infra.backup.wal import archive_settings
from infra.local.bootstrap import DatabaseUrls, prepare_database
from infra.local.environment import Wishes, product_environment
from infra.local.errors import CannotStart
from infra.local.paths import ROOT, make_socket_directory
from infra.local.postgres import Postgres
from infra.local.processes import last_lines
from infra.local.run import children
from infra.local.supervisor import Child, Supervisor
from infra.local.valkey import Valkey
from tests.browser.stack import free_port

TODAY = "2026-11-20"
PATIENCE_SECONDS = 90


@dataclass
class Stand:
    """The servers and the environment of one product; `port` is of its web."""

    home: Path
    port: int = field(default_factory=free_port)
    urls: DatabaseUrls | None = None

    def __post_init__(self) -> None:
        self.places = [self.home / "place-a", self.home / "place-b"]
        self.postgres = self.postgres_in(self.home / "data")
        self.valkey = Valkey(
            self.home / "valkey", self._sockets("mq"), log=self.home / "log" / "valkey.log"
        )

    def postgres_in(self, data: Path) -> Postgres:
        """Return the launcher of a cluster of this stand."""
        settings = archive_settings(self.places) | {"shared_buffers": "64MB"}
        return Postgres(
            data, self._sockets("db"), log=self.home / "log" / "postgres.log", settings=settings
        )

    def _sockets(self, name: str) -> Path:
        return make_socket_directory(name, self.home)

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of the product's processes and of `infra.backup`."""
        assert self.urls is not None
        given = dict(os.environ) | {
            "DATABASE_URL": self.urls.web,
            "DATABASE_ADMIN_URL": self.urls.admin,
            "OKRUG_BACKUP_URL": self.urls.backup,
            "OKRUG_BACKUP_PLACES": ":".join(map(str, self.places)),
            "OKRUG_BACKUP_SCRATCH": str(self.home / "scratch"),
            "OKRUG_BACKUP_BY": "учения",
            "OKRUG_FILES": str(self.home / "files"),
            "OKRUG_TODAY": TODAY,
            "BROKER_URL": self.valkey.broker_url,
        }
        return product_environment(given, self.home)

    def pass_through(self, folder: Path) -> None:
        """Let the product reach its database through another socket."""
        assert self.urls is not None
        old, new = quote(str(self.postgres.socket_dir)), quote(str(folder))
        self.urls = replace(
            self.urls,
            web=self.urls.web.replace(old, new),
            admin=self.urls.admin.replace(old, new),
        )

    def run(self, *arguments: str, given: str | None = None) -> str:
        """Run a program of the project and return what it prints; raise `RuntimeError`."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr[-3000:]}")
        return done.stdout

    def backup(self, *arguments: str) -> str:
        """Run `python -m infra.backup`."""
        return self.run("-m", "infra.backup", *arguments)

    @property
    def url(self) -> str:
        """Return the address of the portal."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def open_stand(home: Path, data: str) -> Iterator[tuple[Stand, str]]:
    """Make a stand anew in a folder, filled by the program `data`; yield it and what that printed.

    Everything is stopped and removed at the end.
    """
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    stand = Stand(home)
    try:
        stand.postgres.ensure_started(die_with_parent=_is_main())
        stand.urls = prepare_database(stand.postgres)
        (home / "files").mkdir()
        (home / "scratch").mkdir()
        stand.backup("init")
        yield stand, stand.run("-m", data)
    finally:
        stand.postgres.stop()
        stand.valkey.stop()
        shutil.rmtree(home, ignore_errors=True)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def serve(stand: Stand, names: tuple[str, ...] = ("web", "outbox")) -> Iterator[Supervisor]:
    """Keep the named processes up, as `make run` does; yield when the portal is ready."""
    environment = stand.environment
    wishes = Wishes("127.0.0.1", stand.port, "", "", "")
    wanted = [child for child in children(wishes, environment) if child.name in names]
    supervisor = Supervisor(
        [_log_here(child, stand) for child in wanted],
        run=stand.home / "run",
        say=lambda words: None,
        servers={"База данных": stand.postgres},
        longest_pause=1.0,
    )
    supervisor.start()
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(supervisor, over), daemon=True)
    try:
        wait_until_ready(stand)
        keeper.start()
        yield supervisor
    finally:
        over.set()
        if keeper.is_alive():
            keeper.join(30)
        supervisor.stop()


def _log_here(child: Child, stand: Stand) -> Child:
    return replace(child, log=stand.home / "log" / f"{child.name}.log")


def _keep(supervisor: Supervisor, over: threading.Event) -> None:
    """Look after the processes until told to stop; a database that starts is waited for."""
    while not over.wait(0.1):
        with contextlib.suppress(CannotStart):
            supervisor.look_after()


def wait_until_ready(stand: Stand) -> None:
    """Return when the portal takes requests; raise `TimeoutError` with the end of its log."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{stand.url}/health/ready", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError("\n".join(last_lines(stand.home / "log" / "web.log", 20)))
