"""What the catalogue must say of a school's schema: rules 1–4 of distribution (stack.md §6)."""

import re

import pytest
from django.db import connections

from foundation.db.door import schema_of
from tenants.provisioning import schema
from tenants.registry.models import School

pytestmark = [pytest.mark.postgresql15]

COLUMNS = """
SELECT c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname = %s ORDER BY 1, a.attnum
"""
INDEXES = (
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2"
)
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = %s::regnamespace ORDER BY 1, 2
"""
TRIGGERS = """
SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal ORDER BY 1, 2
"""
FUNCTIONS = """
SELECT proname, prosecdef, proconfig::text, prosrc FROM pg_proc
WHERE pronamespace = %s::regnamespace ORDER BY 1
"""


def ask(query: str, name: str) -> list[tuple[object, ...]]:
    """Return rows of the catalogue with the schema's own name taken out."""
    with connections["admin"].cursor() as cursor:
        cursor.execute(query, [name])
        return [
            tuple(plain(value, name) if isinstance(value, str) else value for value in row)
            for row in cursor.fetchall()
        ]


def plain(text: str, name: str) -> str:
    """Return an expression without what pg_dump writes otherwise: casts and their brackets."""
    return re.sub(r"::(character varying|text)(\[\])?|[()\[\]\s]", "", text.replace(name, "@"))


@pytest.fixture
def names(real_district):
    """The name of a replayed schema, and of one made by migrations."""
    migrated = "migrated_for_comparison"
    schema.migrate_schema(migrated)
    yield next(iter(real_district.values())).schema, migrated
    schema.drop_schema(migrated)


@pytest.mark.parametrize(
    "query", [COLUMNS, INDEXES, CONSTRAINTS, TRIGGERS, FUNCTIONS], ids=lambda q: q.split()[1]
)
def test_replayed_and_migrated_schools_are_alike(names, query):
    replayed, migrated = names

    assert ask(query, replayed) == ask(query, migrated) != []


def test_replayed_school_knows_its_migrations(names):
    replayed, migrated = names
    query = "SELECT app, name FROM {}.django_migrations ORDER BY 1, 2"
    with connections["admin"].cursor() as cursor:
        cursor.execute(query.format(replayed))
        left = cursor.fetchall()
        cursor.execute(query.format(migrated))

        assert left == cursor.fetchall()
        assert left == schema.code_migrations()


def test_no_key_crosses_schemas(real_district):
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint k "
            "JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid "
            "WHERE k.contype = 'f' AND a.relnamespace <> b.relnamespace"
        )

        assert cursor.fetchall() == []


def test_every_table_has_a_key_and_no_rule_or_inheritance(real_district):
    name = next(iter(real_district.values())).schema
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = %s::regnamespace "
            "AND c.relkind IN ('r', 'p') AND (c.relhassubclass OR c.relispartition OR NOT EXISTS "
            "(SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p'))",
            [name],
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT tablename FROM pg_rules WHERE schemaname = %s AND rulename <> '_RETURN'", [name]
        )
        assert cursor.fetchall() == []


def test_numbers_of_rows_are_bigint_identities(real_district):
    name = next(iter(real_district.values())).schema
    keys = [row for row in ask(COLUMNS, name) if row[1] == "r" and row[2] == "id"]

    assert keys
    # django_migrations is Django's own and keeps Django's own key
    assert {row[0] for row in keys if row[3] != "bigint" or not row[5]} <= {"django_migrations"}


def test_triggers_touch_their_own_schema_only(real_district):
    name = next(iter(real_district.values())).schema
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE c.relnamespace = %s::regnamespace "
            "AND NOT t.tgisinternal AND p.pronamespace <> c.relnamespace",
            [name],
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT proconfig::text FROM pg_proc WHERE pronamespace = %s::regnamespace "
            "AND proname = 'audit_row_change'",
            [name],
        )
        assert cursor.fetchone() == (f'{{"search_path={name}, pg_temp"}}',)


def test_every_school_is_at_the_head_of_the_code(real_district):
    heads = set(School.objects.values_list("schema_head", flat=True))

    assert heads == {schema.code_head()}
    assert {schema_of(pk) for pk in School.objects.values_list("pk", flat=True)} == set(
        School.objects.values_list("schema_name", flat=True)
    )
