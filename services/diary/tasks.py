"""Nightly work of the room: at 18 a parent's access ends unless the pupil agreed."""

from celery import shared_task

from foundation import clock
from kernel.actor import Actor
from services.diary.operations import close_to_parents_of_adults
from services.diary.queries.parents import list_agreed
from services.people.operations.ending import end_consents_of_adults
from tenants.registry.jobs import school_task
from tenants.registry.queries import list_schools


@shared_task
def close_diaries_of_adults_district(**_: object) -> None:
    """Ask every school to close the diaries of pupils who are of age to their parents."""
    for school in list_schools():
        close_diaries_of_adults.delay(school_id=school.id)


@school_task
def close_diaries_of_adults(*, actor: Actor, **_: object) -> None:
    """Close one school's diaries of pupils who are of age to parents without their word.

    What was signed for them as children ends with it.
    """
    now = clock.now()
    close_to_parents_of_adults(actor=actor, on=clock.today(actor.school.timezone), now=now)
    end_consents_of_adults(actor=actor, agreed=list_agreed(), now=now)
