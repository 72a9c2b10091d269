"""A small school with the people who are always the same.

Anna teaches algebra in 7А, Oksana teaches algebra in 7Б, Boris is head teacher, Vera is Gleb's
mother, Zoya is another pupil of 7А, Dmitry is a stranger: his son Yegor learns in 7Б.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from kernel.actor import Actor, SchoolRef
from kernel.school_year import TermKind
from services.diary.models import AccessGrant
from services.journal.operations import fill_dictionaries
from services.people.models import (
    ClassEnrollment,
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
    TeachingGroup,
)
from services.schedule.models import Lesson, SchoolYear, Subject, TeachingLoad, Term

MONDAY = date(2026, 11, 16)
MOSCOW_OFFSET = timedelta(hours=3)


@dataclass
class SmallSchool:
    """Ids of everything in it; dates: five algebra lessons of 7А on MONDAY … Friday, 1st lesson."""

    term_id: int = 0
    subject_id: int = 0
    group_id: int = 0
    other_group_id: int = 0
    anna: int = 0
    oksana: int = 0
    boris: int = 0
    gleb: int = 0
    zoya: int = 0
    yegor: int = 0
    vera: int = 0
    dmitry: int = 0
    pupils: list[int] = field(default_factory=list)
    lessons: list[int] = field(default_factory=list)
    other_lessons: list[int] = field(default_factory=list)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of Moscow time."""
    return datetime.combine(day, time(hour, minute), UTC) - MOSCOW_OFFSET


def make_small_school(actor: Actor, level: int = 7, pupils: int = 2) -> SmallSchool:
    """Build it inside the school that is open; `pupils` at least Gleb and Zoya, sorted so."""
    fill_dictionaries(actor)
    small = SmallSchool()
    year = SchoolYear.objects.create(
        start_year=2026, starts_on=date(2026, 9, 1), ends_on=date(2027, 5, 26)
    )
    term = Term.objects.create(
        school_year=year,
        kind=TermKind.QUARTER,
        number=2,
        level_from=1,
        level_to=11,
        starts_on=date(2026, 11, 2),
        ends_on=date(2026, 12, 30),
    )
    subject, _ = Subject.objects.get_or_create(
        code="алг", defaults={"short_name": "алг", "name": "Алгебра"}
    )
    small.term_id, small.subject_id = term.pk, subject.pk
    anna = Employee.objects.create(last_name="Анина", first_name="Анна", post="учитель")
    oksana = Employee.objects.create(last_name="Петрова", first_name="Оксана", post="учитель")
    boris = Employee.objects.create(last_name="Борин", first_name="Борис", post="директор")
    small.anna, small.oksana, small.boris = anna.pk, oksana.pk, boris.pk
    small.group_id, small.pupils = _make_class(level, "А", ["Глебов Глеб", "Зоина Зоя"], pupils)
    small.gleb, small.zoya = small.pupils[:2]
    small.other_group_id, others = _make_class(level, "Б", ["Егоров Егор"], 1)
    small.yegor = others[0]
    small.vera = _make_guardian("Верина", "Вера", small.gleb)
    small.dmitry = _make_guardian("Дмитриев", "Дмитрий", small.yegor)
    small.lessons = _make_lessons(anna, small.group_id, subject, term, level)
    small.other_lessons = _make_lessons(oksana, small.other_group_id, subject, term, level)
    return small


def _make_class(level: int, letter: str, names: list[str], size: int) -> tuple[int, list[int]]:
    school_class = SchoolClass.objects.create(start_year=2026, level=level, letter=letter)
    group = TeachingGroup.objects.create(
        start_year=2026,
        kind=TeachingGroup.Kind.WHOLE_CLASS,
        school_class=school_class,
        level=level,
        title=school_class.title,
    )
    names = names + [f"Ученик{n:02} Пётр" for n in range(len(names), size)]
    ids = []
    for name in names:
        last, first = name.split()
        pupil = Pupil.objects.create(last_name=last, first_name=first, birth_date=date(2013, 5, 5))
        ClassEnrollment.objects.create(
            pupil=pupil, school_class=school_class, since_on=date(2026, 9, 1)
        )
        ids.append(pupil.pk)
    return group.pk, ids


def _make_guardian(last: str, first: str, pupil_id: int) -> int:
    guardian = Guardian.objects.create(last_name=last, first_name=first)
    GuardianLink.objects.create(
        guardian=guardian, pupil_id=pupil_id, relation="mother", since_on=date(2026, 9, 1)
    )
    AccessGrant.objects.create(
        guardian=guardian, pupil_id=pupil_id, granted_at=at(date(2026, 9, 1), 12), ground="import"
    )
    return guardian.pk


def _make_lessons(
    employee: Employee, group_id: int, subject: Subject, term: Term, level: int
) -> list[int]:
    load = TeachingLoad.objects.create(
        employee=employee,
        group_id=group_id,
        subject=subject,
        start_year=2026,
        level=level,
        hours=5,
    )
    days = [MONDAY + timedelta(days=shift) for shift in range(5)]
    return [
        Lesson.objects.create(
            load=load,
            group_id=group_id,
            subject=subject,
            employee=employee,
            term=term,
            date=day,
            number=1,
            starts_at=at(day, 8, 30),
            ends_at=at(day, 9, 15),
        ).pk
        for day in days
    ]


def system_of(school: SchoolRef) -> Actor:
    """Return the system in a school."""
    return Actor.system(school)
