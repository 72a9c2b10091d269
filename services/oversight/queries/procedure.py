"""The settings and the calendar of the committee, as they hold in the district on a day."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from foundation.complaints.desk import CalendarTerms
from kernel.complaints import KEYS, Procedure, read_procedure
from kernel.working_days import DayKind, ProductionCalendar, load_calendar
from services.regulation.queries import get_district_setting, get_district_settings
from services.regulation.queries.terms import WEEK
from tenants.registry.queries import get_regional_days


def get_procedure(*, on: date) -> Procedure:
    """Return the procedure of the committee."""
    held = get_district_settings(keys=list(KEYS.values()), on=on)
    return read_procedure({key: one.value for key, one in held.items()})


def get_terms() -> CalendarTerms:
    """Return the terms by the committee's week and the region's days, read when they are asked."""

    @cache
    def regional() -> Mapping[date, DayKind]:
        return get_regional_days()

    @cache
    def calendar_on(day: date) -> ProductionCalendar:
        return load_calendar(get_district_setting(key=WEEK, on=day).value, regional())

    return CalendarTerms(calendar_on)
