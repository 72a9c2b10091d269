"""Archives of a school as its office sees them."""

from dataclasses import dataclass
from datetime import datetime

from tenants.archive.models import SchoolExport

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ExportCard:
    """An archive that was asked for: `state` is its code, `state_title` what people read."""

    id: int
    state: str
    state_title: str
    asked_at: datetime
    asker_name: str
    kept_until: datetime | None
    size: int | None
    sha256: str
    rows: int | None
    missing_files: int
    trouble: str
    taken_at: datetime | None


def list_exports(*, school_id: int) -> list[ExportCard]:
    """Return the last archives of a school, newest first. Expects `public_transaction()`."""
    rows = SchoolExport.objects.filter(school_id=school_id).order_by("-pk")[:SHOWN]
    return [
        ExportCard(
            id=row.pk,
            state=row.state,
            state_title=str(SchoolExport.State(row.state).label),
            asked_at=row.asked_at,
            asker_name=row.asker_name,
            kept_until=row.kept_until,
            size=row.size,
            sha256=row.sha256,
            rows=row.rows,
            missing_files=row.missing_files,
            trouble=row.trouble,
            taken_at=row.taken_at,
        )
        for row in rows
    ]
