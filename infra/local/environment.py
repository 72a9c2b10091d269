"""What the environment asks of a start, and what the product's processes are given in return."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from infra.backup.places import BackupRefused, read_places
from infra.backup.wal import archive_settings
from infra.local.bootstrap import BACKUP, DATABASE, MIGRATOR, WEB
from infra.local.errors import CannotStart
from infra.local.paths import LOCAL, ROOT, make_socket_directory
from infra.local.postgres import Postgres
from infra.local.valkey import Valkey

SETTINGS_MODULE = "config.settings.local"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 (names to recognise, not to listen on)


@dataclass(frozen=True)
class Wishes:
    """The variables a person may set before `make run`; empty means "bring your own"."""

    host: str
    port: int
    database_url: str
    database_admin_url: str
    broker_url: str


def read_wishes(environment: Mapping[str, str]) -> Wishes:
    """Return the wishes; raises `CannotStart` with one sentence when they do not fit together."""
    port = environment.get("PORT") or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise CannotStart(f"PORT={port}: нужен номер порта от 1 до 65535.")
    wishes = Wishes(
        host=environment.get("HOST") or "127.0.0.1",
        port=int(port),
        database_url=environment.get("DATABASE_URL", ""),
        database_admin_url=environment.get("DATABASE_ADMIN_URL", ""),
        broker_url=environment.get("BROKER_URL", ""),
    )
    if wishes.database_url and not wishes.database_admin_url:
        raise CannotStart(
            "Задана DATABASE_URL, но не задана DATABASE_ADMIN_URL: "
            "укажите и адрес, под которым создаются школы и выполняются миграции."
        )
    if wishes.database_admin_url and not wishes.database_url:
        raise CannotStart(
            "Задана DATABASE_ADMIN_URL, но не задана DATABASE_URL: "
            "укажите и адрес, под которым работает сам портал."
        )
    return wishes


def embedded_postgres(local: Path = LOCAL, places: str | None = None) -> Postgres:
    """Return the launcher of this repository's own database.

    It archives into `places`, by default OKRUG_BACKUP_PLACES. Raises `CannotStart`.
    """
    told = os.environ.get("OKRUG_BACKUP_PLACES", "") if places is None else places
    try:
        settings = archive_settings(read_places(told)) if told else {}
    except BackupRefused as refused:
        raise CannotStart(str(refused)) from refused
    return Postgres(
        local / f"postgres-{Postgres.version}",
        make_socket_directory("db", local),
        log=local / "log" / "postgres.log",
        settings=settings,
    )


def embedded_valkey(local: Path = LOCAL) -> Valkey:
    """Return the launcher of this repository's own broker."""
    return Valkey(
        local / "valkey", make_socket_directory("mq", local), log=local / "log" / "valkey.log"
    )


def product_environment(
    given: Mapping[str, str] = os.environ, local: Path = LOCAL
) -> dict[str, str]:
    """Return the variables of the product's processes: what was given, filled up with our own.

    Starts nothing, so a command run beside `make run` finds the same servers.
    """
    filled = dict(given) | {
        "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "platform"), str(ROOT))),
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": given.get("SECRET_KEY") or _secret_key(local / "secret_key"),
        "ALLOWED_HOSTS": given.get("ALLOWED_HOSTS") or ",".join(_own_names(given.get("HOST", ""))),
        "BROKER_URL": given.get("BROKER_URL") or embedded_valkey(local).broker_url,
        "OKRUG_FILES": given.get("OKRUG_FILES") or str(local / "files"),
    }
    if not given.get("DATABASE_URL"):
        postgres = embedded_postgres(local)
        filled["DATABASE_URL"] = postgres.url(WEB, DATABASE)
        filled["DATABASE_ADMIN_URL"] = postgres.url(MIGRATOR, DATABASE)
        filled["OKRUG_BACKUP_URL"] = postgres.url(BACKUP, DATABASE)
    return filled


def fill_in_environment() -> None:
    """Give this process what `make run` gives to the product, unless it is set already."""
    for name, value in product_environment().items():
        os.environ.setdefault(name, value)


def without_password(url: str) -> str:
    """Return an address that may be shown."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":***@")))


def _secret_key(file: Path) -> str:
    """Return this machine's key, made at the first start and readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="ascii").strip()


def _own_names(host: str) -> list[str]:
    """Return the names this machine answers to."""
    extra = socket.gethostname() if host in WILDCARDS else host
    return list(dict.fromkeys([*LOOPBACK, extra])) if extra else list(LOOPBACK)
