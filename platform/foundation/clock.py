"""What time it is, asked once at a door. `OKRUG_TODAY` fixes the day of demos and tests.

On that day the hour is the real one, moved by `OKRUG_HOUR_SHIFT` seconds: tests begin after the
last lesson at whatever hour they are run.
"""

import os
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from kernel.days import local_day


def now() -> datetime:
    """Return this moment, aware; on a fixed day the hour goes on as the real one does."""
    moment = timezone.now()
    fixed = os.environ.get("OKRUG_TODAY")
    if not fixed:
        return moment
    shift = timedelta(seconds=float(os.environ.get("OKRUG_HOUR_SHIFT", "0")))
    local = timezone.localtime(moment + shift)
    return datetime.combine(date.fromisoformat(fixed), local.timetz())


def today(zone: str) -> date:
    """Return the day it is in a time zone (NFR-008: the school's own)."""
    return local_day(now(), zone)


def hour(moment: datetime, zone: str) -> str:
    """Return «10:42», the moment on the school's clock."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"
