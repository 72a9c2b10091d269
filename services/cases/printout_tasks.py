"""Daily work for families without the portal: who is on paper, the weekly letter."""

import logging

from celery import shared_task

from foundation import clock
from kernel.actor import Actor
from services.cases.operations.digests import tell_of_week
from services.cases.operations.printouts import follow_all
from tenants.registry.jobs import school_task
from tenants.registry.queries import list_schools

logger = logging.getLogger(__name__)


@shared_task
def follow_paper_district(**_: object) -> None:
    """Ask every school to look after its families on paper."""
    for school in list_schools():
        follow_paper.delay(school_id=school.id)


@school_task
def follow_paper(*, actor: Actor, **_: object) -> None:
    """Put one school's list of families on paper right."""
    count = follow_all(actor=actor, now=clock.now())
    logger.info("paper.followed", extra={"school_id": actor.school.id, "families": count})


@shared_task
def tell_of_week_district(**_: object) -> None:
    """Ask every school to tell the families that chose e-mail of the week."""
    for school in list_schools():
        tell_of_week_of_school.delay(school_id=school.id)


@school_task
def tell_of_week_of_school(*, actor: Actor, **_: object) -> None:
    """Tell one school's families that chose e-mail; the same week is told once."""
    count = tell_of_week(actor=actor, today=clock.today(actor.school.timezone))
    logger.info("paper.week_told", extra={"school_id": actor.school.id, "families": count})
