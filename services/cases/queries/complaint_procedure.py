"""The settings and the calendar of a school for complaints, as they hold on a day."""

from datetime import date

from foundation.complaints.desk import CalendarTerms
from kernel.complaints import KEYS, Procedure, read_procedure
from services.regulation.queries import get_settings
from services.regulation.queries.terms import get_deadline_calendar


def get_procedure(*, on: date) -> Procedure:
    """Return the procedure by the school's regulation."""
    held = get_settings(keys=list(KEYS.values()), on=on)
    return read_procedure({key: one.value for key, one in held.items()})


def get_terms() -> CalendarTerms:
    """Return the terms by the school's week and the region's days."""
    return CalendarTerms(lambda day: get_deadline_calendar(on=day))
