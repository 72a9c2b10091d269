"""The container's database is what every other installation's is."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.backup.wal import archive_settings
from infra.local.paths import ROOT
from infra.local.postgres import Postgres


def test_database_archives_as_every_other_installation(rendered: dict[str, Any]) -> None:
    services = rendered["compose"]["services"]
    told = [word.removeprefix("-c") for word in services["postgres"]["command"]]
    config = (ROOT / "infra/postgres/okrug.conf").read_text(encoding="utf-8")
    shared = re.findall(r"^(\w+) = ([^#\n]+)", config, re.MULTILINE)
    settings = {key: value.strip() for key, value in shared}
    settings |= dict(word.split("=", 1) for word in told if "=" in word)
    places = [Path("/var/backups/first"), Path("/var/backups/second")]

    wanted = archive_settings(places)
    # Here the places stand in the container's environment.
    assert wanted.pop("archive_command").endswith(" -m infra.backup.wal put %p %f")
    assert settings.pop("archive_command") == "python3 -m infra.backup.wal put %p %f"
    assert wanted.items() <= settings.items()
    for name in ("postgres", "backup"):
        environment = services[name]["environment"]
        assert environment["OKRUG_BACKUP_PLACES"] == ":".join(map(str, places))


@pytest.fixture
def postgres(place: Path) -> Iterator[Postgres]:
    started = Postgres(place / "data", place / "run", fast=True)
    started.ensure_started()
    yield started
    started.stop()


def test_init_script_makes_database_roles_and_passwords(postgres: Postgres, place: Path) -> None:
    secrets = place / "secrets"
    secrets.mkdir()
    for name in ("database_migrator", "database_web", "database_backup"):
        (secrets / name).write_text(f"it's {name}", encoding="utf-8")

    subprocess.run(
        ["sh", str(ROOT / "infra/compose/postgres/init.sh")],
        check=True,
        env={
            "PATH": f"{Postgres.binaries()}:/usr/bin:/bin",
            "PGDATA": str(postgres.data),
            "PGHOST": str(postgres.socket_dir),
            "OKRUG_SECRETS": str(secrets),
            "OKRUG_ROLES": str(ROOT / "infra/postgres/roles.sql"),
        },
    )

    with psycopg.connect(postgres.superuser_dsn("okrug"), autocommit=True) as connection:
        connection.execute(b"SELECT pg_reload_conf()")
        lets_in = connection.execute(
            b"SELECT user_name, address, auth_method, error FROM pg_hba_file_rules"
            b" WHERE database = '{replication}' AND user_name = '{okrug_backup}'"
        ).fetchall()
        roles = connection.execute(
            b"SELECT rolname, rolsuper, left(rolpassword, 13) FROM pg_authid"
            b" WHERE rolname LIKE 'okrug%' ORDER BY 1"
        ).fetchall()
        extensions = connection.execute(
            b"SELECT extname, extnamespace::regnamespace::text FROM pg_extension"
            b" WHERE extname <> 'plpgsql' ORDER BY 1"
        ).fetchall()
    assert lets_in == [(["okrug_backup"], "samenet", "scram-sha-256", None)]
    assert roles == [
        ("okrug_backup", False, "SCRAM-SHA-256"),
        ("okrug_migrator", False, "SCRAM-SHA-256"),
        ("okrug_web", False, "SCRAM-SHA-256"),
    ]
    assert extensions == [("btree_gist", "ext"), ("pg_trgm", "ext")]
