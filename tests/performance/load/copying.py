"""Writing rows in bulk: COPY as the cluster's owner, past triggers and foreign keys.

What the triggers would have written (the audit) is written afterwards, also in bulk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from psycopg import Connection, sql

BLOCK = 4000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a model: the names of the columns given (`pupil_id`), then the values."""

    model: type[models.Model]
    fields: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def write_table(connection: Connection, schema: str, table: Table) -> None:
    """Copy the rows into a schema; columns not given get the model's own defaults."""
    constants = _defaults(table.model, set(table.fields))
    names = [*table.fields, *constants]
    tail = "".join(f"\t{_text(value)}" for value in constants.values())
    target = sql.Identifier(schema, table.model._meta.db_table)
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, columns)) as stream:
            for start in range(0, len(table.rows), BLOCK):
                stream.write("".join(_lines(table.rows[start : start + BLOCK], tail)))
        if "id" in table.fields:
            _move_sequence(connection, schema, table.model._meta.db_table)


def _move_sequence(connection: Connection, schema: str, table: str) -> None:
    """Let the next id of the product come after those given here."""
    query = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
    name = f'"{schema}"."{table}"'
    connection.execute(query.format(sql.Literal(name), sql.Identifier(schema, table)))


def _defaults(model: type[models.Model], given: set[str]) -> dict[str, Any]:
    """Return the constants of the columns Django fills itself: the database has no defaults."""
    found = {}
    for field in model._meta.concrete_fields:
        is_filled_by_database = field.generated or field.has_db_default() or field.null
        if field.attname not in given and not field.primary_key and not is_filled_by_database:
            found[field.attname] = field.get_default()
    return found


def _lines(rows: Iterable[tuple[Any, ...]], tail: str) -> Iterable[str]:
    for row in rows:
        yield "\t".join([r"\N" if value is None else str(value) for value in row]) + tail + "\n"


def _text(value: Any) -> str:
    return r"\N" if value is None else str(value)
