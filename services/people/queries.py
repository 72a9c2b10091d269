"""Reading people: who is in a group, whose child, whose names; ids and dataclasses only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.periods import Period
from kernel.roles import Role
from services.people.access import check_may_keep_people, check_may_keep_staff
from services.people.models import (
    ClassEnrollment,
    Employee,
    GroupMember,
    Guardian,
    GuardianLink,
    ImportJob,
    Pupil,
    SchoolClass,
    TeachingGroup,
)
from services.people.posts import roles_of_post

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
    with connection.cursor() as cursor:
        cursor.execute(GROUP_PUPILS, {"group": group_id, "since": since, "until": until})
        for pk, last, first, _middle, since_on, until_day in cursor:
            first_day = since_on if since_on > since else None
            ends = until_day is not None and until_day <= until
            last_day = until_day - timedelta(days=1) if ends else None
            if pk in found:
                first_day = found[pk].since
            found[pk] = GroupPupil(pk, short_name(last, first), first_day, last_day)
    return list(found.values())


def list_enrolled_ids(*, group_id: int, day: date) -> set[int]:
    """Return the ids of the pupils who are in a group on a day."""
    return {pupil.id for pupil in list_group_pupils(group_id=group_id, since=day, until=day)}


def _on(rows: QuerySet, day: date) -> QuerySet:
    return rows.filter(since_on__lte=day).filter(Q(until=None) | Q(until__gt=day))


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
    classes = _on(ClassEnrollment.objects.filter(pupil_id=pupil_id), on)
    groups = TeachingGroup.objects.filter(
        Q(kind=TeachingGroup.Kind.WHOLE_CLASS, school_class__in=classes.values("school_class"))
        | Q(pk__in=_on(GroupMember.objects.filter(pupil_id=pupil_id), on).values("group"))
    )
    return list(groups.order_by("kind", "pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class PupilCard:
    """A pupil as the diary names him: his name, his class on a day."""

    id: int
    name: FullName
    class_title: str
    level: int | None
    class_id: int | None
    account_id: int | None


def get_pupil_card(*, pupil_id: int, on: date) -> PupilCard:
    """Return a pupil with his class on a day; raise `NotFound`."""
    cards = get_pupil_cards(pupil_ids=[pupil_id], on=on)
    if pupil_id not in cards:
        raise NotFound
    return cards[pupil_id]


def get_pupil_cards(*, pupil_ids: Collection[int], on: date) -> dict[int, PupilCard]:
    """Return pupils by id, each with the class on a day: two queries."""
    enrolments = _on(ClassEnrollment.objects.filter(pupil_id__in=pupil_ids), on)
    classes = {row.pupil_id: row.school_class for row in enrolments.select_related("school_class")}
    cards = {}
    for row in Pupil.objects.filter(pk__in=pupil_ids):
        school_class = classes.get(row.pk)
        cards[row.pk] = PupilCard(
            id=row.pk,
            name=FullName(row.last_name, row.first_name, row.middle_name),
            class_title=school_class.title if school_class else "",
            level=school_class.level if school_class else None,
            class_id=school_class.pk if school_class else None,
            account_id=row.account_id,
        )
    return cards


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A guardian's relation to a child, as the rooms above ask it."""

    id: int
    pupil_id: int
    guardian_id: int
    relation: str
    may_read_diary: bool


def get_links(*, link_ids: Iterable[int]) -> list[LinkCard]:
    """Return links by id."""
    return [_link(row) for row in GuardianLink.objects.filter(pk__in=list(link_ids))]


def list_children_of_guardian(*, guardian_id: int, on: date) -> list[LinkCard]:
    """Return the links of a guardian that hold on a day."""
    rows = _on(GuardianLink.objects.filter(guardian_id=guardian_id), on).order_by("pk")
    return [_link(row) for row in rows]


def _link(row: GuardianLink) -> LinkCard:
    return LinkCard(row.pk, row.pupil_id, row.guardian_id, row.relation, row.may_read_diary)


# A guardian's children, or one pupil himself, with the class of a day: one statement for both.
WARDS = """
SELECT p.id, p.last_name, p.first_name, p.middle_name, p.account_id, c.id, c.level, c.letter,
       l.relation, l.may_read_diary, l.since_on, l.until
FROM people_pupil p
LEFT JOIN people_guardianlink l ON l.pupil_id = p.id AND l.guardian_id = %(guardian)s
LEFT JOIN people_classenrollment e ON e.pupil_id = p.id
    AND e.since_on <= %(on)s AND (e.until IS NULL OR e.until > %(on)s)
LEFT JOIN people_schoolclass c ON c.id = e.school_class_id
WHERE {condition}
ORDER BY c.level DESC NULLS LAST, p.sort_key, p.id
"""


@dataclass(frozen=True, slots=True)
class Ward:
    """A child with a guardian's link to it; the link may be over, its rights may be taken away."""

    card: PupilCard
    relation: str
    may_read_diary: bool
    since_on: date
    until: date | None


def list_wards(*, guardian_id: int, on: date) -> list[Ward]:
    """Return every link of a guardian, past ones too, with the child's class on a day: one query.

    The eldest child stands first. Whether a link gives a right is decided by who asks.
    """
    rows = _read_wards("l.guardian_id = %(guardian)s", guardian=guardian_id, on=on)
    return [Ward(_card_of_ward(row), row[8], row[9], row[10], row[11]) for row in rows]


def find_pupil_card(*, pupil_id: int, on: date) -> PupilCard | None:
    """Return a pupil with his class on a day, or None: one query."""
    rows = _read_wards("p.id = %(pupil)s", pupil=pupil_id, guardian=None, on=on)
    return _card_of_ward(rows[0]) if rows else None


def _read_wards(condition: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(WARDS.format(condition=condition), parameters)
        return list(cursor.fetchall())


def _card_of_ward(row: tuple[Any, ...]) -> PupilCard:
    pk, last, first, middle, account_id, class_id, level, letter = row[:8]
    return PupilCard(
        id=pk,
        name=FullName(last, first, middle),
        class_title=f"{level}{letter}" if class_id else "",
        level=level,
        class_id=class_id,
        account_id=account_id,
    )


def list_readable_pairs(*, on: date) -> set[tuple[int, int]]:
    """Return (guardian, pupil) of the links that hold on a day and open the diary."""
    rows = _on(GuardianLink.objects.filter(may_read_diary=True), on)
    return set(rows.values_list("guardian_id", "pupil_id"))


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
    with connection.cursor() as cursor:
        cursor.execute(PUPIL_GROUPS, {"pupil": pupil_id, "since": since, "until": until})
        return [GroupSpan(group_id, Period(first, last)) for group_id, first, last in cursor]


@dataclass(frozen=True, slots=True)
class PupilYear:
    """A school year of a pupil and the class he was in, the last one if there were several."""

    start_year: int
    level: int
    class_title: str


def list_pupil_years(*, pupil_id: int) -> list[PupilYear]:
    """Return the school years of a pupil, oldest first."""
    rows = ClassEnrollment.objects.filter(pupil_id=pupil_id).select_related("school_class")
    years = {}
    for row in rows.order_by("since_on", "pk"):
        school_class = row.school_class
        years[school_class.start_year] = PupilYear(
            school_class.start_year, school_class.level, school_class.title
        )
    return [years[start_year] for start_year in sorted(years)]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What opening an account needs of a card."""

    id: int
    name: FullName
    account_id: int | None
    identity_digest: str


def get_guardians(*, guardian_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Return guardians by id."""
    return {r.pk: _person(r) for r in Guardian.objects.filter(pk__in=set(guardian_ids))}


def get_pupils(*, pupil_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Return pupils by id."""
    return {row.pk: _person(row) for row in Pupil.objects.filter(pk__in=set(pupil_ids))}


def get_employees(*, employee_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Return employees by id."""
    return {row.pk: _person(row) for row in Employee.objects.filter(pk__in=set(employee_ids))}


def _person(row: Pupil | Guardian | Employee) -> PersonCard:
    return PersonCard(
        id=row.pk,
        name=FullName(row.last_name, row.first_name, row.middle_name),
        account_id=row.account_id,
        identity_digest=getattr(row, "identity_digest", ""),
    )


def get_employee_names(*, employee_ids: Iterable[int]) -> dict[int, str]:
    """Return «Петрова О. И.» by employee."""
    return {
        pk: card.name.with_initials for pk, card in get_employees(employee_ids=employee_ids).items()
    }


def get_employee_names_by_account(account_ids: Iterable[int]) -> dict[int, str]:
    """Return «Петрова О. И.» by account; accounts without an employee's card are left out."""
    rows = Employee.objects.filter(account_id__in=set(account_ids))
    return {row.account_id: _person(row).name.with_initials for row in rows if row.account_id}


def list_classes_of_teacher(*, employee_id: int, start_year: int) -> list[ClassCard]:
    """Return the classes a person is class teacher of."""
    return [c for c in list_classes(start_year=start_year) if c.class_teacher_id == employee_id]


def count_people() -> dict[str, int]:
    """Return how many pupils, guardians and employees the school has."""
    return {
        "pupils": Pupil.objects.count(),
        "guardians": Guardian.objects.count(),
        "employees": Employee.objects.filter(left_on=None).count(),
    }


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
    with connection.cursor() as cursor:
        cursor.execute(DAY_MEMBERS, {"day": day})
        for group_id, is_class, level, pupil_id in cursor:
            pupils.setdefault((group_id, is_class, level), set()).add(pupil_id)
    return {
        group_id: GroupOnDay(group_id, is_class, level, frozenset(ids))
        for (group_id, is_class, level), ids in pupils.items()
    }


@dataclass(frozen=True, slots=True)
class StaffCard:
    """An employee with the roles the post gives (ROL-001)."""

    person: PersonCard
    roles: frozenset[Role]


def get_staff(*, employee_ids: Iterable[int]) -> dict[int, StaffCard]:
    """Return the employees at work by id, with the roles of their posts."""
    rows = Employee.objects.filter(pk__in=set(employee_ids), left_on=None)
    return {row.pk: StaffCard(_person(row), roles_of_post(row.post)) for row in rows}


def list_without_account(*, role: Role) -> set[int]:
    """Return the ids of cards that wait for an account: of pupils, guardians or employees."""
    waiting: dict[Role, QuerySet[Any]] = {
        Role.PUPIL: Pupil.objects.all(),
        Role.GUARDIAN: Guardian.objects.all(),
        Role.TEACHER: Employee.objects.filter(left_on=None),
    }
    return set(waiting[role].filter(account_id=None).values_list("pk", flat=True))


PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """A line of the office's lists: the name, and the class or the post."""

    id: int
    name: str
    place: str
    has_account: bool


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """A page of a list with the number of all that were found."""

    rows: list[DirectoryRow]
    found: int


def find_pupils(*, words: str, on: date, page: int = 1) -> DirectoryPage:
    """Return a page of the pupils whose name has all the words, with the class on a day."""
    rows = _by_words(Pupil.objects.all(), words)
    found = rows.count()
    shown = list(_page(rows, page))
    cards = get_pupil_cards(pupil_ids=[row.pk for row in shown], on=on)
    return DirectoryPage(
        [
            DirectoryRow(
                row.pk, str(cards[row.pk].name), cards[row.pk].class_title, bool(row.account_id)
            )
            for row in shown
        ],
        found,
    )


def find_employees(*, words: str, page: int = 1) -> DirectoryPage:
    """Return a page of the employees at work whose name has all the words, with the post."""
    rows = _by_words(Employee.objects.filter(left_on=None), words)
    shown = [
        DirectoryRow(row.pk, str(_person(row).name), row.post, bool(row.account_id))
        for row in _page(rows, page)
    ]
    return DirectoryPage(shown, rows.count())


def _by_words(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in words.replace("ё", "е").split()[:4]:
        rows = rows.filter(
            Q(sort_key__contains=word.lower())
            | Q(first_name__istartswith=word)
            | Q(middle_name__istartswith=word)
        )
    return rows.order_by("sort_key", "pk")


def _page(rows: QuerySet[Any], page: int) -> QuerySet[Any]:
    start = (max(page, 1) - 1) * PAGE_SIZE
    return rows[start : start + PAGE_SIZE]


@dataclass(frozen=True, slots=True)
class ImportJobCard:
    """An uploaded list as the office sees it; `report` as `ImportReport.as_dict` gives it."""

    id: int
    kind: str
    kind_title: str
    filename: str
    state: str
    state_title: str
    created_at: datetime
    report: dict[str, Any]


def get_import_job(*, actor: Actor, job_id: int) -> ImportJobCard:
    """Return an uploaded list; raise `NotFound` for who may not keep such lists."""
    job = ImportJob.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound
    if job.kind == ImportJob.Kind.EMPLOYEES:
        check_may_keep_staff(actor)
    else:
        check_may_keep_people(actor)
    return _job(job)


def list_import_jobs(*, actor: Actor) -> list[ImportJobCard]:
    """Return the latest uploads, newest first."""
    check_may_keep_people(actor)
    return [_job(job) for job in ImportJob.objects.defer("content").order_by("-pk")[:20]]


def _job(job: ImportJob) -> ImportJobCard:
    return ImportJobCard(
        id=job.pk,
        kind=job.kind,
        kind_title=job.get_kind_display(),
        filename=job.filename,
        state=job.state,
        state_title=job.get_state_display(),
        created_at=job.created_at,
        report=job.report,
    )
