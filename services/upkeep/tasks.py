"""Hourly work of the room."""

from datetime import timedelta

from celery import shared_task

from foundation import clock
from foundation.db.door import public_transaction
from services.upkeep.operations import count_days, sweep_samples
from tenants.registry.queries import list_schools

DAYS = 3  # a day ends after midnight; an hour that was missed is made good


@shared_task(name="services.upkeep.tasks.count_availability_district")
def count_availability_district(**_: object) -> None:
    """Count today and the days before anew; drop samples that nobody needs."""
    schools, now = list_schools(), clock.now()
    for zone in sorted({school.timezone for school in schools}):
        today = clock.today(zone)
        for shift in range(DAYS):
            with public_transaction():
                count_days(
                    schools=[one for one in schools if one.timezone == zone],
                    day=today - timedelta(days=shift),
                    now=now,
                )
    with public_transaction():
        sweep_samples(now=now)
