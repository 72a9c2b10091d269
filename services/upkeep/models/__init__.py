"""Models of the room, private to it."""

from services.upkeep.models.availability import AvailabilityDay, Sample
from services.upkeep.models.incident import Incident
from services.upkeep.models.works import PlannedWorks

__all__ = ["AvailabilityDay", "Incident", "PlannedWorks", "Sample"]
