"""Changing people: classes, groups, enrolment, links, accounts of cards."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Value
from django.db.models.functions import Coalesce

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import (
    ClassEnrollment,
    Employee,
    GroupMember,
    Guardian,
    Pupil,
    SchoolClass,
    TeachingGroup,
)

MAY_KEEP_PEOPLE = (Role.ADMINISTRATOR, Role.SECRETARY, Role.SYSTEM)


def check_may_keep_people(actor: Actor) -> None:
    """Raise `NotFound` unless the actor keeps the school's lists (JRN-029)."""
    if not actor.has(*MAY_KEEP_PEOPLE):
        raise NotFound


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


PERSON_OF_ROLE: dict[Role, type[Pupil | Guardian | Employee]] = {
    Role.PUPIL: Pupil,
    Role.GUARDIAN: Guardian,
    Role.TEACHER: Employee,
}


def set_accounts(*, actor: Actor, role: Role, accounts: Mapping[int, int]) -> None:
    """Note the accounts of cards (card id → account id); a card keeps the account it has."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    model = PERSON_OF_ROLE[role]
    for person_id, account_id in accounts.items():
        model.objects.filter(pk=person_id).update(
            account_id=Coalesce("account_id", Value(account_id))
        )
