"""The outside witness: teachers who write over HTTP and remember what the portal acknowledged.

Each writer owns its cells, so what must stand there is known. A save that was not acknowledged is
repeated with its key until it is, as the journal's script does.
"""

import contextlib
import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.browser.stack import PASSWORD
from tests.performance.clients import CSRF, Client, Reply

SCHOOLS = ("alpha", "beta")  # what tests.browser.story_data opens; Anna teaches in both
LESSONS = (1, 2, 3, 4, 5)
PUPILS = range(1, 31)
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, *range(500, 600)}
Cell = tuple[str, int, int]  # school, lesson, pupil


class WrongAnswer(Exception):
    """The portal answered what it must never answer; the message says what."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A save the portal said is kept."""

    cell: Cell
    key: str
    value: str
    version: int
    asked_at: float
    told_at: float  # moments of time.time()
    attempts: int


class Pencil(Client):
    """A browser whose every attempt at a save bears the save's key, in the audit too."""

    def post_json(self, path: str, body: Any) -> Reply:
        """Send a save."""
        headers = {"Content-Type": "application/json", "X-Request-ID": body["key"]}
        return self._ask("POST", path, json.dumps(body).encode(), headers)


@dataclass
class Witness:
    """Writers in threads of their own; `seen` holds every acknowledged save in order."""

    port: int
    writers: int = 4
    schools: tuple[str, ...] = SCHOOLS
    pause: float = 0.0
    seen: list[Acknowledged] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._cookies: dict[str, str] = {}
        self._is_hopeless = False

    def sign_in(self) -> None:
        """Sign Anna in through the door, once for all writers."""
        client = Client(self.port)
        form = {"login": "anna", "password": PASSWORD, "csrfmiddlewaretoken": CSRF, "next": "/"}
        reply = client.post_form("/sign-in/", urlencode(form))
        client.close()
        if reply.status != HTTPStatus.FOUND:
            raise WrongAnswer(f"/sign-in/: {reply.status}")
        self._cookies = dict(client.cookies)

    def start(self) -> None:
        """Let the writers write; each begins at what stands in its cells."""
        self._over.clear()
        cells = [
            (school, lesson, pupil)
            for school in self.schools
            for lesson in LESSONS
            for pupil in PUPILS
        ]
        random.Random(1).shuffle(cells)
        last = {one.cell: one for one in self.seen}
        self._threads = [
            threading.Thread(target=self._write, args=(cells[n :: self.writers], last), daemon=True)
            for n in range(self.writers)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every writer finish the save it is at."""
        self._over.set()
        for thread in self._threads:
            thread.join(120)
        if any(thread.is_alive() for thread in self._threads):
            self.faults.append("сохранение не подтвердили за две минуты")

    def give_up(self) -> None:
        """Let the writers leave what is not acknowledged: the server is gone for good."""
        self._is_hopeless = True
        self.stop()
        self._is_hopeless = False

    @contextlib.contextmanager
    def writing(self) -> Any:
        """Write until the block ends."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def last_told_at(self) -> float:
        """Return when the newest save was acknowledged."""
        return self.seen[-1].told_at if self.seen else 0.0

    def wait_for_save(self, since: float, patience: float) -> float | None:
        """Return when, after `since`, a save asked later was acknowledged; `None`: not in time."""
        while time.time() < since + patience:
            told = [one.told_at for one in self.seen[-50:] if one.asked_at >= since]
            if told:
                return min(told) - since
            time.sleep(0.02)
        return None

    def _write(self, cells: list[Cell], last: dict[Cell, Acknowledged]) -> None:
        client = Pencil(self.port, dict(self._cookies))
        chance = random.Random(cells[0][2])
        try:
            while not self._over.is_set():
                cell = chance.choice(cells)
                known = last.get(cell)
                value = chance.choice([one for one in "2345" if not known or one != known.value])
                saved = self._save(client, cell, value, known.version if known else 0)
                if saved is None:
                    return
                last[cell] = saved
                self.seen.append(saved)
                time.sleep(self.pause)
        except (WrongAnswer, KeyError, ValueError) as error:
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            client.close()

    def _save(self, client: Client, cell: Cell, value: str, seen: int) -> Acknowledged | None:
        school, lesson, pupil = cell
        key = str(uuid.uuid4())
        body = {
            "key": key,
            "lesson": lesson,
            "cells": [{"pupil": pupil, "value": value, "seen": seen}],
        }
        asked_at, attempts = time.time(), 0
        while not self._is_hopeless:
            attempts += 1
            with contextlib.suppress(OSError, http.client.HTTPException):
                reply = client.post_json(f"/s/{school}/journal/cells/", body)
                self.answers[str(reply.status)] += 1
                if reply.status == HTTPStatus.OK:
                    state = reply.json["cells"]
                    if [(one["pupil"], one["value"]) for one in state] != [(pupil, value)]:
                        raise WrongAnswer(f"{cell}: {reply.json}")
                    version = state[0]["version"]
                    return Acknowledged(cell, key, value, version, asked_at, time.time(), attempts)
                if reply.status not in BUSY:
                    raise WrongAnswer(f"{cell}: {reply.status} {reply.body[:300]!r}")
            client.close()
            time.sleep(0.05)
        return None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the database holds against what was acknowledged."""

    acknowledged: int
    lost: list[Acknowledged]
    doubled: list[Acknowledged]
    wrong_cells: list[Cell]
    rows_without_audit: int

    @property
    def is_clean(self) -> bool:
        """Return whether nothing was lost, doubled or written past the audit."""
        return not (self.lost or self.doubled or self.wrong_cells or self.rows_without_audit)


# How often the audit tells of a mark changed by the save of each key: once, and no other number.
TIMES = """
SELECT event.request_key::text, count(audit.id)
FROM {schema}.outbox_outboxevent AS event
LEFT JOIN {schema}.audit_auditrecord AS audit
    ON audit.table_name = 'journal_mark' AND audit.request_id = event.request_key::text
WHERE event.request_key IS NOT NULL GROUP BY event.id
"""
CELLS = "SELECT record_id, pupil_id, value FROM {schema}.journal_mark"
# A row whose newest audit says something else than the row itself.
PAST_AUDIT = """
SELECT count(*) FROM {schema}.journal_mark AS mark
WHERE (
    SELECT (audit.after ->> 'value')::int FROM {schema}.audit_auditrecord AS audit
    WHERE audit.table_name = 'journal_mark' AND audit.row_id = mark.id
    ORDER BY audit.id DESC LIMIT 1
) IS DISTINCT FROM mark.value
"""


def compare(seen: list[Acknowledged], dsn: str, schemas: dict[str, str]) -> Verdict:
    """Compare what was acknowledged with what each school's schema holds."""
    times: dict[str, int] = {}
    cells: dict[Cell, str] = {}
    past_audit = 0
    with psycopg.connect(dsn) as connection:
        for school, schema in schemas.items():
            times |= dict(connection.execute(TIMES.format(schema=schema).encode()).fetchall())
            for lesson, pupil, value in connection.execute(CELLS.format(schema=schema).encode()):
                cells[school, lesson, pupil] = str(value)
            row = connection.execute(PAST_AUDIT.format(schema=schema).encode()).fetchone()
            past_audit += row[0] if row else 0
    mine = [one for one in seen if one.cell[0] in schemas]
    last = {one.cell: one for one in mine}
    return Verdict(
        acknowledged=len(mine),
        lost=[one for one in mine if times.get(one.key, 0) == 0],
        doubled=[one for one in mine if times.get(one.key, 0) > 1],
        wrong_cells=[cell for cell, one in last.items() if cells.get(cell) != one.value],
        rows_without_audit=past_audit,
    )
