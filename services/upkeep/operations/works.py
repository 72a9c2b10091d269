"""Announcing planned works and calling them off; NFR-005."""

from collections.abc import Collection
from datetime import datetime

from foundation.db.kept import forget_at_commit
from foundation.outbox.operations import record
from kernel.actor import SchoolRef
from kernel.days import local_day
from kernel.errors import DomainError, NotFound
from services.upkeep.events import WorksAnnounced, WorksCancelled
from services.upkeep.models import PlannedWorks
from services.upkeep.queries.works import forget_works, get_hours, get_works_terms
from services.upkeep.rules import find_refusal, is_at_night
from tenants.registry.queries import get_district


class WorksAreRefused(DomainError):
    """Works may not be at such a time."""

    code = "works-are-refused"
    message = "Работы в такое время проводить нельзя."


def are_at_night(*, schools: Collection[SchoolRef], starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether a stretch lies in the night of every school, each by its own clock."""
    hours = get_hours(on=local_day(starts_at, get_district().timezone))
    return all(is_at_night(starts_at, ends_at, one.timezone, hours) for one in schools)


def announce_works(
    *,
    account_id: int | None,
    schools: Collection[SchoolRef],
    school_id: int | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    studying: Collection[str],
    now: datetime,
) -> int:
    """Announce works of one school, or of the whole district, and return their id.

    `schools` are those they touch, `studying` those of them with lessons then. The door has checked
    that the account may. Raise `WorksAreRefused`.
    """
    at_night = are_at_night(schools=schools, starts_at=starts_at, ends_at=ends_at)
    refusal = find_refusal(
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        at_night=at_night,
        studying=studying,
        terms=get_works_terms(on=local_day(now, get_district().timezone)),
    )
    if refusal:
        raise WorksAreRefused(refusal)
    works = PlannedWorks.objects.create(
        school_id=school_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=" ".join(reason.split())[:200],
        is_at_night=at_night,
        announced_at=now,
        announced_by=account_id,
    )
    record(WorksAnnounced(works.pk))
    forget_at_commit(forget_works)
    return works.pk


def cancel_works(*, works_id: int, now: datetime) -> None:
    """Call works off before they end; a second time changes nothing. Raise `NotFound`."""
    coming = PlannedWorks.objects.filter(pk=works_id, ends_at__gt=now)
    if not coming.exists():
        raise NotFound
    if coming.filter(cancelled_at=None).update(cancelled_at=now):
        record(WorksCancelled(works_id))
        forget_at_commit(forget_works)
