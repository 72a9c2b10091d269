"""Writing a plan into the school that is open: a fixed number of statements, all or nothing.

All or nothing is the door's: everything happens inside one `school_transaction`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection

from kernel.names import FullName
from services.people.imports.plans import (
    FamiliesPlan,
    PlannedEnrollment,
    PlannedGuardian,
    PlannedPupil,
)
from services.people.imports.staff import StaffPlan
from services.people.imports.values import ClassName
from services.people.models import (
    ClassEnrollment,
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
    TeachingGroup,
)

BATCH = 500
P = TypeVar("P", Pupil, Guardian, Employee)


@dataclass(frozen=True, slots=True)
class Written:
    """Ids of what is new, for the events."""

    enrolled_pupil_ids: Sequence[int] = ()
    link_ids: Sequence[int] = ()
    employee_ids: Sequence[int] = ()


def wait_for_other_imports() -> None:
    """Let imports into one school go one after another: two at once would double the people."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('people'))"
        )


def write_staff(plan: StaffPlan) -> Written:
    """Write the employees of a plan."""
    new = Employee.objects.bulk_create(
        [
            Employee(
                **_name(one.row.name),
                sex=one.row.sex,
                birth_date=one.row.birth_date,
                post=one.row.post,
                grade_rank=one.row.grade_rank,
                category=one.row.category,
                functions=one.row.functions,
                speciality=one.row.speciality,
            )
            for one in plan.employees
            if one.known is None
        ],
        BATCH,
    )
    _update(Employee, ((one.known.id, one.changes) for one in plan.employees if one.known))
    return Written(employee_ids=[one.pk for one in new])


def write_families(plan: FamiliesPlan, classes: dict[ClassName, int], start_year: int) -> Written:
    """Write classes, pupils, enrolments, guardians and ties; `classes` are those there are."""
    class_ids = classes | _write_classes(plan.classes, start_year)
    _write_pupils(plan.pupils)
    _write_enrollments(plan.enrollments, class_ids)
    _write_guardians(plan.guardians)
    links = _write_links(plan)
    came = [one.pupil.id for one in plan.enrollments if one.ends is None and one.pupil.id]
    return Written(enrolled_pupil_ids=came, link_ids=links)


def _write_classes(names: Iterable[ClassName], start_year: int) -> dict[ClassName, int]:
    new = SchoolClass.objects.bulk_create(
        SchoolClass(start_year=start_year, level=name.level, letter=name.letter) for name in names
    )
    TeachingGroup.objects.bulk_create(
        TeachingGroup(
            start_year=start_year,
            kind=TeachingGroup.Kind.WHOLE_CLASS,
            school_class=one,
            level=one.level,
            title=one.title,
        )
        for one in new
    )
    return {ClassName(one.level, one.letter): one.pk for one in new}


def _write_pupils(pupils: list[PlannedPupil]) -> None:
    fresh = [one for one in pupils if one.known is None]
    cards = Pupil.objects.bulk_create(
        [
            Pupil(**_name(one.row.name), sex=one.row.sex, birth_date=one.row.birth_date)
            for one in fresh
        ],
        BATCH,
    )
    for one, card in zip(fresh, cards, strict=True):
        one.id = card.pk
    for one in pupils:
        one.id = one.known.id if one.known else one.id
    _update(Pupil, ((one.known.id, one.changes) for one in pupils if one.known))


def _write_enrollments(planned: list[PlannedEnrollment], class_ids: dict[ClassName, int]) -> None:
    """End the days in former classes, then begin those in new ones.

    An enrolment that would end no later than it began moves to the new class instead.
    """
    moved: dict[int, list[int]] = defaultdict(list)
    ended: dict[date, list[int]] = defaultdict(list)
    new: list[ClassEnrollment] = []
    for one in planned:
        class_id = class_ids[one.school_class]
        if one.ends is not None and one.ends.since_on >= one.since_on:
            moved[class_id].append(one.ends.id)
            continue
        if one.ends is not None:
            ended[one.since_on].append(one.ends.id)
        new.append(
            ClassEnrollment(
                pupil_id=_id(one.pupil), school_class_id=class_id, since_on=one.since_on
            )
        )
    for class_id, ids in moved.items():
        ClassEnrollment.objects.filter(pk__in=ids).update(school_class_id=class_id)
    for day, ids in ended.items():
        ClassEnrollment.objects.filter(pk__in=ids).update(until=day)
    ClassEnrollment.objects.bulk_create(new, BATCH)


def _write_guardians(guardians: list[PlannedGuardian]) -> None:
    fresh = [one for one in guardians if one.known is None]
    cards = Guardian.objects.bulk_create(
        [Guardian(**_name(one.row.name), **one.stated) for one in fresh if one.row], BATCH
    )
    for one, card in zip(fresh, cards, strict=True):
        one.id = card.pk
    for one in guardians:
        one.id = one.known.id if one.known else one.id
    _update(Guardian, ((one.known.id, one.changes) for one in guardians if one.known))


def _write_links(plan: FamiliesPlan) -> list[int]:
    day = {one.pupil: one.since_on for one in plan.enrollments}
    new = GuardianLink.objects.bulk_create(
        [
            GuardianLink(
                pupil_id=_id(one.pupil),
                guardian_id=_id(one.guardian),
                relation=one.relation,
                since_on=day.get(one.pupil, plan.day),
            )
            for one in plan.links
            if one.known is None
        ],
        BATCH,
    )
    changed: dict[str, list[int]] = defaultdict(list)
    for one in plan.links:
        if one.known is not None and one.known.relation != one.relation:
            changed[one.relation].append(one.known.id)
    for relation, ids in changed.items():
        GuardianLink.objects.filter(pk__in=ids).update(relation=relation)
    return [one.pk for one in new]


def _update(model: type[P], changes: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Write changed fields, cards with the same set of fields together."""
    by_fields: dict[tuple[str, ...], list[P]] = {}
    for pk, values in changes:
        if values:
            by_fields.setdefault(tuple(sorted(values)), []).append(model(pk=pk, **values))
    for fields, cards in by_fields.items():
        model._default_manager.bulk_update(cards, fields, BATCH)


def _name(name: FullName) -> dict[str, str]:
    return {"last_name": name.last, "first_name": name.first, "middle_name": name.middle}


def _id(planned: PlannedPupil | PlannedGuardian) -> int:
    assert planned.id is not None
    return planned.id
