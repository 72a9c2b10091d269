"""Incidents of a month, and how many of them are emergencies (аварийный режим); NFR-007."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from kernel.days import local_day
from services.regulation.queries import get_district_setting
from services.upkeep.models import Incident
from services.upkeep.rules import is_emergency
from tenants.registry.queries import get_district

KINDS: tuple[tuple[str, str], ...] = tuple(
    (str(code), str(title)) for code, title in Incident.Kind.choices
)


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """An incident as pages show it; `is_emergency` when it lasted longer than a short one may."""

    id: int
    school_id: int | None
    kind: str
    kind_title: str
    started_at: datetime
    ended_at: datetime | None
    cause: str
    told: str
    is_in_study: bool
    reported_at: datetime
    is_emergency: bool


def list_incidents(*, since: datetime, until: datetime, now: datetime) -> list[IncidentCard]:
    """Return the incidents that touch a stretch of time, and all that go on; the newest first."""
    touches = Q(started_at__lt=until) & (Q(ended_at__gt=since) | Q(ended_at=None))
    rows = Incident.objects.filter(touches).order_by("-started_at", "-pk")
    today = local_day(now, get_district().timezone)
    minutes = int(get_district_setting(key="upkeep.emergency_minutes", on=today).value)
    return [
        IncidentCard(
            id=row.pk,
            school_id=row.school_id,
            kind=row.kind,
            kind_title=Incident.Kind(row.kind).label,
            started_at=row.started_at,
            ended_at=row.ended_at,
            cause=row.cause,
            told=row.told,
            is_in_study=row.is_in_study,
            reported_at=row.reported_at,
            is_emergency=is_emergency(row.started_at, row.ended_at, now, minutes),
        )
        for row in rows
    ]


def count_emergencies(incidents: Iterable[IncidentCard], school_id: int) -> int:
    """Return how many emergencies in study time touched a school: its own and the district's."""
    return sum(
        one.is_emergency and one.is_in_study and one.school_id in (None, school_id)
        for one in incidents
    )


def get_emergencies_allowed(*, on: date) -> int:
    """Return how many emergencies a month are bearable."""
    return int(get_district_setting(key="upkeep.emergencies_a_month", on=on).value)
