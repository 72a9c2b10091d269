"""How a school gets from its head to the code's: SQL recorded once on an empty copy, then replayed.

Django works out a migration's SQL anew for every schema, half a second each; what it executes in
one school it executes in every school of the same head. So it runs once, in an empty copy of such
a school, and is written down.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.migrations import Migration, RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

from tenants.provisioning import schema
from tenants.provisioning.models import SchemaTemplate

Key = tuple[str, str]
DJANGOS_OWN = ("SELECT ", 'INSERT INTO "django_migrations"')  # its reading and bookkeeping


@dataclass(slots=True)
class Step:
    """One migration as SQL; what is not atomic (an index built aside) needs no transaction."""

    key: Key
    is_atomic: bool
    statements: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The steps in order, and every migration the schema has seen after them."""

    steps: tuple[Step, ...]
    applied: tuple[Key, ...]


def record_recipe(school_schema: str, applied: list[Key]) -> Recipe | None:
    """Return the way to the code's head of a school that has seen these migrations, and no other.

    None: a migration looks at rows (RunPython), so every school has to go by itself. Raise
    `DatabaseError` when a migration fails already in the empty copy.
    """
    if set(applied) == set(schema.code_migrations()):
        return Recipe((), tuple(applied))
    with _empty_copy(school_schema, applied) as copy, schema.admin().open_schema(copy):
        notes = _Notes()
        executor = MigrationExecutor(schema.admin(), notes.turn_page)
        leaves = schema.list_school_leaves(executor)
        if any(_looks_at_rows(one.operations) for one, _ in executor.migration_plan(leaves)):
            return None
        with schema.admin().execute_wrapper(notes.write):
            executor.migrate(leaves)
        return Recipe(tuple(notes.steps), tuple(schema.list_applied(copy)))


class _Notes:
    """What Django executes, by migration."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def turn_page(self, action: str, migration: Any = None, _: Any = None, /) -> None:
        if action == "apply_start" and isinstance(migration, Migration):
            self.steps.append(Step((migration.app_label, migration.name), migration.atomic))

    def write(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        words = str(sql) if not params else str(schema.admin().ops.compose_sql(sql, params))
        if self.steps and not words.startswith(DJANGOS_OWN):
            self.steps[-1].statements.append(words)
        return execute(sql, params, many, context)


def _looks_at_rows(operations: Sequence[Operation]) -> bool:
    return any(
        isinstance(one, RunPython)
        or (isinstance(one, SeparateDatabaseAndState) and _looks_at_rows(one.database_operations))
        for one in operations
    )


@contextmanager
def _empty_copy(school_schema: str, applied: list[Key]) -> Iterator[str]:
    """Make an empty schema like the school's, from its template or from its own DDL; drop it."""
    copy = f"template_{secrets.token_hex(6)}"
    template = _find_template(applied) or SchemaTemplate(
        ddl=schema.clean_ddl(schema.dump_schema(school_schema), school_schema),
        migrations=applied,
    )
    try:
        with transaction.atomic(using="admin"), schema.admin().cursor() as cursor:
            schema.replay(cursor, template, copy)
        yield copy
    finally:
        schema.drop_schema(copy)


def _find_template(applied: list[Key]) -> SchemaTemplate | None:
    for template in SchemaTemplate.objects.using("admin").order_by("-made_at", "-pk"):
        if {(app, name) for app, name in template.migrations} == set(applied):
            return template
    return None
