"""What a school consists of: its tables as the database has them, in words of the models.

Two kinds of columns lead out of a school. `account_id` and whatever ends in `_by` name an account,
`DISTRICT_COLUMNS` things of the district; tests/tenancy/test_archive_catalogue.py keeps the rule.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from foundation.db.backend.base import quoted

# Written by migrations, told in the manifest.
OUTSIDE = "django_migrations"
# The school's role reads the journal of actions through its view only.
READ_THROUGH = {"audit_auditrecord": "audit_log"}
DISTRICT_COLUMNS = frozenset(
    {
        "committee_id",
        "leaves_for_id",
        "moved_to_school_id",
        "came_from_school_id",
        "came_from_case_id",
    }
)
DISTRICT_PLACES = frozenset({("audit_voidnote", "case_id")})
KEYED_COLUMN = "identity_digest"  # of no meaning under another key
ACCOUNT_ID, BY = "account_id", "_by"

TABLES = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.attgenerated <> '', EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
        AND a.attnum = ANY (i.indkey)
    )
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r' AND a.attnum > 0
    AND NOT a.attisdropped AND c.relname <> %s
ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the database has it."""

    name: str
    type: str
    is_required: bool
    is_generated: bool
    is_key: bool


@dataclass(frozen=True, slots=True)
class SchoolTable:
    """A table of a school."""

    name: str
    columns: tuple[Column, ...]

    @property
    def stored(self) -> tuple[Column, ...]:
        """Return the columns that are kept; the others the database works out itself."""
        return tuple(column for column in self.columns if not column.is_generated)

    @property
    def column_list(self) -> str:
        """Return the kept columns for a statement."""
        return ", ".join(quoted(column.name) for column in self.stored)

    @property
    def order(self) -> str:
        """Return the primary key for a statement."""
        return ", ".join(quoted(column.name) for column in self.columns if column.is_key)

    @property
    def account_columns(self) -> tuple[str, ...]:
        """Return the columns that name an account."""
        return tuple(one.name for one in self.stored if one.type == "bigint" and names_account(one))

    @property
    def district_columns(self) -> tuple[str, ...]:
        """Return the columns that name something of the district."""
        return tuple(
            one.name
            for one in self.stored
            if one.name in DISTRICT_COLUMNS or (self.name, one.name) in DISTRICT_PLACES
        )

    @property
    def sealed_columns(self) -> dict[str, str]:
        """Return the purposes of the seals, by column."""
        model = models_by_table().get(self.name)
        return dict(getattr(model, "sealed", {}))


def names_account(column: Column) -> bool:
    """Return whether a bigint column names an account."""
    return column.name == ACCOUNT_ID or column.name.endswith(BY)


def read_tables(cursor: Any, schema: str) -> dict[str, SchoolTable]:
    """Return the tables of a school's schema by name."""
    cursor.execute(TABLES, [schema, OUTSIDE])
    found: dict[str, list[Column]] = {}
    for table, *column in cursor.fetchall():
        found.setdefault(table, []).append(Column(*column))
    return {name: SchoolTable(name, tuple(columns)) for name, columns in found.items()}


@cache
def models_by_table() -> dict[str, type[models.Model]]:
    """Return the models that stand in a school's schema."""
    return {
        model._meta.db_table: model
        for app in apps.get_app_configs()
        if app.name in settings.TENANT_APPS
        for model in app.get_models(include_auto_created=True)
        if model._meta.managed
    }


def describe(tables: dict[str, SchoolTable]) -> list[dict[str, Any]]:
    """Return the tables in the words of the program, for whoever reads them with another."""
    return [_describe(table) for table in tables.values()]


def _describe(table: SchoolTable) -> dict[str, Any]:
    model = models_by_table()[table.name]
    fields = {field.column: field for field in model._meta.concrete_fields}
    return {
        "table": table.name,
        "title": title_of(table.name),
        "room": str(model._meta.app_config.verbose_name),
        "description": " ".join((model.__doc__ or "").split()),
        "columns": [_describe_column(table, one, fields.get(one.name)) for one in table.columns],
    }


def title_of(table: str) -> str:
    """Return the table's name as the program calls it."""
    return str(models_by_table()[table]._meta.verbose_name)


def _describe_column(
    table: SchoolTable, column: Column, field: "models.Field[Any, Any] | None"
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": str(field.verbose_name) if field is not None else column.name,
        "required": column.is_required,
        "key": column.is_key,
    }
    if column.is_generated:
        told["note"] = "вычисляется базой данных, в файл не входит"
    if column.name in table.sealed_columns:
        told["note"] = "в программе хранится зашифрованным, здесь открытый текст"
    if column.name in table.account_columns:
        told["refers_to"] = "public/accounts.csv"
    if isinstance(field, models.ForeignKey):
        told["refers_to"] = field.related_model._meta.db_table
    if field is not None and field.choices:
        told["choices"] = {str(value): str(label) for value, label in field.flatchoices}
    return told
