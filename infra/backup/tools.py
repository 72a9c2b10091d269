"""PostgreSQL's own programs of the server's version: the wheel's, or the machine's."""

import contextlib
import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import psycopg

from infra.backup.places import BackupRefused
from infra.local.errors import CannotStart
from infra.local.postgres import Postgres

# Debian and Astra, РЕД ОС and ALT, Postgres Pro.
FOLDERS = (
    "/usr/lib/postgresql/{}/bin",
    "/usr/pgsql-{}/bin",
    "/usr/lib/postgresql{}/bin",
    "/opt/pgpro/std-{}/bin",
)


@cache
def find_binaries(major: int) -> Path:
    """Return the folder of the tools of a version; raise `BackupRefused`."""
    own = os.environ.get("OKRUG_PG_BIN", "")
    folders = [Path(own)] if own else [Path(folder.format(major)) for folder in FOLDERS]
    with contextlib.suppress(CannotStart):
        folders.append(Postgres.binaries())
    for folder in folders:
        if (folder / "pg_basebackup").exists() and _major_of(folder / "pg_basebackup") == major:
            return folder
    raise BackupRefused(
        f"Не найдены программы PostgreSQL {major} (pg_basebackup и другие): "
        "установите пакет сервера или укажите папку в OKRUG_PG_BIN."
    )


def _major_of(program: Path) -> int:
    said = subprocess.run(  # noqa: S603 a program of PostgreSQL
        [str(program), "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"(\d+)(?:\.|devel|beta|rc|\s|$)", said.stdout.split(")", 1)[1])
    return int(found[1]) if found else 0


def server_major(url: str) -> int:
    """Return the version of a running server; raise `BackupRefused` when it does not answer."""
    with connect(url) as connection:
        return connection.info.server_version // 10_000


def connect(url: str) -> psycopg.Connection:
    """Return a connection in autocommit; raise `BackupRefused` when there is none."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise BackupRefused(f"База данных не отвечает: {str(error).strip()}") from error


def run(binaries: Path, tool: str, *arguments: str, more: Mapping[str, str] | None = None) -> str:
    """Run a tool and return what it says; raise `BackupRefused` with the end of its complaint."""
    done = subprocess.run(  # noqa: S603 a program of PostgreSQL, arguments of ours
        [str(binaries / tool), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(more or {})},
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-12:]
        raise BackupRefused(f"{tool}: код {done.returncode}\n" + "\n".join(said))
    return done.stdout
