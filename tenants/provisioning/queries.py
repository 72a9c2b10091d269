"""How far each school's schema has come."""

from dataclasses import dataclass
from datetime import datetime

from tenants.provisioning.models import SchoolUpgrade
from tenants.provisioning.schema import code_head
from tenants.registry.models import School


@dataclass(frozen=True, slots=True)
class SchoolHead:
    """A school's schema: its head, whether it is the code's, the last attempt to move it."""

    school_id: int
    short_name: str
    head: str
    is_current: bool
    moved_at: datetime | None
    tried_at: datetime | None
    migration: str
    failure: str


def list_heads() -> list[SchoolHead]:
    """Return every school that has a schema. The public schema must be open."""
    head = code_head()
    notes = {note.pk: note for note in SchoolUpgrade.objects.all()}
    rows = School.objects.exclude(schema_head="").order_by("pk")
    return [_head(row, notes.get(row.pk), head) for row in rows]


def count_behind() -> int:
    """Return how many schools are not at the code's head."""
    return int(School.objects.exclude(schema_head__in=["", code_head()]).count())


def _head(row: School, note: SchoolUpgrade | None, head: str) -> SchoolHead:
    return SchoolHead(
        school_id=row.pk,
        short_name=row.short_name,
        head=row.schema_head,
        is_current=row.schema_head == head,
        moved_at=note.moved_at if note else None,
        tried_at=note.tried_at if note else None,
        migration=note.migration if note else "",
        failure=note.failure if note else "",
    )
