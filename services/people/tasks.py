"""Nightly work of the room.

Uploaded lists nobody applied are wiped, for they hold names; who has left loses access; pupils who
became 14 or 18 hear what they may do now; consents whose term is over end; terms of personal data
are reminded of.
"""

from datetime import timedelta

from celery import shared_task

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor
from kernel.roles import Role
from services.people.operations import let_go_of_left, tell_of_birthdays, wipe_stale_imports
from services.people.operations.ending import end_consents_of_left
from services.people.operations.reminding import remind_of_data_terms
from services.regulation.queries import get_shipped
from tenants.accounts.operations import forget_contacts_of_departed
from tenants.accounts.queries.members import list_members
from tenants.registry.jobs import school_task
from tenants.registry.queries import get_school_by_id, list_schools

HEARERS = (Role.ADMINISTRATOR, Role.MANAGEMENT)
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


@shared_task
def follow_the_day_district(**_: object) -> None:
    """Ask every school who left yesterday and who became 14 or 18."""
    for school in list_schools():
        let_go_of_left_in_school.delay(school_id=school.id)
        end_consents_of_left_in_school.delay(school_id=school.id)
        tell_of_birthdays_in_school.delay(school_id=school.id)


@school_task
def let_go_of_left_in_school(*, actor: Actor, **_: object) -> None:
    """End the access of those whose last day in one school is over (ACC-006)."""
    let_go_of_left(actor=actor, today=clock.today(actor.school.timezone))


@school_task
def end_consents_of_left_in_school(*, actor: Actor, **_: object) -> None:
    """End the consents of those who are not of one school any more."""
    end_consents_of_left(actor=actor, now=clock.now())


@shared_task
def forget_contacts_district(**_: object) -> None:
    """Erase the addresses of accounts that nothing keeps any more: no role for some days."""
    days = int(get_shipped(key="access.contacts_kept_days").value)
    with public_transaction():
        forget_contacts_of_departed(now=clock.now(), kept_days=days)


@shared_task
def watch_data_terms_district(**_: object) -> None:
    """Ask every school to look at its terms of destruction and of answers."""
    for school in list_schools():
        watch_data_terms.delay(school_id=school.id)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def watch_data_terms(*, school_id: int, **_: object) -> None:
    """Remind one school's administrator and director of terms of personal data.

    Two transactions: who holds a role is known in the public schema.
    """
    school = get_school_by_id(school_id)
    with public_transaction():
        accounts = list_members(school_id=school_id, roles=HEARERS)
    with school_transaction(Actor.system(school), school_id):
        remind_of_data_terms(
            actor=Actor.system(school),
            account_ids=accounts,
            today=clock.today(school.timezone),
        )


@school_task
def tell_of_birthdays_in_school(*, actor: Actor, **_: object) -> None:
    """Tell the pupils of one school what they may from 14 and from 18 on."""
    tell_of_birthdays(actor=actor, on=clock.today(actor.school.timezone))
