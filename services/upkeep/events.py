"""What happened to the upkeep of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorksAnnounced:
    """Works were announced, or cancelled: whoever they touch is told."""

    works_id: int


@dataclass(frozen=True, slots=True)
class WorksCancelled:
    """The works will not be."""

    works_id: int


@dataclass(frozen=True, slots=True)
class IncidentReported:
    """A school or the district cannot work: the district is told at once (NFR-009)."""

    incident_id: int
