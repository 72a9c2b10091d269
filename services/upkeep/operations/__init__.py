"""Announcing works, noting incidents, keeping what was measured."""

from services.upkeep.operations.incidents import (
    IncidentIsUnreadable,
    end_incident,
    report_incident,
)
from services.upkeep.operations.measuring import count_days, keep_sample, sweep_samples
from services.upkeep.operations.telling import tell_of_incident, tell_of_works
from services.upkeep.operations.works import (
    WorksAreRefused,
    announce_works,
    are_at_night,
    cancel_works,
)

__all__ = [
    "IncidentIsUnreadable",
    "WorksAreRefused",
    "announce_works",
    "are_at_night",
    "cancel_works",
    "count_days",
    "end_incident",
    "keep_sample",
    "report_incident",
    "sweep_samples",
    "tell_of_incident",
    "tell_of_works",
]
