"""Emptying what a test with the fixture `real_district` committed, as the migrator."""

from django.db import connections

from foundation.db.backend.base import PUBLIC, quoted
from kernel.actor import SchoolRef
from tenants.provisioning.operations import open_school


def empty_monitoring() -> None:
    """Empty the district's numbers and the outbox of the public schema."""
    _truncate(PUBLIC, r"^(monitoring_|outbox_)")


def empty_school(school: SchoolRef) -> None:
    """Empty a school and fill its dictionaries anew: as it was on the day it was opened."""
    _truncate(school.schema, r"^(?!django_migrations$)")
    open_school(school_id=school.id)


def _truncate(schema: str, pattern: str) -> None:
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename ~ %s",
            [schema, pattern],
        )
        tables = [f"{quoted(schema)}.{quoted(name)}" for (name,) in cursor.fetchall()]
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
