"""Counting dirty days anew: note the counter, read the school, write the numbers.

Two transactions, because one sees one schema. The dispatcher calls `recompute_dirty` by itself, so
numbers stay fresh with the broker dead; beat calls the same through Celery, a second pair of hands.
"""

import logging
from datetime import date, datetime, timedelta

from celery import shared_task

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from services.journal.queries import count_school_day
from services.monitoring.operations import mark_days_dirty, postpone, replace_facts
from services.monitoring.queries import DirtyNote, list_due_days, list_quiet_schools
from services.monitoring.rules.counting import facts_of_day
from services.schedule.queries import list_subjects
from tenants.registry.queries import get_school_by_id, list_schools

logger = logging.getLogger(__name__)

# A school at work is counted at most this often; the first change after a silence goes at once.
PAUSE = timedelta(seconds=5)
# A school in which nothing happens is counted this often: lessons end, and nobody tells.
LONGEST_SILENCE = timedelta(minutes=10)
BATCH = 50


def recompute_dirty(*, now: datetime, limit: int = BATCH) -> int:
    """Count the days that are due and return how many were done; one that fails is tried later."""
    done = 0
    for noted in list_due_days(pause=PAUSE, limit=limit):
        try:
            done += _recompute(get_school_by_id(noted.school_id), noted, now)
        except NotFound:  # the school is frozen: its day waits until it works again
            _postpone(noted)
        except Exception:  # one school's trouble must not stop the others
            logger.exception(
                "monitoring.day_failed", extra={"school_id": noted.school_id, "day": noted.day}
            )
            _postpone(noted)
    return done


def _recompute(school: SchoolRef, noted: DirtyNote, now: datetime) -> bool:
    actor = Actor.system(school)
    with school_transaction(actor, school.id):
        counts = count_school_day(actor=actor, day=noted.day, now=now)
        names = {subject.code: subject.name for subject in list_subjects(on=noted.day)}
    taught = {item.subject_code for item in counts}
    with public_transaction():
        return replace_facts(
            noted=noted,
            facts=facts_of_day(counts),
            subject_names={code: name for code, name in names.items() if code in taught},
        )


def _postpone(noted: DirtyNote) -> None:
    with public_transaction():
        postpone(noted=noted)


def mark_quiet_schools() -> int:
    """Mark today in the schools that were not counted for a while; return how many there were."""
    quiet = list_quiet_schools(schools=list_schools(), silence=LONGEST_SILENCE)
    for school in quiet:
        today = clock.today(school.timezone)
        _mark(school, today, today)
    return len(quiet)


def _mark(school: SchoolRef, first: date, last: date) -> None:
    with public_transaction():
        mark_days_dirty(school_id=school.id, since=first, until=last + timedelta(days=1))


@shared_task(name="services.monitoring.tasks.recompute_dirty_district")
def recompute_dirty_district(**_: object) -> None:
    """Count what is due: the sweep of beat."""
    recompute_dirty(now=clock.now())


@shared_task(name="services.monitoring.tasks.roll_up_nightly_district")
def roll_up_nightly_district(*, days: int = 7, **_: object) -> None:
    """Mark the last days of every school, so that a change nobody told of is counted by morning."""
    for school in list_schools():
        today = clock.today(school.timezone)
        _mark(school, today - timedelta(days=days - 1), today)
