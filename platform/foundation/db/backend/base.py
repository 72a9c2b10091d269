"""A PostgreSQL connection that sees one school per transaction, or the public schema.

django-tenants sets the path before every cursor, keeps `public` behind it and swallows errors.
Here the path and the role are set once, `SET LOCAL`, by the pin, and end with the transaction:
nothing survives on a pooled connection, and a query outside the door fails (stack.md §5).
"""

import re
import select
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import InternalError
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper
from django_tenants.postgresql_backend.base import FakeTenant
from psycopg import Cursor

PUBLIC = "public"
EXTENSIONS = "ext"
SAFE_NAME = re.compile(r"\A[a-z_][a-z0-9_]{0,62}\Z")
SAFE_VALUE = re.compile(r"\A[A-Za-z0-9_.:-]{0,64}\Z")


class OutsideTheDoor(InternalError):
    """A school's table was asked for outside `school_transaction`."""


class SchoolIsClosedToRole(InternalError):
    """The role of the actor and the school of the path do not belong together."""


def quoted(name: str) -> str:
    """Return the identifier in quotes; raise `ValueError` for anything but a plain name."""
    if not SAFE_NAME.match(name):
        raise ValueError(f"not a plain SQL name: {name!r}")
    return f'"{name}"'


def literal(value: str) -> str:
    """Return the value as an SQL string; raise `ValueError` for anything but a plain token."""
    if not SAFE_VALUE.match(value):
        raise ValueError("not a plain SQL value")
    return f"'{value}'"


class MomentLoader(BaseTzLoader):
    """Reads a moment of a connection in UTC, ten times faster than the driver's own reader.

    A diary's week reads four hundred of them.
    """

    timezone = UTC

    def load(self, data: Any) -> datetime:
        """Return the moment; what ISO 8601 cannot say (infinity, BC) is left to the driver."""
        try:
            moment = datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            moment = super().load(data)
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


class PlannedCursor(Cursor[Any]):
    """Its statements are planned by the server once a school and connection, not each time.

    Planning is four fifths of what a hot statement costs PostgreSQL. A plan is of one schema: on
    another path the server makes it anew, so each school keeps its own under words of its own.
    Rights are checked at each execution, whoever planned.
    """

    mark = b""

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        converted = super()._convert_query(query, params)
        converted.query += self.mark
        self._query = converted  # Django's record of statements reads it
        return converted


class DatabaseWrapper(TenantsWrapper):
    """See the module's docstring."""

    def get_new_connection(self, conn_params: Any) -> Any:
        """Return a connection that reads moments fast and keeps its schools' plans."""
        connection = super().get_new_connection(conn_params)
        connection.prepare_threshold = 0 if settings.DB_PLANS else None
        connection.prepared_max = settings.DB_PLANS
        if self.timezone is UTC:
            connection.adapters.register_loader("timestamptz", MomentLoader)
        return connection

    def _configure_connection(self, connection: Any) -> bool:
        """Let a kept plan be one for all values from its first use on, not from the sixth."""
        is_changed = bool(super()._configure_connection(connection))
        if not settings.DB_PLANS:
            return is_changed
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_generic_plan")
        return True

    def set_tenant(self, tenant: Any, include_public: bool = False) -> None:
        """Note which schema is open; what the server sees is set by `pin` and `open_schema`."""
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = False
        self.set_settings_schema(tenant.schema_name)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self.schema_name != PUBLIC and not (self.in_atomic_block or self._schema_is_open):
            raise OutsideTheDoor("Данные школы открываются только внутри school_transaction.")

    def is_usable(self) -> bool:
        """Return whether the server is there: to a silent idle connection it is.

        A server that goes away closes its end, or says so; only then a statement asks it.
        """
        if self.connection and not self.connection.closed and not self.errors_occurred:
            idle = select.poll()
            idle.register(self.connection.fileno(), select.POLLIN)
            if not idle.poll(0):
                return True
        return bool(super().is_usable())

    def planned_cursor(self) -> Any:
        """Return a cursor whose statements keep their plans; where those are off, a plain one."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            bare = PlannedCursor(self.connection)
        bare.mark = f" /* {self.schema_name} */".encode()
        cursor = self._prepare_cursor(bare)
        self._handle_search_path(cursor)
        return cursor

    _schema_is_open = False

    def pin(self, *, schema: str, role: str, settings: dict[str, str]) -> None:
        """Show this transaction one school, as its role. One exchange; refused by mismatch."""
        statements = [f"SET LOCAL ROLE {quoted(role)}"] if role else []
        statements.append(f"SET LOCAL search_path = {quoted(schema)}, {quoted(EXTENSIONS)}")
        statements += [f"SET LOCAL {name} = {literal(value)}" for name, value in settings.items()]
        self.set_tenant(FakeTenant(schema))
        with self.cursor() as cursor:
            # The last statement answers with the first schema of the path the role may enter.
            cursor.execute(";".join([*statements, "SELECT current_schema()"]))
            while cursor.nextset():
                pass
            (current,) = cursor.fetchone()
        if current != schema:
            raise SchoolIsClosedToRole("Роль и школа не подходят друг к другу.")

    def unpin(self, *, role: str) -> None:
        """Return to the public schema; the server did so by itself at the transaction's end.

        Only inside an enclosing transaction (a test's) is there anything to undo.
        """
        self.set_schema_to_public()
        if self.in_atomic_block and not self.needs_rollback:
            with self.cursor() as cursor:
                back = f"SET LOCAL ROLE {quoted(role)};" if role else ""
                cursor.execute(f'{back}SET LOCAL search_path = "$user", {PUBLIC}')

    @contextmanager
    def open_schema(self, schema: str) -> Iterator[None]:
        """Migrator only: work in a schema across transactions, as migrations must."""
        self.set_tenant(FakeTenant(schema))
        self._schema_is_open = True
        try:
            with self.cursor() as cursor:
                cursor.execute(f"SET search_path = {quoted(schema)}, {quoted(EXTENSIONS)}")
            yield
        finally:
            self._schema_is_open = False
            self.set_schema_to_public()
            if self.connection is not None and not self.needs_rollback:
                with self.cursor() as cursor:
                    cursor.execute("RESET search_path")
