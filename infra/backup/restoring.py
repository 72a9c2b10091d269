"""Giving back: one school to a moment while the others work, or the whole district."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from psycopg import Connection, sql

from infra.backup.checks import find_archive_trouble
from infra.backup.configuration import Configuration
from infra.backup.copies import check_copy
from infra.backup.places import BackupRefused, Line, list_copies, note, now, stamp
from infra.backup.product import ask, manage
from infra.backup.recovery import choose_base, lay_out, recovered, wait_for
from infra.backup.tools import connect, find_binaries, run, server_major
from infra.backup.wal import ARCHIVE_IS_ELSEWHERE, ARCHIVE_IS_OFF, archive_settings

ARCHIVE_PATIENCE = 120.0
CACHE_SECONDS = 12.0  # the portal's processes keep the list of schools for ten
JOBS = "2"
Say = Callable[[str], None]


@dataclass
class Steps:
    """The steps of a restoring with how long each lasted."""

    say: Say
    began: float = field(default_factory=time.monotonic)
    lasted: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time a step and tell of it."""
        began = time.monotonic()
        yield
        self.lasted.append((title, time.monotonic() - began))
        self.say(f"  {title}: {self.lasted[-1][1]:.1f} с")

    @property
    def total(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self.began


def restore_school(told: Configuration, slug: str, moment: datetime, say: Say) -> list[Line]:
    """Bring a school back to a moment; the others work on, it stands still meanwhile.

    On failure the school works on as it was. Raise `BackupRefused`.
    """
    began = now()
    if moment >= began:
        raise BackupRefused("Момент, к которому вернуть школу, ещё не наступил.")
    if (trouble := find_archive_trouble(told)).startswith((ARCHIVE_IS_OFF, ARCHIVE_IS_ELSEWHERE)):
        raise BackupRefused(f"Школу не вернуть: {trouble}.")
    base = choose_base(told.places, moment)
    steps = Steps(say)
    with steps.step("школа остановлена"):
        school = ask("restored_school", "stop", f"--school={slug}")
    try:
        result = _bring_school(told, slug, school["schema"], base, moment, steps)
    except BaseException:
        manage("restored_school", "start", f"--school={slug}")
        raise
    undone = sum(count for _, _, count in result["undone"])
    say(f"  отменено изменений: {undone}")
    for table, action, count in result["undone"]:
        say(f"    {table} {action}: {count}")
    line = Line(
        kind="restore-school",
        place=str(base.parent.parent),
        name=f"{slug} {moment.isoformat(timespec='seconds')}",
        started_at=began.isoformat(),
        finished_at=now().isoformat(),
        made_by=told.made_by,
        school_id=school["id"],
        note=(
            f"За {steps.total:.0f} с. Отменено изменений: {undone}, ролей снято: "
            f"{result['roles_taken']}, прежние данные: {result['aside']}"
        ),
    )
    for place in told.places:
        if place.is_dir():
            note(place, line)
    return [line]


def _bring_school(
    told: Configuration, slug: str, schema: str, base: Path, moment: datetime, steps: Steps
) -> dict:
    stopped = time.monotonic()
    scratch = told.scratch / f"okrug-{stamp(now())}"
    brought = f"{schema}_restored"
    try:
        with steps.step("журнал предзаписи дописан"):
            close_segment(told)
        with steps.step("копия базы развёрнута"):
            major = lay_out(base, scratch / "data", told.places, moment)
        with steps.step("база доведена до момента"):
            head = _dump_school(told, scratch, major, schema, brought)
        with steps.step("школа загружена рядом с прежней"):
            _load_school(told, scratch / "dump", brought)
        time.sleep(max(0.0, stopped + CACHE_SECONDS - time.monotonic()))
        with steps.step("школа поставлена на место"):
            aside = f"{schema}_before_{stamp(now()).lower()}"
            result: dict = ask(
                "restored_school",
                "put",
                f"--school={slug}",
                f"--schema={brought}",
                f"--aside={aside}",
                f"--head={head}",
                f"--moment={moment.isoformat()}",
            )
        with steps.step("возврат лёг в архив"):  # else losing the server would undo it
            close_segment(told)
        return result | {"aside": aside}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def close_segment(told: Configuration) -> None:
    """Let everything committed up to now reach the archive."""
    with connect(told.require_url()) as connection:
        connection.execute("SELECT pg_current_xact_id()")  # a commit later than any moment asked
        row = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row is not None
    for place in told.places:
        wait_for(place / "wal" / f"{row[0]}.gz", ARCHIVE_PATIENCE)


def _dump_school(told: Configuration, scratch: Path, major: int, schema: str, brought: str) -> str:
    """Recover beside, give the school its other name there, dump it; return its schema's head."""
    database = unquote(urlsplit(told.require_admin_url()).path[1:])
    settings = {"archive_mode": "off"}
    with recovered(scratch / "data", major, settings=settings, fast=True) as server:
        url = server.superuser_dsn(database)
        with connect(url) as connection:
            head = _rename(connection, schema, brought)
        run(
            find_binaries(major),
            "pg_dump",
            f"--dbname={url}",
            f"--schema={brought}",
            "--format=directory",
            f"--jobs={JOBS}",
            "--no-owner",
            "--no-privileges",
            "--no-sync",
            f"--file={scratch / 'dump'}",
        )
    return head


def _rename(connection: Connection, schema: str, brought: str) -> str:
    query = "SELECT schema_head FROM registry_school WHERE schema_name = %s"
    row = connection.execute(query, [schema]).fetchone()
    there = connection.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema]).fetchone()
    if row is None or there != (True,):
        raise BackupRefused("В этот момент школы ещё не было.")
    connection.execute(
        sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
            sql.Identifier(schema), sql.Identifier(brought)
        )
    )
    return str(row[0])


def _load_school(told: Configuration, dump: Path, brought: str) -> None:
    url = told.require_admin_url()
    target = sql.Identifier(brought)
    with connect(url) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(target))
    run(
        find_binaries(server_major(url)),
        "pg_restore",
        f"--dbname={url}",
        f"--jobs={JOBS}",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        str(dump),
    )
    with connect(url) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
        for (table,) in connection.execute(query, [brought]).fetchall():
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(brought, table)))


def restore_all(
    told: Configuration, data: Path, moment: datetime | None, say: Say, files: Path | None
) -> list[Line]:
    """Bring the whole cluster back into an empty folder: to a moment, or to the archive's end.

    The folder is left stopped, ready for the service's own start. Raise `BackupRefused`.
    """
    began = now()
    steps = Steps(say)
    with steps.step("копия выбрана и проверена"):
        base = choose_base(told.places, moment)
    with steps.step("копия базы развёрнута"):
        major = lay_out(base, data, told.places, moment)
    there = [place for place in told.places if place.is_dir()]
    settings = archive_settings(there) if len(there) > 1 else {"archive_mode": "off"}
    with (
        steps.step("база доведена до конца архива"),
        recovered(data, major, settings=settings, fast=False) as server,
        connect(server.superuser_dsn()) as connection,
    ):
        row = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
    assert row is not None
    if files is not None:
        with steps.step("файлы возвращены"):
            put_files(there, files)
    line = Line(
        kind="restore-all",
        place=str(base.parent.parent),
        name=str(data)[-200:],
        started_at=began.isoformat(),
        finished_at=now().isoformat(),
        made_by=told.made_by,
        note=f"За {steps.total:.0f} с, последнее изменение: {row[0]}, копия {base.name}",
    )
    for place in there:
        note(place, line)
    say(f"  последнее изменение в восстановленной базе: {row[0]}")
    return [line]


def put_files(places: Sequence[Path], target: Path) -> Path:
    """Put the newest whole copy of the files into a folder; return the copy.

    What lies there beside them stays. A place that is gone or a copy that is broken is passed over;
    raise `BackupRefused` when nothing is left.
    """
    copies, troubles = [], []
    for place in places:
        try:
            copies += list_copies(place, "files")
        except BackupRefused as refused:
            troubles.append(str(refused))
    for copy in sorted(copies, key=lambda one: one.name, reverse=True):
        try:
            check_copy(copy, "files")
        except BackupRefused as refused:
            troubles.append(str(refused))
            continue
        if (copy / "files").is_dir():
            shutil.copytree(copy / "files", target, dirs_exist_ok=True)
        return copy
    words = "\n".join(troubles)
    raise BackupRefused(f"Целой копии файлов нет ни в одном месте.\n{words}".strip())
