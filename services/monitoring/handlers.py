"""What the room hears: a school's day changed, so its numbers are out of date."""

from datetime import date, timedelta
from typing import Protocol

from foundation import clock
from foundation.db.door import public_transaction
from kernel.actor import SchoolRef
from services.monitoring.operations import mark_days_dirty, mark_dirty


class DayChanged(Protocol):
    """Any event about one day of a school: of the journal or of the timetable."""

    @property
    def day(self) -> date: ...


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
