"""`make faults`: kill -9 of the database, the web and the workers, the broker wiped, events doubled
and reordered, connections cut at COMMIT, all under load; the witness counts what was lost.

Source: goals.md, faults F1…F4, F8, F9. Seeded: the same number of kills is the same row of them.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psycopg
from celery import Celery

from infra.local import processes
from infra.local.paths import LOCAL, make_socket_directory
from infra.local.supervisor import Supervisor
from tests.drills.cutting import CuttingDoor
from tests.drills.stand import TODAY, Stand, open_stand, serve
from tests.drills.table import Row, as_text
from tests.drills.witness import SCHOOLS, Witness, compare

STORY = "tests.browser.story_data"
SCHEMAS = {"alpha": "s1", "beta": "s2"}
RECOVERY_SECONDS = 15.0
SETTLE_SECONDS = 300.0
HARMS = 8  # kinds of harm: so many strikes are each of them once
COPIES = 10
CUT = 0.2
TASKS = (
    "services.monitoring.tasks.recompute_dirty_district",
    "services.monitoring.tasks.roll_up_nightly_district",
)
# What was delivered goes out again in an order of its own; the day is the product's, OKRUG_TODAY.
AGAIN = """
UPDATE {schema}.outbox_outboxevent SET delivered_at = NULL,
    retry_at = now() - (current_date - %s::date) * interval '1 day'
        + random() * interval '2 seconds'
WHERE id IN (SELECT id FROM {schema}.outbox_outboxevent ORDER BY random() LIMIT 200)
"""
WAITING = "SELECT count(*) FROM {schema}.outbox_outboxevent WHERE delivered_at IS NULL"
FACTS = """
SELECT day, measure, count FROM monitoring_fact
WHERE school_id = %s AND grade = -1 AND subject_code = '' AND measure ~ '^marks_[2-5]$'
"""
MARKS = """
SELECT record.date, 'marks_' || mark.value, count(*) FROM {schema}.journal_mark AS mark
JOIN {schema}.journal_lessonrecord AS record ON record.lesson_id = mark.record_id
GROUP BY record.date, mark.value
"""
Say = Callable[[str], None]


@dataclass
class Storm:
    """The stand under load, what was done to it, how soon it saved again each time."""

    stand: Stand
    supervisor: Supervisor
    witness: Witness
    door: CuttingDoor
    say: Say
    chance: random.Random
    recovered: dict[str, list[float | None]] = field(default_factory=lambda: defaultdict(list))

    def strike(self, name: str, harm: Callable[[], None]) -> None:
        """Do harm and wait until a save asked afterwards is acknowledged."""
        harm()
        took = self.witness.wait_for_save(time.time(), SETTLE_SECONDS)
        self.recovered[name].append(took)
        self.say(f"{name}: {'нет' if took is None else f'{took:.1f} с'}")
        time.sleep(self.chance.uniform(0.1, 0.7))

    def kill_database(self) -> None:
        """End the postmaster; its backends see it and end too."""
        processes.send(self.stand.postgres.running_pid() or 0, signal.SIGKILL)

    def kill_backend(self) -> None:
        """End one backend at work: the whole server recovers."""
        query = "SELECT pid FROM pg_stat_activity WHERE usename = 'okrug_web' ORDER BY pid"
        backends: list[int] = []
        dsn = self.stand.postgres.superuser_dsn("okrug")
        with psycopg.connect(dsn, autocommit=True) as connection:
            while not backends:  # the portal may have been killed a moment ago
                time.sleep(0.02)
                backends = [pid for (pid,) in connection.execute(query).fetchall()]
        processes.send(self.chance.choice(backends), signal.SIGKILL)

    def kill_web(self) -> None:
        """End the web with all its workers, or one worker only."""
        self._kill_of("web", whole=self.chance.random() < 0.5)

    def kill_worker(self) -> None:
        """End the executor of tasks, or one of its hands, while it has work."""
        self.send_tasks()
        self._kill_of("worker", whole=self.chance.random() < 0.5)

    def kill_dispatcher(self) -> None:
        """End the delivery of events."""
        self._kill_of("outbox", whole=True)

    def _kill_of(self, name: str, *, whole: bool) -> None:
        leader = processes.first_number(self.stand.home / "run" / f"{name}.pid") or 0
        members = [one for one in processes.session_members(leader) if one != leader]
        if whole or not members:
            processes.send_to_group(leader, signal.SIGKILL)
        else:
            processes.send(self.chance.choice(members), signal.SIGKILL)

    def wipe_broker(self) -> None:
        """End the broker, throw away what it held, leave it down for a while, start it empty."""
        self.stop_broker()
        shutil.rmtree(self.stand.valkey.data)
        self.stand.valkey.ensure_started()

    def stop_broker(self) -> None:
        """End the broker; a save must be acknowledged while it is away."""
        processes.send(self.stand.valkey.running_pid() or 0, signal.SIGKILL)
        took = self.witness.wait_for_save(time.time(), SETTLE_SECONDS)
        self.recovered["без очереди"].append(took)

    def cut_at_commit(self) -> None:
        """Cut every fifth COMMIT for a while: before the server heard it, or after."""
        self.door.chance = CUT
        time.sleep(1.5)
        self.door.chance = 0.0

    def deliver_again(self) -> None:
        """Let delivered events go out again in another order, and tasks come ten times over."""
        with psycopg.connect(self.stand.postgres.superuser_dsn("okrug")) as connection:
            for schema in SCHEMAS.values():
                connection.execute(AGAIN.format(schema=schema).encode(), [TODAY])
        self.send_tasks()

    def send_tasks(self) -> None:
        """Send each task ten times."""
        with Celery(broker=self.stand.valkey.broker_url) as queue:
            for name in [name for name in TASKS for _ in range(COPIES)]:
                queue.send_task(name, queue="okrug", ignore_result=True)

    @property
    def harms(self) -> dict[str, Callable[[], None]]:
        """Return everything that may happen, by name."""
        return {
            "kill -9 базы": self.kill_database,
            "kill -9 сеанса базы": self.kill_backend,
            "kill -9 портала": self.kill_web,
            "kill -9 исполнителя": self.kill_worker,
            "kill -9 рассылки": self.kill_dispatcher,
            "очередь стёрта": self.wipe_broker,
            "обрыв при COMMIT": self.cut_at_commit,
            "события ещё раз и вразброс": self.deliver_again,
        }


def faults(
    home: Path,
    say: Say,
    *,
    kills: int,
    recovery: float = RECOVERY_SECONDS,
    data: str = STORY,
) -> list[Row]:
    """Break a product of its own `kills` times; it must save again within `recovery` seconds."""
    with open_stand(home, data) as (stand, _):
        door = CuttingDoor(make_socket_directory("door", home), stand.postgres.socket_dir)
        door.open()
        stand.valkey.ensure_started()
        stand.pass_through(door.folder)
        try:
            with serve(stand, ("web", "worker", "outbox")) as supervisor:
                witness = Witness(stand.port)
                witness.sign_in()
                storm = Storm(stand, supervisor, witness, door, say, random.Random(kills))
                with witness.writing():
                    witness.wait_for_save(time.time(), 60)
                    for name in _choose(storm, kills):
                        storm.strike(name, storm.harms[name])
                settled = _settle(stand)
                rows = _judge(storm, settled, recovery)
        finally:
            door.close()
    for fault in witness.faults:
        say(fault)
    return rows


def _choose(storm: Storm, kills: int) -> list[str]:
    """Return what happens when: everything once before anything twice, the order by chance."""
    names = list(storm.harms)
    chosen: list[str] = []
    while len(chosen) < kills:
        storm.chance.shuffle(names)
        chosen += names
    return chosen[:kills]


def _settle(stand: Stand) -> float | None:
    """Return the seconds until every event is delivered and the numbers are the journals'."""
    began = time.monotonic()
    stand.postgres.ensure_started()
    while time.monotonic() < began + SETTLE_SECONDS:
        if _is_settled(stand):
            return time.monotonic() - began
        time.sleep(0.5)
    return None


def _is_settled(stand: Stand) -> bool:
    with psycopg.connect(stand.postgres.superuser_dsn("okrug")) as connection:
        for number, slug in enumerate(SCHOOLS, start=1):
            schema = SCHEMAS[slug]
            waiting = connection.execute(WAITING.format(schema=schema).encode()).fetchone()
            facts = set(connection.execute(FACTS, [number]).fetchall())
            marks = set(connection.execute(MARKS.format(schema=schema).encode()).fetchall())
            if waiting != (0,) or facts != marks:
                return False
    return True


def _judge(storm: Storm, settled: float | None, recovery: float) -> list[Row]:
    rows = []
    for name, times in storm.recovered.items():
        known = [one for one in times if one is not None]
        worst = max(known, default=0.0)
        is_kept = len(known) == len(times) and worst <= recovery
        result = f"{len(times)} раз, до сохранения {median(known or [0]):.1f} с, дольше {worst:.1f}"
        rows.append(Row(name, result, f"≤ {recovery:.0f} с", is_kept))
    witness = storm.witness
    verdict = compare(witness.seen, storm.stand.postgres.superuser_dsn("okrug"), SCHEMAS)
    repeated = sum(one.attempts > 1 for one in witness.seen)
    cuts = storm.door.cuts
    rows.append(
        Row(
            "Оборвано при COMMIT",
            f"до {cuts['before']}, после {cuts['after']}; повторено {repeated}",
            "повтор не удваивает",
            not verdict.doubled,
        )
    )
    for title, found in (
        ("Подтверждённых сохранений потеряно", len(verdict.lost)),
        ("Удвоено", len(verdict.doubled)),
        ("Клеток с иным значением", len(verdict.wrong_cells)),
        ("Строк мимо журнала действий", verdict.rows_without_audit),
        ("Неверных ответов портала", len(witness.faults)),
    ):
        rows.append(Row(title, f"{found} из {verdict.acknowledged}", "0", found == 0))
    told = "нет" if settled is None else f"{settled:.0f} с"
    rows.append(
        Row("События доставлены, показатели равны журналам", told, "≤ 300 с", settled is not None)
    )
    return rows


def main() -> int:
    """Run the form that KILLS asks for and print the table."""
    began = time.monotonic()
    kills = int(os.environ.get("KILLS") or "40")

    def say(words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    rows = faults(LOCAL / "faults", say, kills=kills)
    lasted = time.monotonic() - began
    say("\n" + as_text(f"Отказы: {kills}, {lasted:.0f} с", rows))
    return 0 if all(row.is_kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
