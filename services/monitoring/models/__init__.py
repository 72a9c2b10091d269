"""Models of the room, private to it. They stand in the public schema: numbers, no persons."""

from services.monitoring.models.dirty_day import DirtyDay
from services.monitoring.models.fact import Fact
from services.monitoring.models.freshness import SchoolFreshness
from services.monitoring.models.service_fact import ServiceFact
from services.monitoring.models.subject_name import SubjectName

__all__ = ["DirtyDay", "Fact", "SchoolFreshness", "ServiceFact", "SubjectName"]
