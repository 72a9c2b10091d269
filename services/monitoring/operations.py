"""Keeping the district's numbers: a day is marked, counted in its school, written here.

All of these expect `public_transaction()`, opened by the door. Times are the database's: they order
the work, and a day fixed by `OKRUG_TODAY` must not stop it.
"""

from collections.abc import Iterable, Mapping, Set
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from kernel.indicators import NO_SUBJECT, Measure
from kernel.periods import Period
from kernel.service_counts import STANDING, ServiceCount, ServiceMeasure
from services.monitoring.models import (
    DirtyDay,
    Fact,
    SchoolFreshness,
    ServiceFact,
    SubjectName,
)
from services.monitoring.queries import DirtyNote
from services.monitoring.rules.counting import WHOLE_SCHOOL, Key

LONGEST_PAUSE = timedelta(minutes=10)
MOST_ATTEMPTS = 100  # counted no further: a frozen school waits for years

MARK = """
INSERT INTO monitoring_dirtyday (school_id, day, counter, attempts)
SELECT %s, day::date, 1, 0 FROM generate_series(%s::date, %s::date, '1 day') AS days (day)
ON CONFLICT (school_id, day) DO UPDATE
SET counter = monitoring_dirtyday.counter + 1
"""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
PUT = """
INSERT INTO monitoring_fact (school_id, day, grade, subject_code, measure, count)
SELECT %(school_id)s, %(day)s, new.grade, new.subject_code, new.measure, new.count
FROM unnest(%(grades)s::smallint[], %(subjects)s::text[], %(measures)s::text[], %(counts)s::int[])
    AS new (grade, subject_code, measure, count)
ON CONFLICT (school_id, day, grade, subject_code, measure) DO UPDATE
SET count = excluded.count WHERE monitoring_fact.count <> excluded.count
"""
DROP_OLD = """
DELETE FROM monitoring_fact AS old
WHERE old.school_id = %(school_id)s AND old.day = %(day)s AND NOT EXISTS (
    SELECT FROM unnest(%(grades)s::smallint[], %(subjects)s::text[], %(measures)s::text[])
        AS new (grade, subject_code, measure)
    WHERE (new.grade, new.subject_code, new.measure)
        = (old.grade, old.subject_code, old.measure)
)
"""


def mark_dirty(*, school_id: int, day: date) -> None:
    """Mark a school's day: its numbers are out of date. Marking twice counts twice."""
    mark_days_dirty(school_id=school_id, since=day, until=day + timedelta(days=1))


def mark_days_dirty(*, school_id: int, since: date, until: date) -> None:
    """Mark every day from `since` up to, without, `until`: after an import or a demo's load."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [school_id, since, until - timedelta(days=1)])


def replace_facts(
    *,
    noted: DirtyNote,
    facts: Mapping[Key, int],
    subject_names: Mapping[str, str],
    quarter: Period | None = None,
) -> bool:
    """Put a day's numbers in place of the old; the day stays dirty if it changed meanwhile.

    `quarter` is the school's own, the one that runs or the last. Return False, and write nothing,
    when somebody who noted the day later was here first: the numbers at hand may be the older
    ones. Takes the school-day's advisory lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"monitoring {noted.school_id} {noted.day}"])
        if not DirtyDay.objects.filter(pk=noted.id).exists():
            return False
        rows: dict[str, Any] = {
            "school_id": noted.school_id,
            "day": noted.day,
            "grades": [grade for grade, _, _ in facts],
            "subjects": [subject for _, subject, _ in facts],
            "measures": [measure for _, _, measure in facts],
            "counts": list(facts.values()),
        }
        cursor.execute(DROP_OLD, rows)
        cursor.execute(PUT, rows)
    _note_subject_names(noted.school_id, subject_names)
    SchoolFreshness.objects.update_or_create(
        school_id=noted.school_id,
        defaults={
            "rolled_up_at": Now(),
            "last_lesson_day": _last_lesson_day(noted.school_id),
            "quarter_since": quarter.since if quarter else None,
            "quarter_until": quarter.until if quarter else None,
        },
    )
    DirtyDay.objects.filter(pk=noted.id, counter=noted.counter).delete()
    return True


def replace_service_facts(
    *,
    school_id: int,
    day: date,
    counts: Iterable[ServiceCount],
    measures: Set[ServiceMeasure],
) -> None:
    """Put a day's numbers of the service in place of the old ones of these measures.

    The numbers are read anew each time, so the last writer is right or is followed by one who is.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [f"monitoring service {school_id} {day}"])
    of_school = ServiceFact.objects.filter(school_id=school_id)
    of_school.filter(day=day, measure__in=measures).delete()
    if measures >= STANDING:  # what stood yesterday says nothing today
        of_school.filter(measure__in=STANDING).delete()
    ServiceFact.objects.bulk_create(
        [
            ServiceFact(
                school_id=school_id,
                day=day,
                measure=one.measure,
                detail=one.detail,
                count=one.count,
            )
            for one in counts
            if one.measure in measures and one.count
        ]
    )


def postpone(*, noted: DirtyNote) -> None:
    """Let a day that could not be counted wait, longer with every failure."""
    pause = min(timedelta(seconds=2 ** min(noted.attempts + 3, 10)), LONGEST_PAUSE)
    DirtyDay.objects.filter(pk=noted.id, counter=noted.counter).update(
        attempts=min(noted.attempts + 1, MOST_ATTEMPTS), retry_at=Now() + pause
    )


def _note_subject_names(school_id: int, names: Mapping[str, str]) -> None:
    known = dict(SubjectName.objects.filter(school_id=school_id).values_list("code", "name"))
    SubjectName.objects.bulk_create(
        [
            SubjectName(school_id=school_id, code=code, name=name)
            for code, name in names.items()
            if known.get(code) != name
        ],
        update_conflicts=True,
        unique_fields=["school", "code"],
        update_fields=["name"],
    )


def _last_lesson_day(school_id: int) -> date | None:
    return (
        Fact.objects.filter(
            school_id=school_id,
            grade=WHOLE_SCHOOL,
            subject_code=NO_SUBJECT,
            measure=Measure.LESSONS_HELD,
        )
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
