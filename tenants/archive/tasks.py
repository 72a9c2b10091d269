"""Making archives in the background and wiping them when their days are over."""

import logging

from celery import shared_task

from foundation import clock
from tenants.archive.operations import make_export, sweep_exports

logger = logging.getLogger(__name__)
# The largest school (3 000 pupils, five years) takes minutes; the broker may ask again meanwhile.
LIMIT = 2 * 60 * 60


@shared_task(time_limit=LIMIT, soft_time_limit=LIMIT - 60)
def make_export_district(*, export_id: int, **_: object) -> None:
    """Make an archive somebody asked for."""
    make_export(export_id=export_id, now=clock.now())


@shared_task
def sweep_exports_district(**_: object) -> None:
    """Delete the archives nobody may download any more."""
    logger.info("archive.swept", extra={"deleted": sweep_exports(now=clock.now())})
