"""Classes and groups: who is taught with whom, and on which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from foundation.db.door import planned_cursor
from kernel.periods import Period
from services.people.models import (
    ClassEnrollment,
    GroupMember,
    SchoolClass,
    TeachingGroup,
)
from services.people.queries.days import on_day

# A whole class has enrolments, the other groups have members: one statement for both.
GROUP_PUPILS = """
SELECT p.id, p.last_name, p.first_name, p.middle_name, s.since_on, s.until
FROM people_pupil p
JOIN (
    SELECT e.pupil_id, e.since_on, e.until
    FROM people_classenrollment e
    JOIN people_teachinggroup g ON g.school_class_id = e.school_class_id AND g.kind = 'class'
    WHERE g.id = %(group)s
    UNION ALL
    SELECT m.pupil_id, m.since_on, m.until FROM people_groupmember m WHERE m.group_id = %(group)s
) s ON s.pupil_id = p.id
WHERE s.since_on <= %(until)s AND (s.until IS NULL OR s.until > %(since)s)
ORDER BY p.sort_key, p.last_name, p.first_name, p.middle_name, p.id, s.since_on
"""
# Every save asks whether the pupil is of the group: neither names nor their order are needed.
ENROLLED = """
SELECT e.pupil_id
FROM people_classenrollment e
JOIN people_teachinggroup g ON g.school_class_id = e.school_class_id AND g.kind = 'class'
WHERE g.id = %(group)s AND e.since_on <= %(day)s AND (e.until IS NULL OR e.until > %(day)s)
UNION ALL
SELECT m.pupil_id
FROM people_groupmember m
WHERE m.group_id = %(group)s AND m.since_on <= %(day)s AND (m.until IS NULL OR m.until > %(day)s)
"""


@dataclass(frozen=True, slots=True)
class GroupPupil:
    """A pupil of a group in a span of days; `since` and `until` (included) limit it, or None."""

    id: int
    name: str
    since: date | None
    until: date | None


def short_name(last: str, first: str) -> str:
    """Return «Иванова Анна», the name of lists."""
    return f"{last} {first}".strip()


def list_group_pupils(*, group_id: int, since: date, until: date) -> list[GroupPupil]:
    """Return the pupils of a group on the days from `since` to `until`, both included.

    Sorted as Russian names are; a pupil who left and came back within the span stands once, with
    the first day and the last.
    """
    found: dict[int, GroupPupil] = {}
    with planned_cursor() as cursor:
        cursor.execute(GROUP_PUPILS, {"group": group_id, "since": since, "until": until})
        for pk, last, first, _middle, since_on, until_day in cursor.fetchall():
            first_day = since_on if since_on > since else None
            ends = until_day is not None and until_day <= until
            last_day = until_day - timedelta(days=1) if ends else None
            if pk in found:
                first_day = found[pk].since
            found[pk] = GroupPupil(pk, short_name(last, first), first_day, last_day)
    return list(found.values())


def list_enrolled_ids(*, group_id: int, day: date) -> set[int]:
    """Return the ids of the pupils who are in a group on a day."""
    with planned_cursor() as cursor:
        cursor.execute(ENROLLED, {"group": group_id, "day": day})
        return {pupil_id for (pupil_id,) in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class of a year with its teacher and size."""

    id: int
    title: str
    level: int
    shift: int
    class_teacher_id: int | None
    group_id: int | None


def list_classes(*, start_year: int) -> list[ClassCard]:
    """Return the classes of a school year, by level and letter."""
    groups = dict(
        TeachingGroup.objects.filter(
            start_year=start_year, kind=TeachingGroup.Kind.WHOLE_CLASS
        ).values_list("school_class_id", "pk")
    )
    rows = SchoolClass.objects.filter(start_year=start_year).order_by("level", "letter", "pk")
    return [
        ClassCard(row.pk, row.title, row.level, row.shift, row.class_teacher_id, groups.get(row.pk))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A teaching group."""

    id: int
    title: str
    kind: str
    level: int
    start_year: int
    school_class_id: int | None

    @property
    def is_whole_class(self) -> bool:
        """Return whether the group is a class and not a part of one."""
        return self.kind == TeachingGroup.Kind.WHOLE_CLASS


def list_groups(*, start_year: int) -> list[GroupCard]:
    """Return the teaching groups of a school year."""
    rows = TeachingGroup.objects.filter(start_year=start_year).order_by("level", "title", "pk")
    return [_group(row) for row in rows]


def get_groups(*, group_ids: Iterable[int]) -> dict[int, GroupCard]:
    """Return groups by id."""
    return {row.pk: _group(row) for row in TeachingGroup.objects.filter(pk__in=set(group_ids))}


def _group(row: TeachingGroup) -> GroupCard:
    return GroupCard(row.pk, row.title, row.kind, row.level, row.start_year, row.school_class_id)


def list_pupil_group_ids(*, pupil_id: int, on: date) -> list[int]:
    """Return the groups a pupil learns in on a day: the whole class, then the others."""
    classes = on_day(ClassEnrollment.objects.filter(pupil_id=pupil_id), on)
    groups = TeachingGroup.objects.filter(
        Q(kind=TeachingGroup.Kind.WHOLE_CLASS, school_class__in=classes.values("school_class"))
        | Q(pk__in=on_day(GroupMember.objects.filter(pupil_id=pupil_id), on).values("group"))
    )
    return list(groups.order_by("kind", "pk").values_list("pk", flat=True))


# Where a pupil learns, and from when to when: a lesson of a group is his on these days only.
PUPIL_GROUPS = """
SELECT g.id, e.since_on, e.until
FROM people_classenrollment e
JOIN people_teachinggroup g ON g.school_class_id = e.school_class_id AND g.kind = 'class'
WHERE e.pupil_id = %(pupil)s AND e.since_on <= %(until)s
  AND (e.until IS NULL OR e.until > %(since)s)
UNION ALL
SELECT m.group_id, m.since_on, m.until
FROM people_groupmember m
WHERE m.pupil_id = %(pupil)s AND m.since_on <= %(until)s
  AND (m.until IS NULL OR m.until > %(since)s)
"""


@dataclass(frozen=True, slots=True)
class GroupSpan:
    """The days a pupil is in a group."""

    group_id: int
    days: Period


def list_group_spans(*, pupil_id: int, since: date, until: date) -> list[GroupSpan]:
    """Return the groups of a pupil on the days from `since` to `until`, both included."""
    with planned_cursor() as cursor:
        cursor.execute(PUPIL_GROUPS, {"pupil": pupil_id, "since": since, "until": until})
        return [GroupSpan(group_id, Period(first, last)) for group_id, first, last in cursor]


def list_classes_of_teacher(*, employee_id: int, start_year: int) -> list[ClassCard]:
    """Return the classes a person is class teacher of."""
    return [c for c in list_classes(start_year=start_year) if c.class_teacher_id == employee_id]


def leads_class_of(*, employee_id: int | None, group_id: int) -> bool:
    """Return whether an employee is the class teacher of the class a group is of."""
    if employee_id is None:
        return False
    rows = TeachingGroup.objects.filter(pk=group_id)
    return rows.filter(school_class__class_teacher_id=employee_id).exists()


def list_groups_led(*, employee_id: int | None, start_year: int) -> set[int]:
    """Return the groups of the classes a person is class teacher of in a school year."""
    if employee_id is None:
        return set()
    rows = TeachingGroup.objects.filter(
        start_year=start_year, school_class__class_teacher_id=employee_id
    )
    return set(rows.values_list("pk", flat=True))


# Every group's pupils on a day: enrolments for whole classes, members for the others.
DAY_MEMBERS = """
SELECT g.id, g.kind = 'class', g.level, e.pupil_id
FROM people_teachinggroup g
JOIN people_classenrollment e ON e.school_class_id = g.school_class_id
WHERE g.kind = 'class' AND e.since_on <= %(day)s AND (e.until IS NULL OR e.until > %(day)s)
UNION ALL
SELECT g.id, false, g.level, m.pupil_id
FROM people_teachinggroup g
JOIN people_groupmember m ON m.group_id = g.id
WHERE m.since_on <= %(day)s AND (m.until IS NULL OR m.until > %(day)s)
"""


@dataclass(frozen=True, slots=True)
class GroupOnDay:
    """A group with the ids of its pupils on a day."""

    id: int
    is_class: bool
    level: int
    pupil_ids: frozenset[int]


def list_groups_on(*, day: date) -> dict[int, GroupOnDay]:
    """Return every group that has pupils on a day, by id: one query."""
    pupils: dict[tuple[int, bool, int], set[int]] = {}
    with planned_cursor() as cursor:
        cursor.execute(DAY_MEMBERS, {"day": day})
        for group_id, is_class, level, pupil_id in cursor:
            pupils.setdefault((group_id, is_class, level), set()).add(pupil_id)
    return {
        group_id: GroupOnDay(group_id, is_class, level, frozenset(ids))
        for (group_id, is_class, level), ids in pupils.items()
    }
