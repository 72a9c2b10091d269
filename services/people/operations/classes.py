"""Classes, groups and who is in them."""

from collections.abc import Iterable
from datetime import date

from kernel.actor import Actor
from services.people.access import check_may_keep_people
from services.people.models import ClassEnrollment, GroupMember, SchoolClass, TeachingGroup


def create_class(
    *, actor: Actor, start_year: int, level: int, letter: str, shift: int = 1
) -> tuple[int, int]:
    """Return the ids of a class and of its whole-class group, made when they are not there."""
    check_may_keep_people(actor)
    school_class, _ = SchoolClass.objects.get_or_create(
        start_year=start_year, level=level, letter=letter, defaults={"shift": shift}
    )
    group, _ = TeachingGroup.objects.get_or_create(
        school_class=school_class,
        kind=TeachingGroup.Kind.WHOLE_CLASS,
        defaults={"start_year": start_year, "level": level, "title": school_class.title},
    )
    return school_class.pk, group.pk


def create_group(
    *,
    actor: Actor,
    start_year: int,
    level: int,
    title: str,
    kind: str = TeachingGroup.Kind.SUBGROUP,
    school_class_id: int | None = None,
) -> int:
    """Return the id of a subgroup or elective, made when it is not there."""
    check_may_keep_people(actor)
    group, _ = TeachingGroup.objects.get_or_create(
        start_year=start_year,
        title=title,
        defaults={"level": level, "kind": kind, "school_class_id": school_class_id},
    )
    return group.pk


def enroll(*, actor: Actor, school_class_id: int, pupil_ids: Iterable[int], since_on: date) -> None:
    """Enrol pupils who are in no class on that day."""
    check_may_keep_people(actor)
    wanted = set(pupil_ids)
    already = set(
        ClassEnrollment.objects.filter(pupil_id__in=wanted, until=None).values_list(
            "pupil_id", flat=True
        )
    )
    ClassEnrollment.objects.bulk_create(
        ClassEnrollment(pupil_id=pk, school_class_id=school_class_id, since_on=since_on)
        for pk in sorted(wanted - already)
    )


def add_members(*, actor: Actor, group_id: int, pupil_ids: Iterable[int], since_on: date) -> None:
    """Put pupils into a subgroup or elective; those in it stay."""
    check_may_keep_people(actor)
    wanted = set(pupil_ids)
    already = set(
        GroupMember.objects.filter(group_id=group_id, until=None).values_list("pupil_id", flat=True)
    )
    GroupMember.objects.bulk_create(
        GroupMember(group_id=group_id, pupil_id=pk, since_on=since_on)
        for pk in sorted(wanted - already)
    )


def appoint_class_teacher(*, actor: Actor, school_class_id: int, employee_id: int) -> None:
    """Make an employee the class teacher."""
    check_may_keep_people(actor)
    SchoolClass.objects.filter(pk=school_class_id).update(class_teacher_id=employee_id)
