"""Nightly work of the committee's room."""

from celery import shared_task

from foundation import clock
from foundation.db.door import public_transaction
from services.oversight.operations import erase_expired_complaints, watch_complaints


@shared_task(name="services.oversight.tasks.watch_complaints_district")
def watch_complaints_district(**_: object) -> None:
    """Register what waits too long; tell of terms that are near or over."""
    with public_transaction():
        watch_complaints(now=clock.now())


@shared_task(name="services.oversight.tasks.erase_expired_complaints_district")
def erase_expired_complaints_district(**_: object) -> None:
    """Erase the complaints to the committee whose years are over."""
    with public_transaction():
        erase_expired_complaints(now=clock.now())
