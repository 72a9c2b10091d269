"""Addresses of who holds no role any more leave the journal of actions as well."""

from django.db import migrations

# The journal of actions holds what an address was. Only through this function of the migrator's
# can it go, and only when the account has no address left.
FORGET = """
DO $do$ BEGIN EXECUTE format($format$
CREATE FUNCTION accounts_forget_contacts(whose bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = %1$I, pg_temp AS $body$
DECLARE
    forgotten integer;
BEGIN
    IF EXISTS (SELECT FROM accounts_contact WHERE account_id = whose) THEN
        RAISE EXCEPTION 'the addresses are still there' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE audit_auditrecord SET before = before - 'value', after = after - 'value'
    WHERE table_name = 'accounts_contact' AND (before ? 'value' OR after ? 'value')
        AND (coalesce(after, before) ->> 'account_id')::bigint = whose;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END
$body$
$format$, current_schema()); END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_identity"),
    ]

    operations = [
        migrations.RunSQL(FORGET, "DROP FUNCTION accounts_forget_contacts(bigint);"),
    ]
