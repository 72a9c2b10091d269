"""Nightly work of the room: uploaded lists nobody applied are wiped, for they hold names."""

from datetime import timedelta

from celery import shared_task

from foundation import clock
from kernel.actor import Actor
from services.people.operations import wipe_stale_imports
from tenants.registry.jobs import school_task
from tenants.registry.queries import list_schools

KEPT_FOR = timedelta(days=7)


@shared_task
def wipe_stale_imports_district(**_: object) -> None:
    """Ask every school to wipe its uploads nobody applied."""
    for school in list_schools():
        wipe_stale_imports_of_school.delay(school_id=school.id)


@school_task
def wipe_stale_imports_of_school(*, actor: Actor, **_: object) -> None:
    """Wipe one school's uploads that nobody applied for a week."""
    wipe_stale_imports(actor=actor, before=clock.now() - KEPT_FOR)
