"""Migration operations of the audit: the function a schema has once, a trigger per table."""

from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# SECURITY DEFINER with a fixed path: the school's role cannot forge, and touches no other schema.
FUNCTION = """
DO $do$ BEGIN EXECUTE format($format$
CREATE FUNCTION audit_row_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = %1$I, pg_temp AS $body$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - TG_ARGV[1]::text[] END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - TG_ARGV[1]::text[] END;
BEGIN
    IF TG_OP = 'UPDATE' AND old_row = new_row THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_auditrecord
        (account_id, request_id, table_name, row_id, action, before, after)
    VALUES (
        nullif(current_setting('okrug.actor', true), '')::bigint,
        coalesce(current_setting('okrug.request', true), ''),
        TG_TABLE_NAME,
        (coalesce(new_row, old_row) ->> TG_ARGV[0])::bigint,
        TG_OP, old_row, new_row
    );
    RETURN NULL;
END
$body$
$format$, current_schema()); END $do$;
REVOKE ALL ON FUNCTION audit_row_change() FROM PUBLIC;
CREATE VIEW audit_log AS
    SELECT id, at, account_id, request_id, table_name, row_id, action, before, after
    FROM audit_auditrecord;
"""
DROP = "DROP VIEW audit_log; DROP FUNCTION audit_row_change();"


class TrackTable(Operation):
    """Leave an audit row for every change of a table, however it is made.

    `exclude` names columns whose change alone is no change; `key` is the integer primary key.
    """

    reversible = True

    def __init__(self, table: str, exclude: tuple[str, ...] = (), key: str = "id") -> None:
        self.table, self.exclude, self.key = table, exclude, key

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Create the trigger, in the schema where the table is."""
        if not router.allow_migrate(schema_editor.connection.alias, app_label):
            return
        columns = "{" + ",".join(self.exclude) + "}"
        schema_editor.execute(
            f'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "{self.table}" '
            f"FOR EACH ROW EXECUTE FUNCTION audit_row_change('{self.key}', '{columns}')"
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the trigger."""
        if not router.allow_migrate(schema_editor.connection.alias, app_label):
            return
        schema_editor.execute(f'DROP TRIGGER audit ON "{self.table}"')

    def describe(self) -> str:
        """Return what the operation does."""
        return f"Audit every change of {self.table}"


# A school's role may write every table of its schema; what is only added to refuses the rest.
REFUSE = """
CREATE FUNCTION "{table}_only_added_to"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME;
END
$body$;
CREATE TRIGGER only_added_to BEFORE UPDATE OR DELETE ON "{table}"
FOR EACH ROW EXECUTE FUNCTION "{table}_only_added_to"()
"""
ALLOW = """
DROP TRIGGER only_added_to ON "{table}"; DROP FUNCTION "{table}_only_added_to"()
"""


class AppendOnly(Operation):
    """Let rows of a table be added and read, never changed or deleted."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Create the trigger, in the schema where the table is."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            schema_editor.execute(REFUSE.format(table=self.table), params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Drop the trigger."""
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            schema_editor.execute(ALLOW.format(table=self.table), params=None)

    def describe(self) -> str:
        """Return what the operation does."""
        return f"Only add to {self.table}"
