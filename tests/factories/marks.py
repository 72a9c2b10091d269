"""Marks and absences straight in the journal: a small table whose figures are known by heart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from services.journal.models import Absence, LessonRecord, Mark, WorkKind
from services.people.models import ClassEnrollment, GroupMember, SchoolClass, TeachingGroup
from services.regulation.models import RegulationSetting
from services.regulation.queries import forget_settings
from services.schedule.models import Lesson, Subject, TeachingLoad, Term
from tests.factories.school import MONDAY, SmallSchool, at

WRITTEN = datetime(2026, 11, 20, 6, tzinfo=UTC)
HEAVY = "КР"  # weighs two
FRIDAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Group:
    """A subgroup or an elective with its lessons."""

    id: int
    subject_id: int
    lessons: list[int]


def write(
    lesson_id: int,
    marks: Mapping[int, int] | None = None,
    codes: Mapping[int, str] | None = None,
    kind: str = "",
    is_filled: bool = True,
) -> None:
    """Write a lesson down: marks and codes by pupil."""
    lesson = Lesson.objects.get(pk=lesson_id)
    record = LessonRecord.objects.create(
        lesson=lesson,
        group_id=lesson.group_id,
        subject_id=lesson.subject_id,
        term_id=lesson.term_id,
        date=lesson.date,
        topic="Дроби" if is_filled else "",
        filled_at=WRITTEN if is_filled else None,
        work_kind=WorkKind.objects.get(code=kind) if kind else None,
        revision=1,
    )
    for pupil_id, value in (marks or {}).items():
        Mark.objects.create(
            record=record, pupil_id=pupil_id, value=value, revision=1, put_at=WRITTEN
        )
    for pupil_id, code in (codes or {}).items():
        Absence.objects.create(
            record=record, pupil_id=pupil_id, code=code, revision=1, put_at=WRITTEN
        )


def fill_table(small: SmallSchool) -> None:
    """Fill the week of algebra in 7А.

    Gleb 5 (weighs two), 4, ill, 3; Zoya 2, 2, absent, absent for no reason, late on Friday, when
    nothing is written down.
    """
    WorkKind.objects.filter(code=HEAVY).update(weight=2)
    gleb, zoya = small.gleb, small.zoya
    monday, tuesday, wednesday, thursday, friday = small.lessons
    write(monday, {gleb: 5, zoya: 2}, kind=HEAVY)
    write(tuesday, {gleb: 4, zoya: 2})
    write(wednesday, codes={gleb: "Б", zoya: "Н"})
    write(thursday, {gleb: 3}, {zoya: "НП"})
    write(friday, codes={zoya: "ОП"}, is_filled=False)


def weigh(is_weighted: bool) -> None:
    """Let the school say whether averages are weighted."""
    RegulationSetting.objects.create(
        key="mark.weighted_average",
        value=is_weighted,
        clause="п. 4",
        since_on=MONDAY,
        source="school",
    )
    forget_settings()


def move(pupil_id: int, *, to_group: int, on: date) -> None:
    """Move a pupil to the class of a group on a day."""
    ClassEnrollment.objects.filter(pupil_id=pupil_id, until=None).update(until=on)
    ClassEnrollment.objects.create(
        pupil_id=pupil_id, school_class_id=class_of(to_group), since_on=on
    )


def class_of(group_id: int) -> int:
    """Return the class a group is of."""
    found = TeachingGroup.objects.get(pk=group_id).school_class_id
    assert found is not None
    return int(found)


def lead(group_id: int, employee_id: int | None) -> None:
    """Make an employee the class teacher of a group's class."""
    SchoolClass.objects.filter(pk=class_of(group_id)).update(class_teacher_id=employee_id)


def make_group(
    small: SmallSchool,
    employee_id: int,
    pupils: Sequence[int],
    *,
    of_group: int | None,
    title: str = "7А англ. 1",
    subject: tuple[str, str] = ("англ", "Английский язык"),
) -> Group:
    """Make a subgroup of a class, or an elective of none, with a lesson on Monday and Tuesday."""
    code, name = subject
    taught, _ = Subject.objects.get_or_create(
        code=code, defaults={"short_name": code, "name": name}
    )
    kind = TeachingGroup.Kind.SUBGROUP if of_group else TeachingGroup.Kind.ELECTIVE
    group = TeachingGroup.objects.create(
        start_year=2026,
        kind=kind,
        school_class_id=class_of(of_group) if of_group else None,
        level=7,
        title=title,
    )
    for pupil_id in pupils:
        GroupMember.objects.create(group=group, pupil_id=pupil_id, since_on=date(2026, 9, 1))
    load = TeachingLoad.objects.create(
        employee_id=employee_id,
        group=group,
        subject=taught,
        start_year=2026,
        level=7,
        hours=2,
    )
    days = [MONDAY, MONDAY.replace(day=17)]
    lessons = [
        Lesson.objects.create(
            load=load,
            group=group,
            subject=taught,
            employee_id=employee_id,
            term=Term.objects.get(pk=small.term_id),
            date=day,
            number=2,
            starts_at=at(day, 9, 30),
            ends_at=at(day, 10, 15),
        ).pk
        for day in days
    ]
    return Group(group.pk, taught.pk, lessons)
