"""What the room hears: a school's day changed, so its numbers are out of date."""

from datetime import date, timedelta
from typing import Protocol

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from services.monitoring.operations import mark_days_dirty, mark_dirty
from services.schedule.queries import find_first_day
from tenants.registry.queries import get_school_by_id


class DayChanged(Protocol):
    """Any event about one day of a school: of the journal or of the timetable."""

    @property
    def day(self) -> date: ...


class SchoolCame(Protocol):
    """A school that began to work here with years of its own behind it."""

    @property
    def school_id(self) -> int: ...


class DaysChanged(Protocol):
    """Any event about the days `since` up to, without, `until`."""

    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date: ...


def on_school_day_changed(school: SchoolRef | None, event: DayChanged) -> None:
    """Mark the day; twice does no harm."""
    assert school is not None
    with public_transaction():
        mark_dirty(school_id=school.id, day=event.day)


def on_school_days_changed(school: SchoolRef | None, event: DaysChanged) -> None:
    """Mark the days that have come; the others will be marked when they come."""
    assert school is not None
    until = min(event.until, clock.today(school.timezone) + timedelta(days=1))
    if event.since < until:
        with public_transaction():
            mark_days_dirty(school_id=school.id, since=event.since, until=until)


def on_school_arrived(_school: SchoolRef | None, event: SchoolCame) -> None:
    """Mark every day of the school's years up to today. Raise `NotFound` until it works."""
    school = get_school_by_id(event.school_id)
    with school_transaction(Actor.system(school), school.id):
        first = find_first_day()
    today = clock.today(school.timezone)
    with public_transaction():
        mark_days_dirty(
            school_id=school.id, since=min(first or today, today), until=today + timedelta(days=1)
        )


def on_service_changed(school: SchoolRef | None, _event: object) -> None:
    """Mark today: a case or a complaint moved; twice does no harm."""
    assert school is not None
    with public_transaction():
        mark_dirty(school_id=school.id, day=clock.today(school.timezone))
