"""Works and incidents are told of, school by school."""

from foundation.db.door import public_transaction
from kernel.actor import SchoolRef
from services.upkeep.events import IncidentReported, WorksAnnounced, WorksCancelled
from services.upkeep.operations import tell_of_incident, tell_of_works
from tenants.registry.queries import list_schools


def on_works_announced(_: SchoolRef | None, event: WorksAnnounced) -> None:
    """Tell the district and every school the works touch."""
    _tell(event.works_id, is_cancelled=False)


def on_works_cancelled(_: SchoolRef | None, event: WorksCancelled) -> None:
    """Tell the same people that the works will not be."""
    _tell(event.works_id, is_cancelled=True)


def on_incident_reported(_: SchoolRef | None, event: IncidentReported) -> None:
    """Tell the district."""
    schools = list_schools()
    with public_transaction():
        tell_of_incident(incident_id=event.incident_id, schools=schools)


def _tell(works_id: int, *, is_cancelled: bool) -> None:
    schools = list_schools()
    for school in [None, *schools]:
        with public_transaction():
            tell_of_works(
                works_id=works_id, school=school, schools=schools, is_cancelled=is_cancelled
            )
