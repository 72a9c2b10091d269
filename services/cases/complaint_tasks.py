"""Nightly work on complaints: what must be registered is, and the management hears of terms.

Once a year there is something to erase, and the night looks for it too.
"""

from celery import shared_task

from foundation import clock
from foundation.outbox.operations import record
from kernel.actor import Actor
from services.cases.events import ComplaintsAreDue
from services.cases.operations.complaints import erase_expired_complaints, keep_terms
from services.cases.queries.complaints import count_due
from tenants.registry.jobs import school_task
from tenants.registry.queries import list_schools


@shared_task(name="services.cases.complaint_tasks.watch_complaints_district")
def watch_complaints_district(**_: object) -> None:
    """Ask every school to look after its complaints."""
    for school in list_schools():
        watch_complaints_of_school.delay(school_id=school.id)


@school_task
def watch_complaints_of_school(*, actor: Actor, **_: object) -> None:
    """Register what waits too long; tell of terms that are near or over."""
    watch_complaints(actor)


def watch_complaints(actor: Actor) -> None:
    """Do both inside the school's transaction."""
    keep_terms(actor=actor, now=clock.now())
    today = clock.today(actor.school.timezone)
    counts = count_due(today=today)
    if not counts.is_quiet:
        record(ComplaintsAreDue(counts.nearing, counts.due, counts.overdue, today.isoformat()))


@shared_task(name="services.cases.complaint_tasks.erase_expired_complaints_district")
def erase_expired_complaints_district(**_: object) -> None:
    """Ask every school to erase the complaints whose years are over."""
    for school in list_schools():
        erase_expired_in_school.delay(school_id=school.id)


@school_task
def erase_expired_in_school(*, actor: Actor, **_: object) -> None:
    """Erase the complaints of one school whose years are over."""
    erase_expired_complaints(actor=actor, today=clock.today(actor.school.timezone))
