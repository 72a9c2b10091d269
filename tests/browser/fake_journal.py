"""A journal's server without Django: the JSON of the grid over plain dictionaries.

It keeps the promises of the real doors (versions, idempotency keys, refusals) and breaks the road
to them on demand, so that the browser tests of the grid are about the grid alone.
"""

import json
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = Path(__file__).with_name("journal_page.html")
PORTAL = Path(__file__).parents[2] / "platform" / "portal"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TODAY = date(2026, 11, 20)
CSRF = "csrf-of-the-page"

CODES: list[dict[str, object]] = [
    {"code": "Н", "title": "отсутствует", "key": "н", "counts_as_absent": True},
    {"code": "УП", "title": "уважительная причина", "key": "у", "counts_as_absent": True},
    {"code": "НП", "title": "без уважительной причины", "key": "п", "counts_as_absent": True},
    {"code": "Б", "title": "болезнь", "key": "б", "counts_as_absent": True},
    {"code": "ОП", "title": "опоздание", "key": "о", "counts_as_absent": False},
]
KINDS: list[dict[str, object]] = [
    {"id": 1, "code": "У", "title": "устный ответ", "weight": "1"},
    {"id": 2, "code": "КР", "title": "контрольная работа", "weight": "2"},
    {"id": 3, "code": "СР", "title": "самостоятельная работа", "weight": "1"},
    {"id": 4, "code": "ДЗ", "title": "домашняя работа", "weight": "1"},
]
SURNAMES = (
    *("Абрамов", "Агафонова", "Алёшин", "Белкина", "Беляев", "Воронова", "Гаврилов"),
    *("Дементьева", "Дроздов", "Егорова", "Ёлкин", "Жукова", "Зайцев", "Ильина", "Калинин"),
    *("Константинопольская", "Крылов", "Лаптева", "Макаров", "Никитина", "Орлов", "Панкратова"),
    *("Рябов", "Савельева", "Сомов", "Тарасова", "Уваров", "Фомина", "Хохлов", "Щербакова"),
    *("Юдин", "Яковлева", "Ярцев", "Яшина", "Ящук"),
)
MEN = ("Глеб", "Артём", "Иван", "Максимилиан", "Тимур", "Фёдор", "Лев")
WOMEN = ("Анна", "Вера", "Дарья", "Полина", "Ксения", "Таисия", "Ева")


def pupil_name(place: int) -> str:
    """Return a made-up name; the surnames are already in the alphabet's order."""
    surname = SURNAMES[place % len(SURNAMES)]
    names = WOMEN if surname.endswith(("а", "ая")) else MEN
    return f"{surname} {names[place % len(names)]}"


def average(marks: list[int]) -> str:
    """Return «4.25», or "" without marks."""
    if not marks:
        return ""
    mean = Decimal(sum(marks)) / len(marks)
    return str(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


@dataclass
class FakeJournal:
    """The state of one journal and of the road to it; tests turn its knobs meanwhile."""

    pupil_count: int = 30
    lesson_count: int = 60
    empty: bool = False
    delay: float = 0.0
    closed: bool = False
    signed_out: bool = False
    drops: deque[str] = field(default_factory=deque)  # "before" or "after" the write, per save
    answers: deque[tuple[int, dict[str, str], dict[str, object]]] = field(default_factory=deque)
    refusals: dict[int, str] = field(default_factory=dict)  # pupil id -> reason
    saves: list[dict[str, Any]] = field(default_factory=list)
    kind_saves: list[dict[str, Any]] = field(default_factory=list)
    loads: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.values: dict[tuple[int, int], tuple[str, int]] = {}
        self.authors: dict[tuple[int, int], tuple[str, str]] = {}
        self.keys: set[str] = set()
        self.revision = 1
        self.pupils: list[dict[str, Any]] = [
            {"id": 100 + place, "name": pupil_name(place), "since": None, "until": None}
            for place in range(self.pupil_count)
        ]
        self.lessons = [self._lesson(place) for place in range(self.lesson_count)]
        if not self.empty:
            self._fill()

    # Places

    @property
    def today_lesson(self) -> int:
        """The id of today's lesson."""
        today = TODAY.isoformat()
        return next(int(lesson["id"]) for lesson in self.lessons if lesson["date"] == today)

    def value(self, lesson: int, row: int) -> str:
        """Return what the server holds for the pupil of this row."""
        return self.values.get((lesson, self.pupils[row]["id"]), ("", 0))[0]

    def column(self, lesson: int) -> list[str]:
        """Return what the server holds in a column, top down."""
        return [self.value(lesson, row) for row in range(len(self.pupils))]

    def put(self, lesson: int, row: int, value: str, by: str = "", at: str = "10:41") -> None:
        """Write a cell as another teacher."""
        with self.lock:
            self._write((lesson, self.pupils[row]["id"]), value, by, at)

    # Doors

    def page(self) -> dict[str, object]:
        """Return cells.json."""
        with self.lock:
            self.loads += 1
            return {
                "term": {"id": 2, "title": "2 четверть", "closed": self.closed},
                "editable": True,
                "today": TODAY.isoformat(),
                "codes": CODES,
                "marks": [5, 4, 3, 2, 1],
                "work_kinds": KINDS,
                "pupils": self.pupils,
                "lessons": self.lessons,
                "cells": [self._cell(*place) for place in self.values],
                "averages": {str(pupil["id"]): self._average(pupil["id"]) for pupil in self.pupils},
            }

    def save(self, body: dict[str, Any]) -> tuple[int, dict[str, object]]:
        """Answer a save of cells; the same key again writes nothing."""
        with self.lock:
            self.saves.append(body)
            if self.closed:
                return 409, {
                    "title": "Период закрыт",
                    "code": "term-is-closed",
                    "detail": "Этот период закрыт 28 октября. "
                    "Попросите завуча открыть исправление.",
                }
            repeat = body["key"] in self.keys
            self.keys.add(body["key"])
            answer = self._save(body, repeat)
            touched = {cell["pupil"] for cell in body["cells"]}
            averages = {str(pupil): self._average(pupil) for pupil in touched}
            return 200, {"repeat": repeat, "saved_at": "10:42", **answer, "averages": averages}

    def save_kind(self, body: dict[str, Any]) -> tuple[int, dict[str, object]]:
        """Answer a choice of the kind of work."""
        with self.lock:
            self.kind_saves.append(body)
            for lesson in self.lessons:
                if lesson["id"] == body["lesson"]:
                    lesson["kind"] = body["kind"]
            return 200, {"repeat": False, "saved_at": "10:42", "kind": body["kind"]}

    # Inside

    def _lesson(self, place: int) -> dict[str, Any]:
        weeks, day = divmod(place, 5)
        first = TODAY - timedelta(weeks=self.lesson_count // 5 - 2, days=4)
        on = first + timedelta(weeks=weeks, days=day)
        return {
            "id": 500 + place,
            "date": on.isoformat(),
            "number": 1 + (place * 3) % 6,
            "kind": None if on > TODAY else (2 if place % 9 == 8 else 1),
            "topic": "" if on > TODAY else "Формулы сокращённого умножения",
            "editable": True,
            "url": f"/lesson/{500 + place}/",
            "state": "planned",
        }

    def _fill(self) -> None:
        for column, lesson in enumerate(self.lessons):
            if lesson["date"] >= TODAY.isoformat():
                continue
            for row, pupil in enumerate(self.pupils):
                dice = (column * 37 + row * 53 + (column * row) // 3 + row // 7) % 23
                value = {0: "Н", 1: "УП", 2: "ОП", 3: "5", 4: "4", 5: "4", 6: "3", 7: "5", 8: "4"}
                value |= {9: "3", 10: "5", 11: "2" if row % 3 else "4", 12: "4 ОП", 13: "Б"}
                if dice in value:
                    self._write((lesson["id"], pupil["id"]), value[dice], "", "")

    def _write(self, place: tuple[int, int], value: str, by: str, at: str) -> None:
        self.revision += 1
        if value:
            self.values[place] = (value, self.revision)
        else:
            self.values.pop(place, None)
        self.authors[place] = (by, at)

    def _save(self, body: dict[str, Any], repeat: bool) -> dict[str, object]:
        cells: list[dict[str, object]] = []
        conflicts: list[dict[str, object]] = []
        refused: list[dict[str, object]] = []
        for cell in body["cells"]:
            place = (body["lesson"], cell["pupil"])
            value, version = self.values.get(place, ("", 0))
            if cell["pupil"] in self.refusals:
                refused.append({"pupil": cell["pupil"], "reason": self.refusals[cell["pupil"]]})
            elif not repeat and cell["seen"] != version:
                by, at = self.authors.get(place, ("", ""))
                conflicts.append(
                    {"pupil": cell["pupil"], "value": value, "version": version, "by": by, "at": at}
                )
            else:
                if not repeat:
                    self._write(place, cell["value"], "Анна", "10:42")
                value, version = self.values.get(place, ("", 0))
                cells.append({"pupil": cell["pupil"], "value": value, "version": version})
        return {"cells": cells, "conflicts": conflicts, "refused": refused}

    def _cell(self, lesson: int, pupil: int) -> list[object]:
        value, version = self.values[lesson, pupil]
        mark, _, code = value.partition(" ") if value[0].isdigit() else ("0", "", value)
        return [lesson - 500, pupil - 100, int(mark), code, version]

    def _average(self, pupil: int) -> str:
        own = [value for (_, who), (value, _) in self.values.items() if who == pupil]
        return average([int(value[0]) for value in own if value[0].isdigit()])


def page_html(theme: str = "light", size: str = "100", owner: str = "7") -> str:
    """Return the page around the grid."""
    modules = "".join(
        f'<link rel="modulepreload" href="/static/teacher/js/journal/{file.name}">'
        for file in sorted((PORTAL / "teacher/static/teacher/js/journal").glob("*.js"))
    )
    values = {"theme": theme, "size": size, "owner": owner, "csrf": CSRF, "modules": modules}
    return Template(PAGE.read_text(encoding="utf-8")).substitute(values)


class Server(ThreadingHTTPServer):
    """One server of many journals, each under its number: files are cached between the tests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.journals: dict[str, FakeJournal] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def add(self, journal: FakeJournal) -> str:
        """Return the address of a journal's page."""
        number = str(len(self.journals) + 1)
        self.journals[number] = journal
        return f"http://127.0.0.1:{self.server_address[1]}/{number}/"

    def close(self) -> None:
        """Stop serving."""
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients go away in the middle of an answer as a matter of course."""


class Handler(BaseHTTPRequestHandler):
    """HTTP over the journals of a server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Give the page, its files and the cells."""
        address = urlsplit(self.path)
        root, _, name = address.path.lstrip("/").partition("/")
        journal = self.server.journals.get(root)
        if root == "static":
            self._static(name)
        elif journal and name == "cells.json":
            self._json(200, journal.page(), {"Cache-Control": "no-store"})
        elif journal and not name:
            asked = {key: values[0] for key, values in parse_qs(address.query).items()}
            self._answer(200, "text/html", page_html(**asked).encode())
        else:
            self._answer(200, "text/html", b"<!doctype html><title>-</title>")

    def do_POST(self) -> None:
        """Take a save, on a road as bad as the test wants it."""
        root, _, name = self.path.lstrip("/").partition("/")
        journal = self.server.journals[root]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(journal.delay)
        drop = journal.drops.popleft() if journal.drops else ""
        if drop == "before":
            journal.saves.append(body)
            self._break_off()
        elif journal.signed_out or self.headers["X-CSRFToken"] != CSRF:
            self._json(403, {"title": "Нет доступа"})
        elif journal.answers:
            journal.saves.append(body)
            status, headers, problem = journal.answers.popleft()
            self._json(status, problem, headers)
        else:
            status, result = (journal.save_kind if name == "kind/" else journal.save)(body)
            if drop == "after":
                self._break_off()
            else:
                self._json(status, result)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _break_off(self) -> None:
        # Half an answer: after none at all Chromium itself repeats the request, unseen by the page
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        self.wfile.write(b"Content-Length: 999\r\n\r\n{")
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _static(self, name: str) -> None:
        app = name.split("/")[0]
        file = PORTAL / app / "static" / name
        if not file.is_file():
            self._answer(404, "text/plain", b"no such file")
            return
        kept = {"Cache-Control": "max-age=600"}
        self._answer(200, TYPES[file.suffix], file.read_bytes(), kept)

    def _json(
        self, status: int, body: dict[str, object], headers: dict[str, str] | None = None
    ) -> None:
        kind = "application/json" if status == 200 else "application/problem+json"
        self._answer(status, kind, json.dumps(body, ensure_ascii=False).encode(), headers)

    def _answer(
        self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
