"""Works that are to come, and whether a school has lessons then."""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.school_year import start_year_of
from services.regulation.queries import get_district_setting
from services.schedule.queries import YearCalendar, get_calendar
from services.upkeep.models import PlannedWorks
from services.upkeep.rules import Hours, WorksTerms, list_days

NEAR = timedelta(days=14)
TTL_SECONDS = 30.0
LEVELS = range(1, 12)


@dataclass(frozen=True, slots=True)
class WorksCard:
    """Works as people are told of them."""

    id: int
    school_id: int | None
    starts_at: datetime
    ends_at: datetime
    reason: str
    is_at_night: bool
    announced_at: datetime
    cancelled_at: datetime | None


class _Kept:
    """The works that are near, read anew every `TTL_SECONDS`: every page shows them."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.works: list[WorksCard] = []


_kept = _Kept()


def forget_works() -> None:
    """Read the works anew at the next question."""
    _kept.read_at = float("-inf")


def list_near_works(*, now: datetime, school_id: int | None = None) -> list[WorksCard]:
    """Return works of two weeks to come, or under way, that touch a school, the nearest first.

    Without a school those of the whole district. No school may be open.
    """
    if time.monotonic() - _kept.read_at > TTL_SECONDS:
        _kept.works = list_coming_works(now=now)
        _kept.read_at = time.monotonic()
    return [
        one
        for one in _kept.works
        if one.starts_at < now + NEAR and one.ends_at > now and one.school_id in (None, school_id)
    ]


def list_coming_works(*, now: datetime) -> list[WorksCard]:
    """Return every announced works that are not over, the nearest first."""
    rows = PlannedWorks.objects.filter(ends_at__gt=now, cancelled_at=None)
    return [card(row) for row in rows.order_by("starts_at", "pk")]


def list_past_works(*, since: datetime, until: datetime) -> list[WorksCard]:
    """Return the works that were not cancelled and touch a stretch of time."""
    rows = PlannedWorks.objects.filter(starts_at__lt=until, ends_at__gt=since, cancelled_at=None)
    return [card(row) for row in rows.order_by("starts_at", "pk")]


def card(row: PlannedWorks) -> WorksCard:
    """Return the works as a plain value."""
    return WorksCard(
        id=row.pk,
        school_id=row.school_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reason=row.reason,
        is_at_night=row.is_at_night,
        announced_at=row.announced_at,
        cancelled_at=row.cancelled_at,
    )


def get_hours(*, on: date) -> Hours:
    """Return the hours in which the product must be there on a day."""
    opens, closes = get_district_setting(key="upkeep.working_hours", on=on).value
    return Hours(int(opens), int(closes))


def get_works_terms(*, on: date) -> WorksTerms:
    """Return what works by day must keep."""
    return WorksTerms(
        notice_days=int(get_district_setting(key="upkeep.works_notice_days", on=on).value),
        longest_hours=int(get_district_setting(key="upkeep.works_longest_hours", on=on).value),
    )


def find_studying(
    *, schools: Iterable[SchoolRef], starts_at: datetime, ends_at: datetime
) -> set[str]:
    """Return the names of schools that are not on holidays all through a stretch of time.

    Opens each in turn. A school without a calendar learns: nobody can say it does not.
    """
    found = set()
    for school in schools:
        days = list_days(starts_at, ends_at, school.timezone)
        with school_transaction(Actor.system(school), school.id):
            if not all(_is_holiday(day) for day in days):
                found.add(school.short_name)
    return found


def _is_holiday(day: date) -> bool:
    try:
        calendar = get_calendar(start_year=start_year_of(day))
    except NotFound:
        return False
    if not calendar.starts_on <= day <= calendar.ends_on:
        return True
    levels = [level for level in LEVELS if calendar.terms_of(level)]
    return bool(levels) and all(_rests(calendar, level, day) for level in levels)


def _rests(calendar: YearCalendar, level: int, day: date) -> bool:
    return any(one.starts_on <= day <= one.ends_on for one in calendar.breaks_of(level))


def schools_of(works: WorksCard, schools: Collection[SchoolRef]) -> list[SchoolRef]:
    """Return the schools that works touch."""
    return [one for one in schools if works.school_id in (None, one.id)]
