"""`make run`: bring the whole product up on this machine, keep it up, take it down.

Exit codes: 0 after Ctrl-C or SIGTERM, 1 when a step failed, 2 when something outside is in the way.
"""

import contextlib
import fcntl
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from infra.local import processes
from infra.local.bootstrap import prepare_database
from infra.local.environment import (
    WILDCARDS,
    Wishes,
    embedded_postgres,
    embedded_valkey,
    product_environment,
    read_wishes,
)
from infra.local.errors import CannotStart
from infra.local.paths import LOCAL, ROOT
from infra.local.progress import MARK, Progress, seconds, table
from infra.local.refusals import (
    refuse_dead_broker,
    refuse_dead_database,
    refuse_foreign_folder,
    refuse_occupied_port,
)
from infra.local.supervisor import Child, Server, Supervisor, end_leftovers

READY_SECONDS = 90
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:")
RUN = LOCAL / "run"
LOGS = LOCAL / "log"
ACCOUNTS = RUN / "demo_accounts.json"


class Stopped(BaseException):
    """A person asked to stop. Not an `Exception`: no handler on the way may swallow it."""


class StepFailed(Exception):
    """A management command of the start failed; its words lie in the log."""


class Stop:
    """The first signal interrupts the work, every later one only says that somebody waits."""

    def __init__(self) -> None:
        self.count = 0
        self.is_stopping = False

    def __call__(self, signal_number: int, frame: FrameType | None) -> None:
        self.count += 1
        if not self.is_stopping:
            self.is_stopping = True
            raise Stopped

    def is_impatient(self) -> bool:
        return self.count > 1


def main() -> int:
    """Run until asked to stop; return the exit code."""
    _speak_utf8()
    stop = Stop()
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_number, stop)
    if "MAKELEVEL" in os.environ:  # `make` itself may be killed with -9
        processes.die_with_parent(signal.SIGTERM, os.getppid())
    progress = Progress()
    try:
        wishes = read_wishes(os.environ)
        with _only_one():
            return _run(wishes, progress, stop)
    except Stopped:
        return 0
    except CannotStart as refusal:
        progress.say(refusal.sentence)
        return 2


def _run(wishes: Wishes, progress: Progress, stop: Stop) -> int:
    began = time.monotonic()
    end_leftovers(RUN, ROOT)
    refuse_occupied_port(wishes.host, wishes.port)
    servers: dict[str, Server] = {}
    supervisor: Supervisor | None = None
    try:
        progress.say("Округ запускается.")
        _start_servers(wishes, progress, servers)
        environment = product_environment()
        _prepare(environment, progress)
        progress.begin("Портал")
        supervisor = Supervisor(
            children(wishes, environment), run=RUN, say=progress.say, servers=servers
        )
        supervisor.start()
        _wait_until_ready(wishes, supervisor)
        progress.done()
        _welcome(wishes, progress, time.monotonic() - began)
        while True:
            supervisor.look_after()
            time.sleep(0.2)
    except Stopped:
        progress.say("\nОстанавливаю…")
        return 0
    except StepFailed as failure:
        progress.say(str(failure))
        return 1
    finally:
        stop.is_stopping = True
        if supervisor is not None:
            supervisor.stop(stop.is_impatient)
        for server in servers.values():
            server.stop()
        if supervisor is not None:
            progress.say("Остановлено.")


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Hold this repository's lock; raises `CannotStart` when another `make run` has it."""
    refuse_foreign_folder(LOCAL)
    RUN.mkdir(parents=True, exist_ok=True)
    with (RUN / "okrug.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"Округ из этой папки уже запущен (процесс {lock.read().strip()}): "
                "остановите его Ctrl-C или откройте то, что уже работает."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _start_servers(wishes: Wishes, progress: Progress, servers: dict[str, Server]) -> None:
    """Start what was not given, check what was."""
    if wishes.database_url:
        progress.begin("Проверка базы данных")
        refuse_dead_database("DATABASE_URL", wishes.database_url)
        refuse_dead_database("DATABASE_ADMIN_URL", wishes.database_admin_url)
    else:
        progress.begin("База данных")
        postgres = embedded_postgres()
        postgres.stop()  # we hold the lock: one that still runs has lost its supervisor
        servers["База данных"] = postgres
        postgres.ensure_started(die_with_parent=True)
        prepare_database(postgres)
    if wishes.broker_url:
        progress.begin("Проверка очереди")
        refuse_dead_broker(wishes.broker_url)
    else:
        progress.begin("Очередь")
        valkey = embedded_valkey()
        valkey.stop()
        servers["Очередь"] = valkey
        valkey.ensure_started(die_with_parent=True)


def _prepare(environment: Mapping[str, str], progress: Progress) -> None:
    """Run the management commands of `infra.local.prepare`, showing their words."""
    LOGS.mkdir(parents=True, exist_ok=True)
    progress.begin("Загрузка программы")
    log = LOGS / "prepare.log"
    process = processes.spawn(
        [sys.executable, "-m", "infra.local.prepare", str(ACCOUNTS)],
        log=subprocess.PIPE,
        cwd=ROOT,
        environment=environment,
        death_signal=signal.SIGTERM,
    )
    try:
        _relay(process, log, progress)
    except BaseException:
        processes.end_group(process.pid, grace=3)
        raise
    finally:
        assert process.stdout is not None
        process.stdout.close()
    if process.wait() != 0:
        words = "\n".join(f"    {line}" for line in processes.last_lines(log, 15))
        raise StepFailed(f"Не получилось: {progress.title}. Конец {log}:\n{words}")


def _relay(process: "subprocess.Popen[bytes]", log: Path, progress: Progress) -> None:
    assert process.stdout is not None
    with log.open("w", encoding="utf-8") as kept:
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            kept.write(line.replace(MARK, "== ") + "\n")
            if line.startswith(MARK):
                progress.begin(line.removeprefix(MARK))
            elif line and not _is_log_line(line):
                progress.note(line)


def _is_log_line(line: str) -> bool:
    """Return whether the line is the logging's or a traceback's, kept for the log file only."""
    return line.startswith((" ", "Traceback")) or bool(LOG_LINE.match(line))


def children(wishes: Wishes, environment: Mapping[str, str]) -> list[Child]:
    """Return the processes of the product."""
    web = {key: value for key, value in environment.items() if key != "DATABASE_ADMIN_URL"}

    def child(name: str, title: str, *arguments: str, env: Mapping[str, str]) -> Child:
        words = (sys.executable, "-m", "config", name, *arguments)
        return Child(name, title, words, env, cwd=ROOT, log=LOGS / f"{name}.log")

    here = _reachable(wishes.host)
    here = f"[{here}]" if ":" in here else here
    probe = {
        "OKRUG_PROBE_URL": environment.get("OKRUG_PROBE_URL") or f"http://{here}:{wishes.port}"
    }
    address = ("--host", wishes.host, "--port", str(wishes.port))
    schedule = ("--schedule", str(LOCAL / "beat-schedule"))
    return [
        child("web", "Портал", *address, env=web),
        child("worker", "Исполнитель задач", env=environment),
        child("beat", "Расписание", *schedule, env=environment),
        child("outbox", "Рассылка событий", env={**environment, **probe}),
    ]


def _wait_until_ready(wishes: Wishes, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    answer = "нет ответа"
    while time.monotonic() < deadline:
        supervisor.look_after()
        if supervisor.crashes("web") > 2:
            break
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, answer = _ask_ready(wishes)
            if status == 200:
                return
        time.sleep(0.25)
    words = "\n".join(f"    {line}" for line in processes.last_lines(LOGS / "web.log", 15))
    raise StepFailed(
        f"Портал не поднялся. /health/ready: {answer}\nКонец {LOGS / 'web.log'}:\n{words}"
    )


def _ask_ready(wishes: Wishes) -> tuple[int, str]:
    connection = http.client.HTTPConnection(_reachable(wishes.host), wishes.port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", "/health/ready")
        response = connection.getresponse()
        return response.status, f"{response.status} {response.read(300).decode('utf-8', 'replace')}"


def _reachable(host: str) -> str:
    return ("::1" if ":" in host else "127.0.0.1") if host in WILDCARDS else host


def _welcome(wishes: Wishes, progress: Progress, length: float) -> None:
    host = _reachable(wishes.host)
    progress.say(f"\nГотово за {seconds(length)}.")
    progress.say(f"\n  http://{f'[{host}]' if ':' in host else host}:{wishes.port}/\n")
    if ACCOUNTS.exists():
        for line in table(json.loads(ACCOUNTS.read_text(encoding="utf-8"))):
            progress.say(f"  {line}")
    progress.say(f"\nЖурналы работы: {LOGS}. Остановить: Ctrl-C.")


if __name__ == "__main__":
    sys.exit(main())
