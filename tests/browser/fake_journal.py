"""A journal's server without Django: the JSON of the grid, with conflicts, delays and broken connections.

It keeps the promises of the real doors (versions, idempotency keys, refusals) over plain dictionaries, so
that the browser tests of the grid are about the grid alone. `python -m tests.browser.fake_journal` shows it.
"""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

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
    "Абрамов Агафонова Алёшин Белкина Беляев Воронова Гаврилов Дементьева Дроздов Егорова Ёлкин Жукова "
    "Зайцев Ильина Калинин Константинопольская Крылов Лаптева Макаров Никитина Орлов Панкратова Рябов Савельева "
    "Сомов Тарасова Уваров Фомина Хохлов Щербакова Юдин Яковлева Ярцев Яшина Ящук"
).split()
MEN = "Глеб Артём Иван Максимилиан Тимур Фёдор Лев".split()
WOMEN = "Анна Вера Дарья Полина Ксения Таисия Ева".split()


def pupil_name(place: int) -> str:
    """Return a made-up name; the surnames are already in the alphabet's order."""
    surname = SURNAMES[place % len(SURNAMES)]
    names = WOMEN if surname.endswith("а") or surname.endswith("ая") else MEN
    return f"{surname} {names[place % len(names)]}"


def average(marks: list[int]) -> str:
    """Return «4.25», or "" without marks."""
    if not marks:
        return ""
    mean = Decimal(sum(marks)) / len(marks)
    return str(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


@dataclass
class FakeJournal:
    """The state of one journal and of the road to it; tests turn its knobs while the browser works."""

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
        return next(
            lesson["id"] for lesson in self.lessons if lesson["date"] == TODAY.isoformat()
        )

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
    """Return the page around the grid, as shell/base.html and teacher/journal.html make it."""
    styles = "".join(
        f'<link rel="stylesheet" href="/static/{name}.css">'
        for name in (
            *(f"shell/css/{part}" for part in ("tokens", "base", "layout", "components", "print")),
            "teacher/css/journal",
        )
    )
    modules = "".join(
        f'<link rel="modulepreload" href="/static/teacher/js/journal/{file.name}">'
        for file in sorted((PORTAL / "teacher/static/teacher/js/journal").glob("*.js"))
    )
    terms = "".join(
        f'<li><a class="chip" href="#"{" aria-current=page" if number == 2 else ""}>'
        f"{number} четверть</a></li>"
        for number in range(1, 5)
    )
    sections = "".join(
        f'<li><a class="nav-link" href="#"{" aria-current=page" if current else ""}>'
        f"<span>{name}</span></a></li>"
        for name, current in (("Мой день", False), ("Журналы", True), ("Сообщения", False))
    )
    return f"""<!doctype html>
<html lang="ru" data-theme="{escape(theme)}" data-size="{escape(size)}" data-spacing="normal"
  data-pictures="on"><head><meta charset="utf-8"><title>7А, Алгебра: журнал</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/shell/mark.svg" type="image/svg+xml">{styles}{modules}
<link rel="preload" href="/cells.json" as="fetch" crossorigin>
<script type="module" src="/static/shell/js/shell.js"></script>
<script type="module" src="/static/teacher/js/journal.js"></script></head>
<body><a class="skip" href="#page">К содержанию</a><div class="shell"><div class="frame">
<header class="topbar"><a class="topbar-home" href="/"><span>Заречный городской округ</span></a></header>
<nav class="nav" aria-label="Разделы"><div class="nav-inner"><ul>{sections}</ul></div></nav>
<main class="page page-full page-journal" id="page" tabindex="-1">
<div class="page-head"><div><h1>7А, Алгебра</h1><p class="meta">Петрова О. И.</p></div>
<nav aria-label="Период"><ul class="chips">{terms}</ul></nav>
<div class="journal-tools no-print">
<a class="button button-small" data-journal-lesson href="/lessons/" hidden>Урок</a>
<button type="button" class="button button-small" data-journal="today" hidden>Сегодня</button>
<button type="button" class="button button-small" data-print hidden>Печать</button>
<button type="button" class="button button-small" data-journal="help" hidden>Справка <kbd>?</kbd></button>
</div></div>
<div id="journal" class="journal" data-cells-url="/cells.json" data-save-url="/cells/"
  data-kind-url="/kind/" data-owner="{escape(owner)}" data-csrf="{CSRF}"
  data-label="Журнал: 7А, Алгебра"><p class="journal-wait">Открываем журнал…</p></div>
</main></div></div><div class="toasts" id="toasts" role="status" aria-live="polite"></div></body></html>"""


class Handler(BaseHTTPRequestHandler):
    """HTTP over a FakeJournal."""

    protocol_version = "HTTP/1.1"
    journal: ClassVar[FakeJournal]

    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Give the page, its files and the cells."""
        address = urlsplit(self.path)
        if address.path.startswith("/static/"):
            self._static(address.path.removeprefix("/static/"))
        elif address.path == "/cells.json":
            self._json(200, self.journal.page(), {"Cache-Control": "no-store"})
        elif address.path == "/":
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            self._answer(200, "text/html", page_html(**asked).encode())
        else:
            self._answer(200, "text/html", b"<!doctype html><title>-</title>")

    def do_POST(self) -> None:
        """Take a save, on a road as bad as the test wants it."""
        journal = self.journal
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(journal.delay)
        drop = journal.drops.popleft() if journal.drops else ""
        if drop == "before":
            self._break_off(body)
        elif journal.signed_out or self.headers["X-CSRFToken"] != CSRF:
            self._json(403, {"title": "Нет доступа"})
        elif journal.answers:
            status, headers, problem = journal.answers.popleft()
            self._json(status, problem, headers)
        else:
            answer = journal.save_kind if self.path == "/kind/" else journal.save
            status, result = answer(body)
            if drop == "after":
                self._break_off(None)
            else:
                self._json(status, result)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _break_off(self, body: dict[str, Any] | None) -> None:
        if body is not None:
            self.journal.saves.append(body)
        self.close_connection = True
        self.connection.shutdown(2)

    def _static(self, name: str) -> None:
        app = name.split("/")[0]
        file = PORTAL / app / "static" / name
        if not file.is_file():
            self._answer(404, "text/plain", b"no such file")
            return
        kept = {"Cache-Control": "max-age=60"}
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


def serve(journal: FakeJournal, port: int = 0) -> ThreadingHTTPServer:
    """Start a server for this journal in a thread of its own; `shutdown()` ends it."""
    handler = type("JournalHandler", (Handler,), {"journal": journal})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
