"""Counting dirty days anew: note the counter, read the school, write the numbers.

Two transactions, because one sees one schema. The dispatcher calls `recompute_dirty` by itself, so
numbers stay fresh with the broker dead; beat calls the same through Celery, a second pair of hands.
"""

import logging
from collections.abc import Mapping, Set
from datetime import date, datetime, timedelta

from celery import shared_task

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.service_counts import AUDIENCE, STANDING, ServiceCount, ServiceMeasure
from services.cases.queries.numbers import count_service_flows, count_service_standing
from services.diary.queries.readers import list_readers
from services.journal.queries import count_school_day
from services.monitoring.operations import (
    mark_days_dirty,
    postpone,
    replace_facts,
    replace_service_facts,
)
from services.monitoring.queries import DirtyNote, list_due_days, list_quiet_schools
from services.monitoring.rules.counting import facts_of_day
from services.regulation.queries import get_district_setting
from services.schedule.queries import find_quarter, list_subjects
from tenants.accounts.queries.accounts import list_active_accounts
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
        service, measures = _count_service(school, noted.day)
        quarter = find_quarter(on=clock.today(school.timezone))
    taught = {item.subject_code for item in counts}
    with public_transaction():
        replace_service_facts(school_id=school.id, day=noted.day, counts=service, measures=measures)
        return replace_facts(
            noted=noted,
            facts=facts_of_day(counts),
            subject_names={code: name for code, name in names.items() if code in taught},
            quarter=quarter,
        )


def _count_service(
    school: SchoolRef, day: date
) -> tuple[list[ServiceCount], frozenset[ServiceMeasure]]:
    """Return the service's numbers of a day; what stands is known of today only."""
    counts = count_service_flows(day=day, timezone=school.timezone)
    measures = frozenset(ServiceMeasure) - AUDIENCE - STANDING
    if day == clock.today(school.timezone):
        counts += count_service_standing(today=day, timezone=school.timezone)
        measures |= STANDING
    return counts, measures


def count_audience(school: SchoolRef) -> None:
    """Count how many pupils and parents of a school use the service (SRV-023).

    Who may read stands in the school, who came in at the portal: two transactions, joined by ids
    that are thrown away; only numbers are kept.
    """
    today = clock.today(school.timezone)
    with school_transaction(Actor.system(school), school.id):
        pupils, parents = list_readers(on=today)
    wanted = {one for accounts in [*pupils.values(), *parents.values()] for one in accounts}
    with public_transaction():
        days = int(get_district_setting(key="service.usage_days", on=today).value)
        active = list_active_accounts(account_ids=wanted, since=clock.now() - timedelta(days=days))
        counts = [
            ServiceCount(ServiceMeasure.PUPILS, "", len(pupils)),
            ServiceCount(ServiceMeasure.PUPILS_SERVED, "", _count_served(pupils, active)),
            ServiceCount(ServiceMeasure.PARENTS, "", len(parents)),
            ServiceCount(ServiceMeasure.PARENTS_SERVED, "", _count_served(parents, active)),
        ]
        replace_service_facts(school_id=school.id, day=today, counts=counts, measures=AUDIENCE)


def _count_served(people: Mapping[int, frozenset[int]], active: Set[int]) -> int:
    return sum(not accounts.isdisjoint(active) for accounts in people.values())


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


@shared_task(name="services.monitoring.tasks.count_audience_district")
def count_audience_district(**_: object) -> None:
    """Count who uses the service in every school; one school's trouble stops no other."""
    for school in list_schools():
        try:
            count_audience(school)
        except Exception:
            logger.exception("monitoring.audience_failed", extra={"school_id": school.id})
