"""Periodic work that joins floors: letters about notices of every school and of the district."""

import logging
from contextlib import AbstractContextManager
from functools import partial

from celery import shared_task
from django.db import Error

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.letters import send_letters
from foundation.transport.mail import is_mail_open
from foundation.transport.sms import is_sms_open
from kernel.actor import Actor, SchoolRef
from tenants.accounts.queries.contacts import find_addresses
from tenants.registry.queries import list_schools

logger = logging.getLogger(__name__)


@shared_task(name="config.tasks.send_letters_district")
def send_letters_district(**_: object) -> None:
    """Send what waits, school by school; nothing happens while post and SMS are closed."""
    if not (is_mail_open() or is_sms_open()):
        return
    for school in [None, *list_schools()]:
        try:
            send_letters(door=partial(_door, school), find_addresses=_book, now=clock.now())
        except Error:  # one school's trouble must not stop the others
            logger.exception(
                "letters.school_failed", extra={"school_id": school.id if school else None}
            )


def _door(school: SchoolRef | None) -> AbstractContextManager[None]:
    if school is None:
        return public_transaction()
    return school_transaction(Actor.system(school), school.id)


def _book(account_ids: list[int]) -> dict[int, str]:
    with public_transaction():
        return find_addresses(account_ids)
