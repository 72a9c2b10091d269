"""Noting an incident: by a school that lost its network (NFR-009), or by the district."""

from datetime import datetime, timedelta

from foundation.outbox.operations import record
from kernel.errors import DomainError, NotFound
from services.upkeep.events import IncidentReported
from services.upkeep.models import Incident

OLDEST = timedelta(days=62)


class IncidentIsUnreadable(DomainError):
    """The moments of an incident do not fit."""

    code = "incident-is-unreadable"
    message = "Проверьте время сбоя."


def report_incident(
    *,
    account_id: int | None,
    school_id: int | None,
    kind: str,
    started_at: datetime,
    ended_at: datetime | None,
    cause: str,
    told: str,
    is_in_study: bool,
    now: datetime,
) -> int:
    """Note an incident of a school, or of the district, let the district hear, return its id.

    The door has checked that the account may. Raise `IncidentIsUnreadable`.
    """
    if kind not in Incident.Kind.values:
        raise IncidentIsUnreadable("Выберите, что случилось.")
    if not now - OLDEST <= started_at <= now:
        raise IncidentIsUnreadable("Начало сбоя: не в будущем и не раньше двух месяцев назад.")
    _check_end(started_at, ended_at, now)
    incident = Incident.objects.create(
        school_id=school_id,
        kind=kind,
        started_at=started_at,
        ended_at=ended_at,
        cause=" ".join(cause.split())[:300],
        told=" ".join(told.split())[:300],
        is_in_study=is_in_study,
        reported_at=now,
        reported_by=account_id,
    )
    record(IncidentReported(incident.pk))
    return incident.pk


def end_incident(
    *, incident_id: int, ended_at: datetime, now: datetime, school_id: int | None = None
) -> None:
    """Note when an incident was over. `school_id` confines it to that school's own.

    Raise `NotFound` for one that is over already, `IncidentIsUnreadable`.
    """
    open_ones = Incident.objects.select_for_update().filter(pk=incident_id, ended_at=None)
    if school_id is not None:
        open_ones = open_ones.filter(school_id=school_id)
    incident = open_ones.first()
    if incident is None:
        raise NotFound
    _check_end(incident.started_at, ended_at, now)
    incident.ended_at = ended_at
    incident.save(update_fields=["ended_at"])


def _check_end(started_at: datetime, ended_at: datetime | None, now: datetime) -> None:
    if ended_at is not None and not started_at < ended_at <= now:
        raise IncidentIsUnreadable("Окончание сбоя: позже начала и не в будущем.")
