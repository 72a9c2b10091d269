"""Beyond capacity: writers go first, readers are told at once to come back, desks are few."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import connections

from config.capacity import DESKS, THREADS
from config.capacity import LINES as LINES_OF_A_PROCESS
from config.reception import refuse, urgency_of
from foundation.reception import Line, Reception, Urgency

LINES = {
    Urgency.AT_ONCE: Line(places=4, seconds=5.0),
    Urgency.SOON: Line(places=4, seconds=5.0),
    Urgency.LATER: Line(places=2, seconds=5.0, leaves_free=1),
}
PATIENCE = 5.0


class Office:
    """An application whose work lasts until the test lets it end."""

    def __init__(self, *, desks: int, lines: dict[Urgency, Line] = LINES) -> None:
        self.entered: list[str] = []
        self.statuses: dict[str, str] = {}
        self.may_end = {one: threading.Event() for one in "abcdefgh"}
        self.reception = Reception(
            self._work,
            desks=desks,
            lines=lines,
            urgency_of=lambda environ: environ["urgency"],
            refuse=refuse,
        )
        self.threads: list[threading.Thread] = []

    def _work(self, environ, start_response):
        self.entered.append(environ["name"])
        assert self.may_end[environ["name"]].wait(PATIENCE)
        start_response("200 OK", [])
        return [b"done"]

    def come(self, name: str, urgency: Urgency) -> None:
        """Let somebody come; return when he works, waits or is refused."""
        environ = {"name": name, "urgency": urgency}

        def run() -> None:
            self.reception(environ, lambda status, _: self.statuses.update({name: status}))

        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()
        time.sleep(0.05)

    def end(self, *names: str) -> None:
        """Let these finish, one after another."""
        for name in names:
            self.may_end[name].set()
            wait_until(partial(self.statuses.__contains__, name))
            time.sleep(0.05)

    def close(self) -> None:
        """Let everybody go."""
        for event in self.may_end.values():
            event.set()
        for thread in self.threads:
            thread.join(PATIENCE)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def office() -> Iterator[Office]:
    one = Office(desks=2)
    yield one
    one.close()


def test_writer_goes_before_readers_who_came_earlier(office):
    office.come("a", Urgency.AT_ONCE)
    office.come("b", Urgency.SOON)
    office.come("c", Urgency.LATER)
    office.come("d", Urgency.SOON)
    office.come("e", Urgency.AT_ONCE)

    office.end("a")
    assert office.entered == ["a", "b", "e"]
    office.end("b")
    assert office.entered == ["a", "b", "e", "d"]
    office.end("e", "d")
    assert office.entered[-1] == "c"


def test_readers_leave_a_desk_free_for_writers(office):
    office.come("a", Urgency.LATER)
    office.come("b", Urgency.LATER)
    office.come("c", Urgency.AT_ONCE)

    assert office.entered == ["a", "c"]


def test_reader_who_finds_the_line_full_is_refused_at_once(office):
    for name in "abcd":
        office.come(name, Urgency.LATER)

    assert office.statuses == {"d": "503 Service Unavailable"}


def test_reader_who_waited_too_long_is_refused_and_takes_no_desk():
    office = Office(desks=2, lines=LINES | {Urgency.LATER: Line(2, 0.05, leaves_free=1)})
    office.come("a", Urgency.LATER)
    office.come("b", Urgency.LATER)
    wait_until(lambda: "b" in office.statuses)

    office.end("a")
    office.come("c", Urgency.LATER)

    assert office.statuses == {"b": "503 Service Unavailable", "a": "200 OK"}
    assert office.entered == ["a", "c"]
    office.close()


def test_desk_is_free_again_after_an_error(office):
    def fail(environ, start_response):
        raise RuntimeError("broken")

    office.reception.application = fail
    for _ in range(5):
        with pytest.raises(RuntimeError, match="broken"):
            office.reception({"urgency": Urgency.LATER}, lambda *_: None)


@pytest.mark.django_db(transaction=True)
def test_there_are_as_many_database_connections_as_desks(office):
    seen = set()

    def ask(environ, start_response):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.02)")
            seen.add(cursor.fetchone()[0])
        return [b""]

    office.reception.application = ask

    def come() -> None:
        office.reception({"urgency": Urgency.AT_ONCE}, lambda *_: None)

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for desk in office.reception._free:
        for connection in desk.values():
            connection.close()

    assert len(seen) == 2


@pytest.mark.parametrize(
    ("method", "path", "urgency"),
    [
        ("POST", "/s/alpha/journal/cells/", Urgency.AT_ONCE),
        ("POST", "/s/alpha/lessons/5/", Urgency.AT_ONCE),
        ("POST", "/api/v1/s/alpha/journal/cells/", Urgency.AT_ONCE),
        ("GET", "/health/ready", Urgency.AT_ONCE),
        ("GET", "/s/alpha/journal/1/2/3/cells.json", Urgency.SOON),
        ("POST", "/s/alpha/office/imports/", Urgency.SOON),
        ("POST", "/sign-in/", Urgency.SOON),
        ("GET", "/family/alpha/1/week/", Urgency.LATER),
        ("GET", "/", Urgency.LATER),
        ("GET", "/health/live", None),
        ("GET", "/static/shell/css/base.css", None),
    ],
)
def test_urgency_is_of_the_address(method, path, urgency):
    assert urgency_of({"REQUEST_METHOD": method, "PATH_INFO": path}) == urgency


@pytest.mark.parametrize(("accept", "kind"), [("text/html", "text/html"), ("*/*", "application/")])
def test_refusal_says_when_to_come_back(accept, kind):
    told: dict[str, str] = {}

    def start_response(status, headers):
        told.update(headers, status=status)

    (body,) = refuse({"REQUEST_METHOD": "GET", "HTTP_ACCEPT": accept}, start_response)

    assert told["status"].startswith("503")
    assert 5 <= int(told["Retry-After"]) <= 15
    assert told["Content-Type"].startswith(kind)
    assert "Сервис ненадолго занят" in body.decode()
    assert int(told["Content-Length"]) == len(body)


def test_teachers_of_a_school_who_come_with_the_bell_all_find_a_place():
    teachers = 40

    assert LINES_OF_A_PROCESS[Urgency.SOON].places + DESKS >= teachers


def test_there_are_threads_left_to_say_no_when_every_line_is_full():
    assert sum(line.places for line in LINES_OF_A_PROCESS.values()) + DESKS < THREADS
