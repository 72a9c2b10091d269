"""Nightly work of the room: reminders of terms, and old drafts swept away."""

import logging

from celery import shared_task

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.roles import Role
from services.cases.operations.reminding import remind, sweep
from services.cases.operations.service import recount_terms
from tenants.accounts.queries.members import list_members
from tenants.registry.queries import get_school_by_id, list_schools

logger = logging.getLogger(__name__)
HEARERS = (Role.ADMINISTRATOR, Role.MANAGEMENT)


@shared_task
def watch_cases_district(**_: object) -> None:
    """Ask every school to look at its terms."""
    for school in list_schools():
        watch_cases.delay(school_id=school.id)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def watch_cases(*, school_id: int, **_: object) -> None:
    """Count one school's terms by today's calendar, remind who answers for them, sweep drafts.

    Two transactions: who holds a role is known in the public schema.
    """
    school = get_school_by_id(school_id)
    with public_transaction():
        accounts = list_members(school_id=school_id, roles=HEARERS)
    actor = Actor.system(school)
    now, today = clock.now(), clock.today(school.timezone)
    with school_transaction(actor, school_id):
        recount_terms(actor=actor, now=now)
        count = remind(actor=actor, account_ids=accounts, today=today)
        sweep(actor=actor, now=now, today=today)
    logger.info("cases.watched", extra={"school_id": school_id, "cases": count})
