"""What the district hears of archives."""

from kernel.actor import SchoolRef
from tenants.archive.events import SchoolExportAsked
from tenants.archive.tasks import make_export_district


def on_export_asked(_school: SchoolRef | None, event: SchoolExportAsked) -> None:
    """Put the work before the workers; whoever takes it twice makes it once."""
    make_export_district.delay(export_id=event.export_id)
