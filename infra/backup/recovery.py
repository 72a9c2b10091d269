"""Recovering a cluster from a copy of the base and the archive of WAL, into an empty folder."""

import contextlib
import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from infra.backup.copies import check_copy
from infra.backup.places import BackupRefused, lines_of, list_copies
from infra.backup.tools import find_binaries
from infra.backup.wal import restore_command
from infra.local.paths import make_socket_directory
from infra.local.postgres import Postgres

NO_ROOM = os.strerror(errno.ENOSPC)
LONGEST = timedelta(hours=6)
# Nobody reads while it recovers, so the settings of the lost server need not be known.
WHILE_RECOVERING = {"hot_standby": "off", "ssl": "off", "shared_preload_libraries": ""}


def choose_base(places: Sequence[Path], moment: datetime | None) -> Path:
    """Return the newest copy that was whole before a moment and is whole now.

    A place that is gone, or a copy that is broken, is passed over. Raise `BackupRefused`.
    """
    found, troubles = [], []
    for place in places:
        try:
            copies = list_copies(place, "base")
        except BackupRefused as refused:
            troubles.append(str(refused))
            continue
        found += [one for one in copies if not moment or lines_of(one)[0].finished <= moment]
    for copy in sorted(found, key=lambda one: one.name, reverse=True):
        try:
            check_copy(copy, "base")
        except BackupRefused as refused:
            troubles.append(str(refused))
        else:
            return copy
    words = "\n".join(troubles)
    raise BackupRefused(f"Нет целой копии базы, сделанной до этого момента.\n{words}".strip())


def lay_out(base: Path, data: Path, places: Sequence[Path], moment: datetime | None) -> int:
    """Copy a base into an empty folder, ready to recover; return the server's version."""
    if data.exists() and any(data.iterdir()):
        raise BackupRefused(f"Папка {data} не пуста: восстанавливать можно только в пустую.")
    data.mkdir(parents=True, exist_ok=True)
    command = ["cp", "-a", "--reflink=auto", f"{base}/.", str(data)]
    plain = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.strip().splitlines()[0]
        reason = f"кончилось место в {data}" if NO_ROOM in said else said
        raise BackupRefused(f"Копия {base} не развёрнута: {reason}.")
    data.chmod(0o700)
    settings = {"restore_command": restore_command(places), "recovery_target_action": "promote"}
    if moment:
        settings["recovery_target_time"] = moment.isoformat()
    lines = [f"{name} = {_quoted(value)}\n" for name, value in settings.items()]
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as told:
        told.writelines(["\n", *lines])
    (data / "recovery.signal").touch()
    return int((data / "PG_VERSION").read_text(encoding="ascii"))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@contextlib.contextmanager
def recovered(
    data: Path, major: int, *, settings: Mapping[str, str], fast: bool
) -> Iterator[Postgres]:
    """Recover a folder that is laid out; yield the server, promoted; stop it at the end.

    It listens on a socket of this user only, whatever its own files say.
    """
    binaries_there = find_binaries(major)

    class Recovering(Postgres):
        version: ClassVar[int] = major
        recovery_seconds = LONGEST.total_seconds()

        @classmethod
        def binaries(cls) -> Path:
            return binaries_there

    beside = data.with_name(f"{data.name}.recovery")
    beside.mkdir(mode=0o700, exist_ok=True)
    (beside / "postgresql.conf").touch()
    (beside / "pg_hba.conf").write_text("local all all trust\n", encoding="ascii")
    own = {
        "config_file": str(beside / "postgresql.conf"),
        "hba_file": str(beside / "pg_hba.conf"),
    }
    sockets = make_socket_directory("recovery", beside)
    server = Recovering(
        data,
        sockets,
        fast=fast,
        log=beside / "postgres.log",
        settings={**WHILE_RECOVERING, **own, **settings},
    )
    try:
        server.ensure_started(die_with_parent=True)
        yield server
    finally:
        server.stop()
        _forget_recovery(data)
        shutil.rmtree(sockets, ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)
        data.with_name(f"{data.name}.lock").unlink(missing_ok=True)


def _forget_recovery(data: Path) -> None:
    """Take the words of recovery out of the cluster's own settings."""
    file = data / "postgresql.auto.conf"
    if not file.exists():
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("restore_command", "recovery_target"))]
    file.write_text("".join(kept), encoding="utf-8")


def wait_for(there: Path, seconds: float) -> None:
    """Return when a file is there; raise `BackupRefused`."""
    deadline = time.monotonic() + seconds
    while not os.path.exists(there):
        if time.monotonic() > deadline:
            raise BackupRefused(f"{there} не появился за {seconds:.0f} с: архив журнала стоит.")
        time.sleep(0.1)
