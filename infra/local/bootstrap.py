"""What a cluster holds before the application's first migration: three roles, a database, `ext`.

The migrator (`okrug_migrator`) owns everything and is no superuser; `okrug_web` may log in and has
no rights of its own; `okrug_backup` copies the cluster. Roles of schools and `okrug_public` are
made by `manage.py sync_roles`.
"""

import atexit
import contextlib
import fcntl
import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from infra.local.errors import CannotStart
from infra.local.paths import LOCAL, make_socket_directory
from infra.local.postgres import Postgres, Postgres15

DATABASE = "okrug"
MIGRATOR = "okrug_migrator"
WEB = "okrug_web"
BACKUP = "okrug_backup"
# What the backup role may do beside replicating: close a segment of WAL, so that it is archived.
BACKUP_FUNCTIONS = ("pg_switch_wal()", "pg_create_restore_point(text)")
EXTENSIONS = ("btree_gist", "pg_trgm")
# The role initdb makes; nobody but a superuser may become it.
OWNER = """
SELECT owner.rolname FROM pg_roles AS owner, pg_roles AS me
WHERE owner.oid = 10 AND me.rolname = current_user AND me.rolsuper
"""


class Cluster(Protocol):
    """A PostgreSQL that answers: one of our own, or the machine's."""

    def superuser_dsn(self, dbname: str = "postgres") -> str: ...
    def url(self, user: str, dbname: str) -> str: ...


@dataclass(frozen=True)
class DatabaseUrls:
    """The two addresses the product is given."""

    web: str  # DATABASE_URL
    admin: str  # DATABASE_ADMIN_URL
    backup: str  # OKRUG_BACKUP_URL


@dataclass(frozen=True)
class TestCluster:
    """A running throwaway cluster; any database its migrator creates has the schema `ext`."""

    __test__ = False  # not a test class, whatever its name says to pytest

    version: int
    host: str  # folder of the socket
    web: str  # DATABASE_URL of the database `okrug`
    admin: str  # DATABASE_ADMIN_URL of the same
    superuser: str


def prepare_database(postgres: Cluster, dbname: str = DATABASE) -> DatabaseUrls:
    """Create whatever of roles, extensions and database is missing; return the two addresses.

    A role is given the password its address bears. Raises `CannotStart` on a server whose locale
    breaks Cyrillic.
    """
    with _connect_as_owner(postgres.superuser_dsn()) as superuser:
        _refuse_broken_locale(superuser)
        _create_role(superuser, MIGRATOR, "LOGIN CREATEDB CREATEROLE NOSUPERUSER")
        _set_password(superuser, MIGRATOR, postgres.url(MIGRATOR, dbname))
        _create_role(superuser, BACKUP, "LOGIN REPLICATION NOSUPERUSER")
        _set_password(superuser, BACKUP, postgres.url(BACKUP, dbname))
    with psycopg.connect(postgres.url(MIGRATOR, "postgres"), autocommit=True) as migrator:
        # Made by the migrator: from PostgreSQL 16 on only a role's maker may alter it.
        _create_role(migrator, WEB, "LOGIN NOINHERIT")
        _set_password(migrator, WEB, postgres.url(WEB, dbname))
    # The template first: every database made later, also by a test, has the extensions.
    _create_extensions(postgres.superuser_dsn("template1"))
    with _connect_as_owner(postgres.superuser_dsn()) as superuser:
        if not _exists(superuser, "SELECT 1 FROM pg_database WHERE datname = %s", dbname):
            superuser.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(dbname), sql.Identifier(MIGRATOR)
                )
            )
    _create_extensions(postgres.superuser_dsn(dbname))
    _let_back_up(postgres.superuser_dsn(dbname))
    return DatabaseUrls(
        web=postgres.url(WEB, dbname),
        admin=postgres.url(MIGRATOR, dbname),
        backup=postgres.url(BACKUP, dbname),
    )


def create_cluster_for_tests(version: int | None = None) -> TestCluster:
    """Return the throwaway cluster of this repository, started once for all processes.

    `version` is 18 or 15, by default from OKRUG_TEST_PG. Parallel sessions share it; the last one
    to end stops it. fsync is off. Raises `CannotStart` when that PostgreSQL is not installed.
    """
    wanted = version or int(os.environ.get("OKRUG_TEST_PG", "18"))
    return _join_test_cluster(wanted, LOCAL)


@functools.cache
def _join_test_cluster(version: int, local: Path) -> TestCluster:
    kind = {18: Postgres, 15: Postgres15}.get(version)
    if kind is None or not kind.is_installed():
        raise CannotStart(f"PostgreSQL {version} не установлен: тесты на нём не запустить.")
    home = local / f"test-pg{version}"
    home.mkdir(parents=True, exist_ok=True)
    postgres = kind(home / "data", make_socket_directory(f"test-pg{version}", local), fast=True)
    with (home / "door.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        users = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)  # held to the end
        fcntl.flock(users, fcntl.LOCK_SH)
        postgres.ensure_started()
        urls = prepare_database(postgres)
    atexit.register(_leave_test_cluster, postgres, users, home, os.getpid())
    return TestCluster(
        version=version,
        host=str(postgres.socket_dir),
        web=urls.web,
        admin=urls.admin,
        superuser=postgres.superuser_dsn(),
    )


def _leave_test_cluster(postgres: Postgres, users: int, home: Path, owner: int) -> None:
    """Stop the cluster if nobody else uses it (a fork inherits this call, but not the right)."""
    if os.getpid() != owner:
        return
    with (home / "door.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            postgres.stop()


def _connect_as_owner(dsn: str) -> psycopg.Connection:
    """Connect as whoever owns the cluster: a superuser made for the day owns nothing afterwards."""
    connection = psycopg.connect(dsn, autocommit=True)
    row = connection.execute(OWNER).fetchone()
    if row is not None:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(row[0])))
    return connection


def _refuse_broken_locale(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT lower('ЁЖ') = 'ёж'").fetchone()
    if row != (True,):
        raise CannotStart(
            "Локаль базы данных не знает кириллицы (lc_ctype=C): создайте кластер с C.UTF-8."
        )


def _create_role(connection: psycopg.Connection, name: str, attributes: str) -> None:
    if _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        return
    connection.execute(
        sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), sql.SQL(attributes))
    )


def _set_password(connection: psycopg.Connection, name: str, url: str) -> None:
    password = urlsplit(url).password
    if password:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(name), sql.Literal(unquote(password))
            )
        )


def _create_extensions(dsn: str) -> None:
    with _connect_as_owner(dsn) as connection:
        if not _exists(connection, "SELECT 1 FROM pg_namespace WHERE nspname = %s", "ext"):
            connection.execute("CREATE SCHEMA ext")
            connection.execute("GRANT USAGE ON SCHEMA ext TO PUBLIC")
        for name in EXTENSIONS:
            if not _exists(connection, "SELECT 1 FROM pg_extension WHERE extname = %s", name):
                connection.execute(
                    sql.SQL("CREATE EXTENSION {} SCHEMA ext").format(sql.Identifier(name))
                )


def _let_back_up(dsn: str) -> None:
    with _connect_as_owner(dsn) as connection:
        for function in BACKUP_FUNCTIONS:
            connection.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {BACKUP}".encode())


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), [name]).fetchone() is not None
