"""Database roles of schools and of the public schema: idempotent, also after a restore.

Roles are cluster-wide, so each bears the database's name (stack.md §14). The web's own role may
do nothing by itself: it becomes `<database>_public` at log-in and a school's role by the pin.
"""

from typing import Any

from django.conf import settings
from django.db import connections

from foundation.db.backend.base import PUBLIC, quoted
from foundation.db.door import public_role, role_of, schema_of

AUDIT = "audit_auditrecord"
AUDIT_LOG = "audit_log"
TEMPLATES = "provisioning_schematemplate"
DML = "SELECT, INSERT, UPDATE, DELETE"


def web_user() -> str:
    """Return the role the web logs in as."""
    return str(connections["default"].settings_dict["USER"])


def make_role(cursor: Any, role: str) -> None:
    """Create a NOLOGIN role and let the web become it, unless so already."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {quoted(role)} NOLOGIN")
    cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [web_user(), role])
    if not cursor.fetchone()[0]:
        cursor.execute(f"GRANT {quoted(role)} TO {quoted(web_user())}")


def grant_schema(cursor: Any, schema: str, role: str) -> None:
    """Give a role the rows of a schema, now and later; the audit only through its view."""
    place, holder = quoted(schema), quoted(role)
    cursor.execute(
        f"GRANT USAGE ON SCHEMA {place} TO {holder};"
        f"GRANT {DML} ON ALL TABLES IN SCHEMA {place} TO {holder};"
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {place} TO {holder};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {place} GRANT {DML} ON TABLES TO {holder};"
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {place} GRANT USAGE ON SEQUENCES TO {holder};"
        f"REVOKE ALL ON {place}.{AUDIT} FROM {holder};"
        f"REVOKE ALL ON {place}.{AUDIT_LOG} FROM {holder};"
        f"GRANT SELECT ON {place}.{AUDIT_LOG} TO {holder};"
        f"REVOKE ALL ON {place}.django_migrations FROM {holder};"
    )
    if schema == PUBLIC:
        # What the migrator will execute, nobody else may write.
        cursor.execute(f"REVOKE ALL ON {place}.{TEMPLATES} FROM {holder}")


def make_school_role(cursor: Any, school_id: int) -> None:
    """Make a school's role and give it the school's schema."""
    if not settings.DB_ROLES:
        grant_schema(cursor, schema_of(school_id), web_user())
        return
    make_role(cursor, role_of(school_id))
    grant_schema(cursor, schema_of(school_id), role_of(school_id))


def make_public_role(cursor: Any) -> None:
    """Make the role of the public schema, and the web become it at log-in."""
    cursor.execute(f"REVOKE ALL ON SCHEMA {PUBLIC} FROM PUBLIC")
    if not settings.DB_ROLES:
        grant_schema(cursor, PUBLIC, web_user())
        return
    make_role(cursor, public_role())
    grant_schema(cursor, PUBLIC, public_role())
    cursor.execute(
        f"ALTER ROLE {quoted(web_user())} IN DATABASE "
        f"{quoted(connections['admin'].settings_dict['NAME'])} SET role = {quoted(public_role())}"
    )
