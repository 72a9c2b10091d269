"""Giving a school back: it stands still, another schema takes its place, it works again.

`infra.backup` brings the schema of an earlier moment; here it becomes the school's in one short
transaction of the migrator. The schema it replaces is kept aside under a name that nobody opens.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from foundation.db.backend.base import quoted
from foundation.db.door import role_of, schema_of
from kernel.actor import SchoolRef
from kernel.errors import DomainError
from tenants.provisioning import roles, schema
from tenants.registry.models import School
from tenants.registry.queries import forget_schools, to_ref

# How many events of the schema that is replaced happened after the moment: what people lose.
UNDONE = """
SELECT table_name, action, count(*) FROM {schema}.audit_auditrecord
WHERE at > %s GROUP BY table_name, action ORDER BY table_name, action
"""
# A number that was given once is never given to somebody else: public rows and letters bear it.
KEEP_NUMBERS = """
SELECT format('SELECT setval(%%L, %%s)', quote_ident(new.schemaname) || '.' ||
    quote_ident(new.sequencename), greatest(old.last_value, new.last_value))
FROM pg_sequences AS new JOIN pg_sequences AS old USING (sequencename)
WHERE new.schemaname = %s AND old.schemaname = %s
    AND greatest(old.last_value, new.last_value) IS NOT NULL
"""


class SchoolCannotBeRestored(DomainError):
    """No such school, or what was brought is not its schema."""

    code = "school-cannot-be-restored"
    message = "Школу восстановить нельзя."


def stop_school(*, slug: str) -> SchoolRef:
    """Freeze a working school: nobody is let into it. Raise `SchoolCannotBeRestored`."""
    with transaction.atomic():
        school = School.objects.select_for_update().filter(slug=slug).first()
        if school is None or school.state == School.State.OPENING:
            raise SchoolCannotBeRestored(f"Школы «{slug}» нет или она ещё не открыта.")
        school.state = School.State.FROZEN
        school.save(update_fields=["state"])
    forget_schools()
    return to_ref(school)


def start_school(*, slug: str) -> None:
    """Let people into the school again."""
    School.objects.filter(slug=slug).update(state=School.State.ACTIVE)
    forget_schools()


def put_in_place(
    *, school_id: int, brought: str, aside: str, head: str, moment: datetime
) -> list[tuple[str, str, int]]:
    """Let the brought schema be the school's; return what that undoes: table, action, how many.

    One transaction of the migrator. Raise `SchoolCannotBeRestored` when nothing was brought.
    """
    own = schema_of(school_id)
    if not schema.schema_exists(brought):
        raise SchoolCannotBeRestored(f"Схемы {brought} нет: восстановление не дошло до конца.")
    with transaction.atomic(using="admin"), schema.admin().cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        undone: list[tuple[str, str, int]] = []
        if schema.schema_exists(own):
            cursor.execute(UNDONE.format(schema=quoted(own)), [moment])
            undone = [tuple(row) for row in cursor.fetchall()]
            _keep_numbers(cursor, brought, own)
            cursor.execute(f"ALTER SCHEMA {quoted(own)} RENAME TO {quoted(aside)}")
            _close(cursor, aside, role_of(school_id) or roles.web_user())
        cursor.execute(f"ALTER SCHEMA {quoted(brought)} RENAME TO {quoted(own)}")
        cursor.execute(f"COMMENT ON SCHEMA {quoted(own)} IS 'Okrug: a school'")
        roles.make_school_role(cursor, school_id)
        cursor.execute(
            "UPDATE registry_school SET schema_head = %s WHERE id = %s", [head, school_id]
        )
    return undone


def _keep_numbers(cursor: Any, brought: str, own: str) -> None:
    cursor.execute(KEEP_NUMBERS, [brought, own])
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def _close(cursor: Any, aside: str, holder: str) -> None:
    cursor.execute(
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {quoted(aside)} FROM {quoted(holder)};"
        f"REVOKE ALL ON SCHEMA {quoted(aside)} FROM {quoted(holder)};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {quoted(aside)} REVOKE ALL ON TABLES FROM"
        f" {quoted(holder)};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {quoted(aside)} REVOKE ALL ON SEQUENCES FROM"
        f" {quoted(holder)};"
        f"COMMENT ON SCHEMA {quoted(aside)} IS 'Okrug: set aside by a restore'"
    )
