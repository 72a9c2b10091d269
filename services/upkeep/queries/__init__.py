"""Reading the room: works that are near, incidents, how available the product was."""

from services.upkeep.queries.availability import (
    Availability,
    get_answer_goal,
    get_availability_goal,
    get_last_sample_at,
    list_availability,
    list_days,
    total,
)
from services.upkeep.queries.incidents import KINDS as INCIDENT_KINDS
from services.upkeep.queries.incidents import (
    IncidentCard,
    count_emergencies,
    get_emergencies_allowed,
    list_incidents,
)
from services.upkeep.queries.works import (
    WorksCard,
    find_studying,
    forget_works,
    get_hours,
    list_coming_works,
    list_near_works,
)
from services.upkeep.rules import say_stretch

__all__ = [
    "INCIDENT_KINDS",
    "Availability",
    "IncidentCard",
    "WorksCard",
    "count_emergencies",
    "find_studying",
    "forget_works",
    "get_answer_goal",
    "get_availability_goal",
    "get_emergencies_allowed",
    "get_hours",
    "get_last_sample_at",
    "list_availability",
    "list_coming_works",
    "list_days",
    "list_incidents",
    "list_near_works",
    "say_stretch",
    "total",
]
