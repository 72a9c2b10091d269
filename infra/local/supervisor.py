"""The keeper of the product's processes on one machine: starts, watches, restarts, ends them.

Every child leads a session of its own, so the terminal's Ctrl-C reaches the supervisor alone and a
child is ended with all it spawned. The kernel ends the children of a supervisor killed with -9;
what still slips through is recorded in `<run>/<name>.pid` and ended by the next start.
"""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from infra.local import processes

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # alive that long, a child starts its count of crashes anew
SERVER_CHECK_SECONDS = 2.0


@dataclass(frozen=True)
class Child:
    """A process of the product: `title` is its Russian name for messages."""

    name: str
    title: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    cwd: Path
    log: Path
    stop_signal: int = signal.SIGTERM  # the word by which it is asked to end


class Server(Protocol):
    """A database or broker we started ourselves."""

    def ensure_started(self, *, die_with_parent: bool = False) -> None: ...
    def stop(self) -> None: ...
    def running_pid(self) -> int | None: ...


@dataclass
class _Watched:
    child: Child
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    crashes: int = 0
    due: float = 0.0
    written_before: int = 0  # bytes in the log before this start


class Supervisor:
    """Keeps children alive; the caller runs `look_after()` in a loop and `stop()` in `finally`."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        run: Path,
        say: Callable[[str], None],
        servers: Mapping[str, Server] | None = None,
        grace: float = 10.0,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self.watched = [_Watched(child) for child in children]
        self.servers = dict(servers or {})
        self.run = run
        self.say = say
        self.grace = grace
        self.longest_pause = longest_pause
        self._servers_checked = time.monotonic()

    def start(self) -> None:
        """Start every child."""
        self.run.mkdir(parents=True, exist_ok=True)
        for watched in self.watched:
            self._start(watched)

    def look_after(self) -> None:
        """Note who ended and start again whoever's pause is over; returns at once."""
        self._look_after_servers()
        for watched in self.watched:
            if watched.process is not None and watched.process.poll() is not None:
                self._note_crash(watched)
            if watched.process is None and time.monotonic() >= watched.due:
                self._start(watched)

    def stop(self, is_impatient: Callable[[], bool] = lambda: False) -> None:
        """End all children at once: a word, `grace` seconds (fewer if impatient), then force."""
        self._end(self.watched, is_impatient)

    def renew(self, child: Child) -> None:
        """End the child of this name and start `child` in its place, at once and as no crash.

        Raises `StopIteration` when there is none of this name.
        """
        watched = next(found for found in self.watched if found.child.name == child.name)
        self._end([watched])
        watched.child, watched.crashes = child, 0
        self._start(watched, keep_log=True)

    def crashes(self, name: str) -> int:
        """Return how often in a row the child ended by itself."""
        return next(found.crashes for found in self.watched if found.child.name == name)

    def _end(
        self, watched: Sequence[_Watched], is_impatient: Callable[[], bool] = lambda: False
    ) -> None:
        running = [(one.child, one.process) for one in watched if one.process is not None]
        for child, process in running:
            processes.send(process.pid, child.stop_signal)
        deadline = time.monotonic() + self.grace
        while any(process.poll() is None for _, process in running):
            if time.monotonic() > deadline or is_impatient():
                break
            time.sleep(0.05)
        for _, process in running:
            processes.send_to_group(process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
        for one in watched:
            one.process = None
            self._record(one.child).unlink(missing_ok=True)

    def _start(self, watched: _Watched, *, keep_log: bool = False) -> None:
        child = watched.child
        child.log.parent.mkdir(parents=True, exist_ok=True)
        with child.log.open("ab" if watched.crashes or keep_log else "wb") as log:
            watched.written_before = log.tell()
            watched.process = processes.spawn(
                child.arguments,
                log=log,
                cwd=child.cwd,
                environment=child.environment,
                death_signal=signal.SIGTERM,
            )
        watched.started = time.monotonic()
        pid = watched.process.pid
        self._record(child).write_text(f"{pid}\n{processes.started_at(pid)}\n", encoding="ascii")

    def _note_crash(self, watched: _Watched) -> None:
        assert watched.process is not None
        code = watched.process.returncode
        processes.send_to_group(watched.process.pid, signal.SIGKILL)  # workers of a dead master
        watched.process = None
        if time.monotonic() - watched.started > STEADY_SECONDS:
            watched.crashes = 0
        pause = min(FIRST_PAUSE * 2**watched.crashes, self.longest_pause)
        watched.crashes += 1
        watched.due = time.monotonic() + pause
        child = watched.child
        self.say(f"{child.title}: процесс завершился ({_reason(code)}), новый через {pause:.0f} с.")
        self.say(f"Последние строки {child.log}:")
        for line in processes.last_lines(child.log, 15, watched.written_before):
            self.say(f"    {line}")

    def _look_after_servers(self) -> None:
        if time.monotonic() - self._servers_checked < SERVER_CHECK_SECONDS:
            return
        for title, server in self.servers.items():
            if server.running_pid() is None:
                self.say(f"{title}: сервер завершился, запускаю снова.")
                server.ensure_started(die_with_parent=True)
        self._servers_checked = time.monotonic()

    def _record(self, child: Child) -> Path:
        return self.run / f"{child.name}.pid"


def end_leftovers(run: Path, home: Path, grace: float = 5.0) -> list[str]:
    """End what a killed supervisor left behind, by its records in `run`; return the names.

    A record counts only when the process is the very one that was started (same id and start
    tick), or when the leader is gone and a member of its session still stands inside `home`.
    """
    ended = []
    for record in sorted(run.glob("*.pid")):
        pid, tick = _read_record(record)
        if pid is not None and _is_left_over(pid, tick, home):
            processes.end_group(pid, grace=grace)
            for member in processes.session_members(pid):
                processes.send(member, signal.SIGKILL)
                processes.wait_until_gone(member, 5)
            ended.append(record.stem)
        record.unlink(missing_ok=True)
    return ended


def _read_record(record: Path) -> tuple[int | None, str]:
    lines = record.read_text(encoding="ascii", errors="replace").split()
    if len(lines) != 2 or not lines[0].isdecimal():
        return None, ""
    return int(lines[0]), lines[1]


def _is_left_over(pid: int, tick: str, home: Path) -> bool:
    if processes.is_running(pid):
        return processes.started_at(pid) == tick and processes.command_line(pid) != ""
    members = processes.session_members(pid)
    places = [processes.working_directory(member) for member in members]
    return any(place is not None and place.is_relative_to(home) for place in places)


def _reason(code: int) -> str:
    return f"код {code}" if code >= 0 else f"сигнал {-code}"
