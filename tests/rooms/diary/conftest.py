"""Vera, her son Gleb of 7А, and those who must not see him: Dmitry, Zoya, the school's staff."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.diary.models import AccessGrant
from services.diary.queries import DayPage, get_day
from services.journal.models import Absence, Homework, LessonRecord, Mark, WorkKind
from services.people.models import GroupMember, GuardianLink, TeachingGroup
from services.schedule.models import Lesson, Subject, TeachingLoad
from tests.factories.school import MONDAY, SmallSchool, at, make_small_school

TODAY = date(2026, 11, 18)  # Wednesday
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=n) for n in range(1, 5))


@dataclass
class Diary:
    """The open school with what a test adds to it. Everything happens in one transaction."""

    small: SmallSchool
    school: SchoolRef

    def actor(self, role: Role, person: int) -> Actor:
        """Return somebody with one role in the school."""
        return Actor(11, self.school, frozenset({role}), {role: person})

    @property
    def vera(self) -> Actor:
        """Gleb's mother."""
        return self.actor(Role.GUARDIAN, self.small.vera)

    @property
    def dmitry(self) -> Actor:
        """The father of Yegor of 7Б."""
        return self.actor(Role.GUARDIAN, self.small.dmitry)

    @property
    def gleb(self) -> Actor:
        """The pupil himself."""
        return self.actor(Role.PUPIL, self.small.gleb)

    def grant_of_vera(self) -> AccessGrant:
        """Return what opens Gleb's diary to his mother."""
        return AccessGrant.objects.get(guardian_id=self.small.vera)

    def link_of_vera(self) -> GuardianLink:
        """Return her link to Gleb."""
        return GuardianLink.objects.get(guardian_id=self.small.vera)

    def record(self, lesson_id: int, **fields: object) -> LessonRecord:
        """Fill the record of a lesson."""
        lesson = Lesson.objects.get(pk=lesson_id)
        record, _ = LessonRecord.objects.update_or_create(
            lesson=lesson,
            defaults={
                "group_id": lesson.group_id,
                "subject": lesson.subject,
                "term": lesson.term,
                "date": lesson.date,
                **fields,
            },
        )
        return record

    def put(
        self, lesson_id: int, pupil_id: int, value: int, kind: str = "", at: datetime = NOW
    ) -> None:
        """Put a mark, for a kind of work of the school's list."""
        fields = {"work_kind": WorkKind.objects.get(code=kind)} if kind else {}
        record = self.record(lesson_id, **fields)
        Mark.objects.create(record=record, pupil_id=pupil_id, value=value, revision=1, put_at=at)

    def miss(self, lesson_id: int, pupil_id: int, code: str) -> None:
        """Note an absence."""
        record = self.record(lesson_id)
        Absence.objects.create(record=record, pupil_id=pupil_id, code=code, revision=1, put_at=NOW)

    def give(
        self, lesson_id: int, text: str, pupil_id: int | None = None, due_on: date | None = None
    ) -> None:
        """Set homework at a lesson, for the class or for one pupil."""
        record = self.record(lesson_id)
        Homework.objects.create(
            record=record, pupil_id=pupil_id, text=text, due_on=due_on, given_at=NOW
        )

    def add_lesson(
        self, day: date, number: int, name: str = "Физика", group_id: int | None = None
    ) -> int:
        """Add a lesson of another subject, of 7А unless a group is named; return its id."""
        code = name.lower()[:3]
        subject, _ = Subject.objects.get_or_create(
            code=code, defaults={"short_name": code, "name": name}
        )
        group_id = group_id or self.small.group_id
        load, _ = TeachingLoad.objects.get_or_create(
            employee_id=self.small.oksana,
            group_id=group_id,
            subject=subject,
            defaults={"start_year": 2026, "level": 7, "hours": 1},
        )
        return Lesson.objects.create(
            load=load,
            group_id=group_id,
            subject=subject,
            employee_id=self.small.oksana,
            term_id=self.small.term_id,
            date=day,
            number=number,
            starts_at=at(day, 8 + number, 30),
            ends_at=at(day, 9 + number, 15),
        ).pk

    def add_subgroup(self, *pupil_ids: int) -> int:
        """Add a subgroup of 7А; return its id."""
        whole = TeachingGroup.objects.get(pk=self.small.group_id)
        group = TeachingGroup.objects.create(
            start_year=2026,
            kind=TeachingGroup.Kind.SUBGROUP,
            school_class=whole.school_class,
            level=7,
            title=f"7А англ. {len(pupil_ids)}",
        )
        for pupil_id in pupil_ids:
            GroupMember.objects.create(group=group, pupil_id=pupil_id, since_on=date(2026, 9, 1))
        return group.pk


@pytest.fixture
def diary(school: SchoolRef, system: Actor) -> Iterator[Diary]:
    """The small school, open for the whole test."""
    with school_transaction(system, school.id):
        yield Diary(make_small_school(system), school)


@pytest.fixture
def day_of(diary: Diary) -> Callable[..., DayPage]:
    """Read a day of Gleb's diary with his mother's eyes."""

    def read(day: date = TODAY, actor: Actor | None = None) -> DayPage:
        return get_day(actor=actor or diary.vera, pupil_id=diary.small.gleb, day=day, today=TODAY)

    return read
