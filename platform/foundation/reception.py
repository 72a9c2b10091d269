"""The reception in front of the portal: a few desks work, the others wait by urgency, or come back.

Every process of the web has as many desks as it can keep busy. A request takes a free desk at once;
when there is none it waits in the line of its urgency, the most urgent line first. Whoever would
wait too long, or finds the line full, hears 503 with `Retry-After` at once and costs next to
nothing: so a rush of readers never stands in the way of those who write (goals.md, F19).

A desk owns its database connections and lends them to the thread that works at it: there are as
many connections as desks, however many threads of the server wait.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.db import connections

from foundation import metrics

Environ = Mapping[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Any, Any], Iterable[bytes]]
Desk = dict[str, Any]  # alias of a database → its connection


class Urgency(IntEnum):
    """Who goes first when not everybody can."""

    AT_ONCE = 0
    SOON = 1
    LATER = 2


@dataclass(frozen=True, slots=True)
class Line:
    """How many may wait, how long, and how many desks they leave free for more urgent ones."""

    places: int
    seconds: float
    leaves_free: int = 0


@dataclass(slots=True, eq=False)
class _Ticket:
    """Someone's place in a line."""

    called: threading.Event = field(default_factory=threading.Event)
    desk: Desk | None = None


class Reception:
    """A WSGI application around another; `urgency_of` answers None for what needs no desk."""

    def __init__(
        self,
        application: Application,
        *,
        desks: int,
        lines: Mapping[Urgency, Line],
        urgency_of: Callable[[Environ], Urgency | None],
        refuse: Application,
    ) -> None:
        self.application = application
        self.urgency_of = urgency_of
        self.refuse = refuse
        self.lines = dict(sorted(lines.items()))
        self._waiting: dict[Urgency, deque[_Ticket]] = {one: deque() for one in self.lines}
        self._free: list[Desk] = [{} for _ in range(desks)]
        self._lock = threading.Lock()
        self._desks = desks
        metrics.watch("okrug_desks", lambda: [({}, self._desks)])
        metrics.watch("okrug_desks_busy", lambda: [({}, self._desks - len(self._free))])
        metrics.watch("okrug_line_waiting", self._count_waiting)

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Answer, or refuse; the body comes whole, which the server sends in one piece."""
        urgency = self.urgency_of(environ)
        if urgency is None:
            return self._serve_aside(environ, start_response)
        desk = self._take_desk(urgency)
        if desk is None:
            metrics.count("okrug_refused_total", line=urgency.name.lower())
            return _whole(self.refuse(environ, start_response))
        try:
            return self._serve(desk, environ, start_response)
        finally:
            self._give_back(desk)

    def _count_waiting(self) -> list[tuple[dict[str, str], float]]:
        return [({"line": one.name.lower()}, len(queue)) for one, queue in self._waiting.items()]

    def _take_desk(self, urgency: Urgency) -> Desk | None:
        line, waiting = self.lines[urgency], self._waiting[urgency]
        with self._lock:
            if len(self._free) > line.leaves_free:
                return self._free.pop()
            if len(waiting) >= line.places:
                return None
            ticket = _Ticket()
            waiting.append(ticket)
        if not ticket.called.wait(line.seconds):
            with self._lock:
                if ticket.desk is None:
                    waiting.remove(ticket)
        return ticket.desk

    def _give_back(self, desk: Desk) -> None:
        with self._lock:
            self._free.append(desk)
            for urgency, line in self.lines.items():
                waiting = self._waiting[urgency]
                while waiting and len(self._free) > line.leaves_free:
                    ticket = waiting.popleft()
                    ticket.desk = self._free.pop()
                    ticket.called.set()

    def _serve(self, desk: Desk, environ: Environ, start_response: StartResponse) -> list[bytes]:
        for alias, connection in desk.items():
            connections[alias] = connection
        try:
            return _whole(self.application(environ, start_response))
        finally:
            for connection in connections.all(initialized_only=True):
                if connection.alias not in desk:
                    connection.inc_thread_sharing()
                    desk[connection.alias] = connection
                del connections[connection.alias]

    def _serve_aside(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        try:
            return _whole(self.application(environ, start_response))
        finally:
            connections.close_all()  # a thread without a desk keeps no connection


def _whole(answer: Iterable[bytes]) -> list[bytes]:
    try:
        return [b"".join(answer)]
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
