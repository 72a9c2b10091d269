"""The door to the data: `school_transaction` opens one school, `public_transaction` the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import IsolationLevel

from foundation.db.backend.base import PUBLIC, DatabaseWrapper
from kernel.actor import Actor

WEB = "default"


class WrongSchool(Exception):
    """The actor holds nothing in this school: a defect of the door's caller, never of a person."""


class DoorIsOpen(Exception):
    """A transaction sees one schema: a second school may be opened only after the first."""


def schema_of(school_id: int) -> str:
    """Return the schema of a school."""
    return f"s{school_id}"


def role_of(school_id: int) -> str:
    """Return the school's database role; roles are cluster-wide, so the database names them."""
    return f"{database_name()}_s{school_id}" if settings.DB_ROLES else ""


def public_role() -> str:
    """Return the role that may work in the public schema."""
    return f"{database_name()}_public" if settings.DB_ROLES else ""


def database_name() -> str:
    """Return the name of the database both connections work in."""
    return str(connections[WEB].settings_dict["NAME"])


def _connection() -> DatabaseWrapper:
    connection = cast(DatabaseWrapper, connections[WEB])
    if connection.schema_name != PUBLIC:
        raise DoorIsOpen(connection.schema_name)
    return connection


def planned_cursor() -> CursorWrapper:
    """Return a cursor for a statement asked all day long: PostgreSQL keeps one plan for all values.

    So it suits a statement that finds by key. One that spans a week or a year, as it is asked, is
    planned better each time: take `connection.cursor()`.
    """
    return cast(DatabaseWrapper, connections[WEB]).planned_cursor()  # type: ignore[no-any-return]


@contextmanager
def school_transaction(actor: Actor, school_id: int) -> Iterator[None]:
    """Open one school for one transaction, in the actor's name.

    The role is of the actor's membership, the path of the school asked for: PostgreSQL itself
    refuses a pair that does not match. Raise `WrongSchool` when the actor is not of the school,
    `DoorIsOpen` when another is open already.
    """
    if actor.school.id != school_id:
        raise WrongSchool(f"actor of school {actor.school.id} at school {school_id}")
    connection = _connection()
    try:
        with transaction.atomic(using=WEB, durable=True):
            connection.pin(
                schema=schema_of(school_id),
                role=actor.school.db_role,
                settings={
                    "okrug.actor": str(actor.account_id or ""),
                    "okrug.request": actor.request_id,
                },
            )
            yield
    finally:
        connection.unpin(role=public_role())


@contextmanager
def school_snapshot(actor: Actor, school_id: int) -> Iterator[None]:
    """Open one school to be read whole: as it is at this moment, however long the reading takes.

    `school_transaction` that is REPEATABLE READ and READ ONLY. Inside an enclosing transaction (a
    test's) neither can be set.
    """
    connection = _connection()
    connection.ensure_connection()
    raw = connection.connection
    if connection.in_atomic_block:
        with school_transaction(actor, school_id):
            yield
        return
    raw.isolation_level, raw.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with school_transaction(actor, school_id):
            yield
    finally:
        if not raw.closed:
            raw.isolation_level = raw.read_only = None


@contextmanager
def public_transaction(account_id: int | None = None, request_id: str = "") -> Iterator[None]:
    """Open the public schema for one transaction, in an account's name."""
    connection = _connection()
    with transaction.atomic(using=WEB, durable=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('okrug.actor', %s, true), set_config('okrug.request', %s, true)",
            [str(account_id or ""), request_id],
        )
        yield
