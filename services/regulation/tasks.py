"""Nightly work of the room: every school has the calendar of this release and of the committee."""

from celery import shared_task

from services.regulation.handlers import spread_calendar


@shared_task
def spread_calendar_district(**_: object) -> None:
    """Copy the calendar; a decree that came with a release makes open terms count anew."""
    spread_calendar()
