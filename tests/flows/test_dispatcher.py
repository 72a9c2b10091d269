"""From a committed mark to the district's numbers, through a dispatcher that really runs."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from types import MappingProxyType
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.db import connections

from config import dispatcher
from config.dispatcher import Dispatcher
from foundation import clock
from foundation.db.door import school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.models import OutboxEvent
from foundation.outbox.operations import record
from foundation.outbox.retention import KEPT, sweep_delivered
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.journal.events import LessonChanged
from services.journal.operations import CellInput, put_cells
from services.monitoring import tasks
from services.monitoring.models import DirtyDay, Fact
from tests.architecture.tree import ROOT
from tests.factories.school import MONDAY, SmallSchool, at, make_small_school
from tests.support.cleaning import empty_monitoring, empty_school

FRESH_SECONDS = 60


@pytest.fixture
def school(real_district: dict[str, SchoolRef]) -> Iterator[SchoolRef]:
    """A school whose changes are committed, emptied afterwards."""
    school = real_district["alpha"]
    yield school
    empty_school(school)
    empty_monitoring()


@pytest.fixture
def small(school: SchoolRef) -> SmallSchool:
    system = Actor.system(school)
    with school_transaction(system, school.id):
        return make_small_school(system, pupils=6)


@pytest.fixture(autouse=True)
def _on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKRUG_TODAY", MONDAY.isoformat())
    monkeypatch.setattr(tasks, "PAUSE", timedelta(seconds=1))


@contextmanager
def running() -> Iterator[Dispatcher]:
    """Run a dispatcher in a thread of its own, and stop it."""
    stop = Event()
    working = Dispatcher(stop=stop)

    def work() -> None:
        working.run()
        connections.close_all()

    thread = Thread(target=work)
    thread.start()
    try:
        yield working
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()


def break_connections() -> None:
    """Let the server end every connection of the web's role."""
    connections["default"].close()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "RESET ROLE; SET ROLE NONE;"
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND usename = session_user"
        )
    connections["default"].close()


def put_mark(school: SchoolRef, small: SmallSchool, value: str, pupil: int = 0) -> None:
    """Let Anna put a mark; committed when this returns."""
    persons = MappingProxyType({Role.TEACHER: small.anna})
    anna = Actor(1, school, frozenset({Role.TEACHER}), persons, "Анна")
    with school_transaction(anna, school.id):
        put_cells(
            actor=anna,
            lesson_id=small.lessons[0],
            cells=[CellInput(small.pupils[pupil], value, 0)],
            key=uuid4(),
            now=at(MONDAY, 10),
            today=MONDAY,
        )


def marks_counted(school: SchoolRef, measure: str = "marks_5") -> int:
    fact = Fact.objects.filter(school_id=school.id, day=MONDAY, grade=-1, measure=measure).first()
    return fact.count if fact else 0


def eventually(happened: Callable[[], bool], seconds: float = FRESH_SECONDS) -> bool:
    """Return whether it happened in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if happened():
            return True
        time.sleep(0.05)
    return happened()


def test_committed_mark_reaches_the_district(school, small):
    with running():
        put_mark(school, small, "5")
        assert eventually(lambda: marks_counted(school) == 1)

        put_mark(school, small, "5", pupil=1)
        assert eventually(lambda: marks_counted(school) == 2)


def test_event_left_while_nobody_listened_is_swept_up(school, small):
    put_mark(school, small, "5")

    with running():
        assert eventually(lambda: marks_counted(school) == 1)

    with school_transaction(Actor.system(school), school.id):
        assert not OutboxEvent.objects.filter(delivered_at=None).exists()


def test_lost_connections_are_made_anew(school, small):
    with running() as working:
        assert eventually(lambda: working.next_sweep > 0)
        break_connections()

        put_mark(school, small, "5")

        assert eventually(lambda: marks_counted(school) == 1)


def test_second_dispatcher_stands_by_and_takes_over(school, small, monkeypatch):
    monkeypatch.setattr(dispatcher, "STANDBY_SECONDS", 0.1)
    with running() as first:
        assert eventually(lambda: first.next_sweep > 0)
        with running() as second:
            time.sleep(0.5)
            assert second.next_sweep == 0

            first.stop.set()

            assert eventually(lambda: second.next_sweep > 0)
            put_mark(school, small, "5")
            assert eventually(lambda: marks_counted(school) == 1)


def test_trouble_in_one_school_does_not_stop_the_others(school, small, real_district):
    beta = real_district["beta"].schema
    with connections["admin"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {beta}.outbox_outboxevent RENAME TO lost")
    try:
        with running():
            put_mark(school, small, "5")
            assert eventually(lambda: marks_counted(school) == 1)
    finally:
        with connections["admin"].cursor() as cursor:
            cursor.execute(f"ALTER TABLE {beta}.lost RENAME TO outbox_outboxevent")


@pytest.mark.parametrize("seed", range(2))
def test_doubled_and_reordered_events_have_the_effect_of_one(school, small, seed):
    """F9: every event ten times, in any order."""
    put_mark(school, small, "5")
    put_mark(school, small, "4", pupil=1)
    events = [LessonChanged(lesson, MONDAY) for lesson in small.lessons[:3] for _ in range(10)]
    random.Random(seed).shuffle(events)
    with school_transaction(Actor.system(school), school.id):
        for event in events:
            record(event)

    deliver_waiting(school, clock.now())
    tasks.recompute_dirty(now=at(MONDAY, 20))

    assert (marks_counted(school), marks_counted(school, "marks_4")) == (1, 1)
    assert not DirtyDay.objects.exists()


def test_delivered_events_are_swept_after_a_week(school):
    now = clock.now()
    with school_transaction(Actor.system(school), school.id):
        for lesson in range(3):
            record(LessonChanged(lesson, MONDAY))
        first, second, _ = OutboxEvent.objects.order_by("pk")
        OutboxEvent.objects.filter(pk=first.pk).update(delivered_at=now - KEPT * 2)
        OutboxEvent.objects.filter(pk=second.pk).update(delivered_at=now)

    assert sweep_delivered(school, now) == 1
    assert sweep_delivered(None, now) == 0


def test_event_of_a_school_opened_a_moment_ago_is_not_lost(school):
    working = Dispatcher(stop=Event())

    assert working._named({school.schema, "public", "s999"}) == [None, school]


def address_of_database() -> str:
    known = {**connections["default"].settings_dict}
    where = urlencode({"host": known["HOST"], "port": known["PORT"]})
    user, password = quote(known["USER"]), quote(known["PASSWORD"])
    return f"postgresql://{user}:{password}@/{known['NAME']}?{where}"


def test_process_ends_cleanly_when_told(school, small, tmp_path: Path):
    heartbeat = tmp_path / "alive"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "SECRET_KEY": "tests-only",
        "DATABASE_URL": address_of_database(),
    }
    process = subprocess.Popen(
        [
            sys.executable,
            str(ROOT / "platform/manage.py"),
            *("dispatch_outbox", "--heartbeat", str(heartbeat)),
        ],
        env=environment,
        stderr=subprocess.PIPE,
    )
    try:
        put_mark(school, small, "5")
        assert eventually(lambda: marks_counted(school) == 1)
        assert eventually(heartbeat.exists)

        process.send_signal(signal.SIGTERM)

        assert process.wait(15) == 0
    finally:
        process.kill()
        process.communicate()
