"""Who is in some classes on some days, and in which groups: what reports of a term count by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from services.people.models import SchoolClass
from services.people.queries.groups import ClassCard, short_name

# The days are cut to those asked for: from the first to the last, the last one included.
STAYS = """
SELECT e.pupil_id, p.last_name, p.first_name, e.school_class_id,
       e.since_on > %(since)s, e.until IS NOT NULL AND e.until < %(end)s,
       greatest(e.since_on, %(since)s::date), least(e.until, %(end)s::date)
FROM people_classenrollment e
JOIN people_pupil p ON p.id = e.pupil_id
WHERE e.school_class_id = ANY(%(classes)s)
  AND e.since_on < %(end)s AND (e.until IS NULL OR e.until > %(since)s)
ORDER BY p.sort_key, p.last_name, p.first_name, p.middle_name, p.id, e.since_on
"""
# A whole class has its enrolments, the other groups have members, as long as they are in the class.
SEATS = """
SELECT g.id, e.pupil_id, e.school_class_id,
       greatest(e.since_on, %(since)s::date) AS first_day, least(e.until, %(end)s::date) AS end_day
FROM people_classenrollment e
JOIN people_teachinggroup g ON g.school_class_id = e.school_class_id AND g.kind = 'class'
WHERE e.school_class_id = ANY(%(classes)s)
  AND e.since_on < %(end)s AND (e.until IS NULL OR e.until > %(since)s)
UNION ALL
SELECT m.group_id, e.pupil_id, e.school_class_id,
       greatest(e.since_on, m.since_on, %(since)s::date), least(e.until, m.until, %(end)s::date)
FROM people_classenrollment e
JOIN people_groupmember m ON m.pupil_id = e.pupil_id
WHERE e.school_class_id = ANY(%(classes)s)
  AND greatest(e.since_on, m.since_on, %(since)s::date)
      < least(e.until, m.until, %(end)s::date)
"""


@dataclass(frozen=True, slots=True)
class ClassStay:
    """A pupil is in a class from `since` up to, not including, `until`, within the days asked.

    `came` and `left` say that the class has him for a part of those days only.
    """

    pupil_id: int
    name: str
    class_id: int
    came: bool
    left: bool
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class GroupSeat:
    """A pupil of a class sits in a group on these days; `until` is not included."""

    group_id: int
    pupil_id: int
    class_id: int
    since: date
    until: date


def list_class_stays(*, class_ids: Collection[int], since: date, last: date) -> list[ClassStay]:
    """Return who is in classes on the days asked, sorted as Russian names are."""
    with connection.cursor() as cursor:
        cursor.execute(STAYS, _asked(class_ids, since, last))
        return [
            ClassStay(pupil_id, short_name(last_name, first_name), *rest)
            for pupil_id, last_name, first_name, *rest in cursor.fetchall()
        ]


def list_group_seats(*, class_ids: Collection[int], since: date, last: date) -> list[GroupSeat]:
    """Return in which groups the pupils of classes learn on the days asked."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS, _asked(class_ids, since, last))
        return [GroupSeat(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class YearClass:
    """A class with the school year it is of."""

    card: ClassCard
    start_year: int


def find_class(*, class_id: int) -> YearClass | None:
    """Return a class of any school year, or None."""
    row = SchoolClass.objects.filter(pk=class_id).first()
    if row is None:
        return None
    card = ClassCard(row.pk, row.title, row.level, row.shift, row.class_teacher_id, None)
    return YearClass(card, row.start_year)


def _asked(class_ids: Collection[int], since: date, last: date) -> dict[str, Any]:
    return {"classes": list(class_ids), "since": since, "end": last + timedelta(days=1)}
