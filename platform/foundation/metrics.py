"""Numbers of the running processes for Prometheus: how many, how long, how busy; never who.

A process counts in memory and leaves a note in a folder that all processes of the machine share;
whoever is asked reads all notes. Every series bears its process, so a restart is a restart and no
jump. Labels are names of routes, states and lines: nothing a person typed (docs/adr/0015).
"""

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NOTE_SECONDS = 2.0
FORGET_SECONDS = 600.0  # the last word of a process that ended is read by then
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # the last one: NFR-001

Labels = tuple[tuple[str, str], ...]
Series = tuple[str, Labels]
Gauge = Callable[[], Iterable[tuple[dict[str, str], float]]]


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: its kind for Prometheus and what it means."""

    kind: str
    help: str


FAMILIES: dict[str, Family] = {
    "okrug_requests_total": Family("counter", "Answers by route and class of status."),
    "okrug_request_seconds": Family("histogram", "Server time of an answer by part of the portal."),
    "okrug_refused_total": Family("counter", "Requests refused at the reception, by line."),
    "okrug_desks": Family("gauge", "Desks of a process."),
    "okrug_desks_busy": Family("gauge", "Desks at work."),
    "okrug_line_waiting": Family("gauge", "Requests that wait, by line."),
    "okrug_tasks_total": Family("counter", "Background tasks by name and end."),
    "okrug_schools": Family("gauge", "Schools at work."),
    "okrug_schools_behind": Family("gauge", "Schools that are not at the head of the code."),
    "okrug_outbox_oldest_seconds": Family("gauge", "How long the oldest event has waited."),
    "okrug_dispatcher_at_work": Family("gauge", "1 while somebody delivers events."),
    "okrug_broker_up": Family("gauge", "1 while the broker takes connections."),
    "okrug_backup_age_seconds": Family("gauge", "Age of the newest good base backup."),
    "okrug_disk_free_ratio": Family("gauge", "Free share of the disk with files."),
    "okrug_database_connections": Family("gauge", "Connections to the database."),
    "okrug_database_connections_limit": Family("gauge", "Connections the server allows."),
    "okrug_probe_age_seconds": Family("gauge", "Since the last sample of availability."),
    "okrug_up": Family("gauge", "1 while the database answers."),
}


class _Book:
    """What this process has counted."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counted: dict[Series, float] = {}
        self.gauges: dict[str, Gauge] = {}
        self.noted_at = 0.0

    def forget(self) -> None:
        """Begin anew: a forked child must not repeat its parent's numbers."""
        self.lock = threading.Lock()
        self.counted = {}
        self.noted_at = 0.0


_book = _Book()
os.register_at_fork(after_in_child=_book.forget)


def count(name: str, number: float = 1, **labels: str) -> None:
    """Add to a counter."""
    _add([((name, tuple(sorted(labels.items()))), number)])


def observe(name: str, seconds: float, **labels: str) -> None:
    """Add a duration to a histogram."""
    own = tuple(sorted(labels.items()))
    changes = [((f"{name}_sum", own), seconds), ((f"{name}_count", own), 1.0)]
    changes += [
        ((f"{name}_bucket", (*own, ("le", str(edge)))), 1.0) for edge in BUCKETS if seconds <= edge
    ]
    changes.append(((f"{name}_bucket", (*own, ("le", "+Inf"))), 1.0))
    _add(changes)


def watch(name: str, gauge: Gauge) -> None:
    """Let a gauge be read whenever this process leaves a note."""
    _book.gauges[name] = gauge


def _add(changes: list[tuple[Series, float]]) -> None:
    with _book.lock:
        for series, number in changes:
            _book.counted[series] = _book.counted.get(series, 0.0) + number
    if time.monotonic() - _book.noted_at > NOTE_SECONDS:
        leave_note()


def _own() -> dict[Series, float]:
    """Return what this process has counted and what its gauges show."""
    with _book.lock:
        found = dict(_book.counted)
    for name, gauge in _book.gauges.items():
        found |= {(name, tuple(sorted(labels.items()))): value for labels, value in gauge()}
    return found


def leave_note() -> None:
    """Write this process's numbers where the others find them; without a folder, do nothing."""
    _book.noted_at = time.monotonic()
    lines = [[name, labels, value] for (name, labels), value in _own().items()]
    target = _note_path()
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{threading.get_ident()}")
        draft.write_text(json.dumps(lines), encoding="utf-8")
        draft.replace(target)


def _note_path() -> Path:
    return Path(settings.METRICS_FOLDER) / f"{_process()}.json"


def _process() -> str:
    return f"{os.uname().nodename}-{os.getpid()}"


def read_notes() -> dict[Series, float]:
    """Return the series of every process of the folder, this one's fresh."""
    leave_note()
    own = (("process", _process()),)
    present = _written_at(_note_path())  # by the clock of the folder itself
    found: dict[Series, float] = {(name, labels + own): n for (name, labels), n in _own().items()}
    for path in sorted(Path(settings.METRICS_FOLDER).glob("*.json")):
        if path.stem == _process() or _is_forgotten(path, present):
            continue
        with contextlib.suppress(OSError, ValueError):
            for name, labels, value in json.loads(path.read_text(encoding="utf-8")):
                told = tuple((str(key), str(word)) for key, word in labels)
                found[name, (*told, ("process", path.stem))] = value
    return found


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _is_forgotten(path: Path, present: float) -> bool:
    """Drop the note of a process that ended a while ago."""
    try:
        if present - path.stat().st_mtime < FORGET_SECONDS:
            return False
        host, _, pid = path.stem.rpartition("-")
        if host == os.uname().nodename and Path(f"/proc/{pid}").exists():
            return False
        path.unlink()
    except OSError:
        return True
    return True


def render(series: Mapping[Series, float]) -> str:
    """Return the text Prometheus reads, a family after another."""
    lines: list[str] = []
    for family, about in FAMILIES.items():
        own = sorted(one for one in series if _family_of(one[0]) == family)
        if own:
            lines += [f"# HELP {family} {about.help}", f"# TYPE {family} {about.kind}"]
            lines += [f"{name}{_braced(labels)} {series[name, labels]:g}" for name, labels in own]
    return "\n".join(lines) + "\n"


def _family_of(name: str) -> str:
    for suffix in ("_bucket", "_sum", "_count"):
        if name.endswith(suffix) and name.removesuffix(suffix) in FAMILIES:
            return name.removesuffix(suffix)
    return name


def _braced(labels: Labels) -> str:
    return "{" + ",".join(f'{key}="{_plain(word)}"' for key, word in labels) + "}" if labels else ""


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


class MetricsMiddleware:
    """Count every answer by the name of its route, never by its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = (match.view_name if match else "") or "none"
        count("okrug_requests_total", route=route, status=f"{response.status_code // 100}xx")
        observe("okrug_request_seconds", time.perf_counter() - began, part=route.partition(":")[0])
        return response
