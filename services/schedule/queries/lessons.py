"""Reading lessons: one, a page's, a teacher's day, a family's week with its changes (TTC-013)."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kernel.errors import NotFound
from services.schedule.models import Lesson, TeachingLoad

# The columns of a card, in the order of its fields: a page of lessons is no page of models.
COLUMNS = (
    *("pk", "load_id", "group_id", "subject_id"),
    *("subject__code", "subject__name", "subject__short_name"),
    *("employee_id", "substitute_id", "term_id", "term__closed_at"),
    *("load__level", "load__shift", "date", "number", "starts_at", "ends_at"),
    *("room", "state", "note"),
)


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A lesson as other rooms see it; `date` is the day in the school's own zone."""

    id: int
    load_id: int
    group_id: int
    subject_id: int
    subject_code: str
    subject_name: str
    subject_short: str
    employee_id: int
    substitute_id: int | None
    term_id: int
    term_closed_at: datetime.datetime | None
    level: int
    shift: int
    date: datetime.date
    number: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    room: str
    state: str
    note: str

    @property
    def is_cancelled(self) -> bool:
        """Return whether the lesson is not held."""
        return self.state == Lesson.State.CANCELLED

    @property
    def is_substituted(self) -> bool:
        """Return whether another teacher gives the lesson."""
        return self.substitute_id is not None

    @property
    def is_changed(self) -> bool:
        """Return whether the lesson differs from the timetable."""
        return self.is_cancelled or self.is_substituted

    @property
    def teacher_id(self) -> int:
        """Return the employee who gives the lesson: the substitute, or the load's own."""
        return self.substitute_id or self.employee_id


def get_lesson(*, lesson_id: int) -> LessonCard:
    """Return a lesson by one query; raise `NotFound`."""
    cards = _cards(Lesson.objects.filter(pk=lesson_id))
    if not cards:
        raise NotFound
    return cards[0]


def get_lessons(*, lesson_ids: Iterable[int]) -> dict[int, LessonCard]:
    """Return lessons by id."""
    return {card.id: card for card in _cards(Lesson.objects.filter(pk__in=set(lesson_ids)))}


def list_term_lessons(*, group_id: int, subject_id: int, term_id: int) -> list[LessonCard]:
    """Return the lessons of a journal's page, oldest first, cancelled ones among them."""
    rows = Lesson.objects.filter(group_id=group_id, subject_id=subject_id, term_id=term_id)
    return _cards(rows.order_by("starts_at", "pk"))


def list_teacher_lessons(*, employee_id: int, day: datetime.date) -> list[LessonCard]:
    """Return a teacher's lessons of a day: his own, also given away, and those he substitutes."""
    rows = Lesson.objects.filter(
        Q(employee_id=employee_id, date=day) | Q(substitute_id=employee_id, date=day)
    )
    return _cards(rows.order_by("starts_at", "pk"))


def list_group_lessons(
    *, group_ids: Collection[int], since: datetime.date, until: datetime.date
) -> list[LessonCard]:
    """Return the lessons of groups from `since` to `until`, both included, changed ones too."""
    rows = Lesson.objects.filter(group_id__in=group_ids, date__gte=since, date__lte=until)
    return _cards(rows.order_by("starts_at", "pk"))


def list_day_lessons(*, day: datetime.date) -> list[LessonCard]:
    """Return all lessons of the school on a day."""
    return _cards(Lesson.objects.filter(date=day).order_by("starts_at", "pk"))


def teaches(*, employee_id: int, group_id: int, subject_id: int) -> bool:
    """Return whether an employee has the load of a group and a subject."""
    return TeachingLoad.objects.filter(
        employee_id=employee_id, group_id=group_id, subject_id=subject_id
    ).exists()


def _cards(rows: QuerySet[Lesson]) -> list[LessonCard]:
    return [LessonCard(*row) for row in rows.values_list(*COLUMNS)]
