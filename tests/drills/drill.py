"""`make drill`: the backups are really restored, and an outside witness tells what was lost.

One school goes back to a moment while the other works; then the whole server is lost between two
saves and the district comes back on a bare folder.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from infra.backup.wal import ARCHIVE_SECONDS
from infra.local import processes
from infra.local.paths import LOCAL
from infra.local.supervisor import Supervisor
from tests.drills.stand import Stand, open_stand, serve, wait_until_ready
from tests.drills.table import Row, as_text
from tests.drills.witness import Acknowledged, Verdict, Witness, compare

STORY, FORTY = "tests.browser.story_data", "tests.drills.forty"
SCHOOL_SECONDS = 5 * 60
DISTRICT_SECONDS = 15 * 60
LOSS_SECONDS = 60
PAPER = b"%PDF signed"
SCHEMAS = {"alpha": "s1", "beta": "s2"}
SHAPE = """
SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
    SELECT format('%%s %%s %%s %%s', table_name, column_name, data_type, column_default) AS line
    FROM information_schema.columns WHERE table_schema = %(schema)s
    UNION ALL
    SELECT replace(indexdef, %(schema)s || '.', '') FROM pg_indexes WHERE schemaname = %(schema)s
    UNION ALL
    SELECT format('%%s %%s %%s', tgrelid::regclass, tgname, pg_get_triggerdef(pg_trigger.oid))
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal
    UNION ALL
    SELECT format('%%s %%s', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
    UNION ALL
    SELECT format('%%s %%s %%s', proname, prosrc, proconfig) FROM pg_proc
    WHERE pronamespace = %(schema)s::regnamespace
    UNION ALL
    SELECT format('%%s %%s', relname, relacl) FROM pg_class
    WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'v', 'S')
) AS lines
"""
Say = Callable[[str], None]


@dataclass
class Outcome:
    """What the drill found out."""

    rows: list[Row] = field(default_factory=list)

    def add(self, title: str, result: str, goal: str, is_kept: bool) -> None:
        """Add a line of the table."""
        self.rows.append(Row(title, result, goal, is_kept))

    def add_time(self, title: str, lasted: float, most: float) -> None:
        """Add a line of how long something took; both in seconds."""
        self.add(title, f"{lasted:.0f} с", f"≤ {most:.0f} с", lasted <= most)

    @property
    def is_kept(self) -> bool:
        """Return whether every promise was."""
        return all(row.is_kept for row in self.rows)


@dataclass
class _Run:
    """A drill under way: `seconds` is how long each wave of writing lasts."""

    stand: Stand
    witness: Witness
    outcome: Outcome
    say: Say
    seconds: float

    @property
    def dsn(self) -> str:
        return self.stand.postgres.superuser_dsn("okrug")

    def judge(self, prefix: str, verdict: Verdict) -> None:
        for title, found in (
            ("потеряно", len(verdict.lost)),
            ("удвоено", len(verdict.doubled)),
            ("клеток с иным значением", len(verdict.wrong_cells)),
            ("строк мимо журнала действий", verdict.rows_without_audit),
        ):
            of = f"{found} из {verdict.acknowledged}"
            self.outcome.add(f"{prefix}{title}", of, "0", found == 0)


def drill(
    home: Path, say: Say, *, seconds: float = 6.0, is_short: bool = False, is_district: bool = False
) -> Outcome:
    """Do both restorings in a folder of its own; `seconds` is how long each wave of writing is.

    The long form lets a whole segment's time pass before the server is lost; a district has forty
    schools of the load model beside the two that are written to.
    """
    with open_stand(home, STORY) as (stand, _):
        run = _Run(stand, Witness(stand.port, writers=2, pause=0.1), Outcome(), say, seconds)
        if is_district:
            say(stand.run("-m", FORTY, run.dsn))
        say("Копия базы, школ и файлов")
        (stand.home / "files" / "s1").mkdir(exist_ok=True)
        (stand.home / "files" / "s1" / "paper.pdf").write_bytes(PAPER)
        with serve(stand) as supervisor:
            run.witness.sign_in()
            with run.witness.writing():
                say(stand.backup("due"))
                say(stand.backup("status"))
            _restore_one_school(run)
            _lose_the_server(run, supervisor, 0.0 if is_short else ARCHIVE_SECONDS)
        run.outcome.add(
            "Ошибки свидетеля", str(len(run.witness.faults)), "0", not run.witness.faults
        )
        for fault in run.witness.faults:
            say(fault)
    return run.outcome


def _restore_one_school(run: _Run) -> None:
    """Let the school alpha go back to a moment between two waves; beta is written to throughout."""
    witness, outcome = run.witness, run.outcome
    shape = _shape(run.dsn, SCHEMAS["alpha"])
    with witness.writing():
        time.sleep(run.seconds)
    moment = datetime.now(UTC)
    kept = [one for one in witness.seen if one.cell[0] == "alpha"]
    time.sleep(0.2)
    with witness.writing():
        time.sleep(run.seconds)
    undone = sum(one.cell[0] == "alpha" for one in witness.seen) - len(kept)
    others = Witness(run.stand.port, writers=2, schools=("beta",), pause=0.1)
    others._cookies = witness._cookies
    others.seen += [one for one in witness.seen if one.cell[0] == "beta"]
    before = len(others.seen)
    run.say("Школа возвращается к моменту")
    began = time.monotonic()
    with others.writing():
        said = run.stand.backup("restore-school", "alpha", "--to", moment.isoformat())
        lasted = time.monotonic() - began
    run.say(said)
    witness.seen = sorted([*kept, *others.seen], key=lambda one: one.told_at)
    witness.faults += others.faults
    outcome.add_time("Одна школа возвращена к моменту", lasted, SCHOOL_SECONDS)
    run.judge("до момента: ", compare(witness.seen, run.dsn, SCHEMAS))
    told = int(re.search(r"отменено изменений: (\d+)", said)[1])  # type: ignore[index]
    said = f"{undone}, в отчёте изменений {told}"
    outcome.add("После момента отменено сохранений", said, "названо", 0 < undone <= told)
    saved = len(others.seen) - before
    worst = _longest_silence(others.seen[before:])
    said = f"сохранений {saved}, дольше всего ждали {worst:.1f} с"
    outcome.add("Другая школа тем временем", said, "работает, ≤ 5 с", saved > 0 and worst <= 5)
    is_same = _shape(run.dsn, SCHEMAS["alpha"]) == shape
    outcome.add("Схема школы после возврата", "та же" if is_same else "иная", "та же", is_same)


def _lose_the_server(run: _Run, supervisor: Supervisor, extra: float) -> None:
    """Kill everything between two saves, throw the data away, bring the district back.

    `extra` is how many seconds longer than a wave is written before.
    """
    stand, witness, outcome = run.stand, run.witness, run.outcome
    supervisor.servers.clear()  # nobody brings it up on an empty folder
    witness.start()
    time.sleep(run.seconds + extra)
    processes.send(stand.postgres.running_pid() or 0, signal.SIGKILL)
    lost_at = time.time()
    stand.postgres.data.rename(stand.home / "lost")
    witness.give_up()
    run.say("Сервер потерян; округ возвращается в пустую папку")
    began = time.monotonic()
    files = _bring_back(run)
    lasted = time.monotonic() - began
    schools, size = _measure(run.dsn)
    title = f"Округ возвращён в пустую папку: школ {schools}, {size}"
    outcome.add_time(title, lasted, DISTRICT_SECONDS)
    verdict = compare(witness.seen, run.dsn, SCHEMAS)
    age = lost_at - min((one.told_at for one in verdict.lost), default=lost_at)
    said = f"{len(verdict.lost)} из {verdict.acknowledged}, за последние {age:.1f} с"
    is_kept = age <= LOSS_SECONDS
    outcome.add("Потеряно при гибели сервера", said, f"≤ {LOSS_SECONDS} с", is_kept)
    paper = files / "s1" / "paper.pdf"
    is_there = paper.exists() and paper.read_bytes() == PAPER
    outcome.add("Файлы", "на месте" if is_there else "нет", "на месте", is_there)
    witness.seen = [one for one in witness.seen if one not in set(verdict.lost)]
    with witness.writing():
        first = witness.wait_for_save(time.time(), 30)
    said = "нет" if first is None else f"{first:.1f} с"
    outcome.add("Первое сохранение после возврата", said, "есть", first is not None)
    run.judge("после возврата: ", compare(witness.seen, run.dsn, SCHEMAS))


def _bring_back(run: _Run) -> Path:
    """Restore base and files, put the base where it was, wait for the portal; return the files."""
    stand = run.stand
    bare, files = stand.home / "bare", stand.home / "files-restored"
    run.say(stand.backup("restore-all", "--data", str(bare), "--files", str(files)))
    bare.rename(stand.postgres.data)
    stand.postgres.ensure_started()
    wait_until_ready(stand)
    return files


def _longest_silence(seen: list[Acknowledged]) -> float:
    return max((one.told_at - one.asked_at for one in seen), default=float("inf"))


def _shape(dsn: str, schema: str) -> str:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(SHAPE.encode(), {"schema": schema}).fetchone()
    return str(row[0]) if row else ""


def _measure(dsn: str) -> tuple[int, str]:
    """Return how many schools the restored database has, and its size in Russian."""
    query = "SELECT (SELECT count(*) FROM registry_school), pg_database_size(current_database())"
    with psycopg.connect(dsn) as connection:
        schools, octets = connection.execute(query).fetchone() or (0, 0)
    return schools, f"{octets / 2**20:,.0f} МБ".replace(",", " ")


def main() -> int:
    """Run the long form and print the table."""

    def say(words: str) -> None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    began = time.monotonic()
    seconds = float(os.environ.get("SECONDS_OF_WORK") or "30")
    is_district = bool(os.environ.get("DISTRICT"))
    outcome = drill(LOCAL / "drill", say, seconds=seconds, is_district=is_district)
    lasted = time.monotonic() - began
    say("\n" + as_text(f"Учения: восстановление, {lasted:.0f} с", outcome.rows))
    return 0 if outcome.is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
