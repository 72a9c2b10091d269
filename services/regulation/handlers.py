"""What the committee changes comes into every school: the days of the region, its settings."""

import logging

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from services.regulation.calendars import copy_calendar
from services.regulation.operations import copy_settings
from tenants.registry.events import DistrictSettingChanged, RegionalDaysChanged
from tenants.registry.queries import list_regional_days, list_schools, list_settings

logger = logging.getLogger(__name__)


class SomeSchoolsAreLeft(Exception):
    """Not every school could be reached; the others have the calendar."""


def on_regional_days_changed(school: SchoolRef | None, event: RegionalDaysChanged) -> None:
    """Copy the days of the region into every school, whatever the event said they were."""
    spread_calendar()


def on_district_setting_changed(school: SchoolRef | None, event: DistrictSettingChanged) -> None:
    """Copy what the committee set into every school, whatever the event said it was."""
    spread_calendar()


def spread_calendar() -> None:
    """Bring every school to the calendar and the settings of the district known now.

    One that has them already hears nothing.

    Raise `SomeSchoolsAreLeft` at the end, so that the event comes again.
    """
    with public_transaction():
        days, settings = list_regional_days(), list_settings()
    left = 0
    for ref in list_schools():
        actor = Actor.system(ref)
        try:
            with school_transaction(actor, ref.id):
                copy_settings(actor=actor, rows=settings)
                copy_calendar(
                    actor=actor,
                    regional={card.date.isoformat(): card.kind for card in days},
                    acts=[card.act for card in days],
                )
        except Exception:  # one school's trouble must not stop the others
            logger.exception("regulation.calendar_not_copied", extra={"school_id": ref.id})
            left += 1
    if left:
        raise SomeSchoolsAreLeft(left)
