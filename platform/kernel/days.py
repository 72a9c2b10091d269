"""The day a moment falls on: at night it is another in a school than in UTC (NFR-008)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_day(moment: datetime, zone: str) -> date:
    """Return the day an aware moment falls on in a time zone such as «Europe/Moscow»."""
    return moment.astimezone(ZoneInfo(zone)).date()
