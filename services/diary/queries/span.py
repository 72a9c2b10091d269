"""A span of days of one child, read by four queries whatever its length.

The groups of the child, their lessons, what the journal holds of the child, the teachers' names.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from kernel.absence import DEFAULT_CODES
from kernel.actor import Actor
from services.diary.access import ChildView
from services.diary.rules import HeldLessons, count_left, due_day, is_fresh
from services.journal import queries as journal
from services.journal.queries import EarlierTasks, PupilRecord
from services.people import queries as people
from services.schedule import queries as schedule
from services.schedule.queries import LessonCard, LessonTrace

CODE_TITLES = {code.code: code.title for code in DEFAULT_CODES}
REASON_UNKNOWN = frozenset(
    c.code for c in DEFAULT_CODES if c.counts_as_absent and not c.reason_known
)


@dataclass(frozen=True, slots=True)
class Task:
    """Homework as the family reads it; `due_on` is None while the next lesson is not in sight."""

    subject: str
    text: str
    manner: str
    given_on: date
    due_on: date | None
    is_personal: bool


@dataclass(frozen=True, slots=True)
class DiaryLesson:
    """A lesson of the child; `begins` and `ends` are the school's own hours.

    `tasks` are due at this lesson. `instead_of` names the teacher another one stands in for.
    """

    id: int
    date: date
    number: int
    starts_at: datetime
    ends_at: datetime
    begins: time
    ends: time
    subject_id: int
    subject: str
    room: str
    teacher: str
    instead_of: str
    is_cancelled: bool
    is_substituted: bool
    topic: str
    work_kind: str
    mark: int | None
    code: str
    code_title: str
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """A day of the diary; `tasks` are those due on it beside any lesson of their subject."""

    day: date
    lessons: tuple[DiaryLesson, ...]
    tasks: tuple[Task, ...] = ()

    @property
    def held(self) -> list[DiaryLesson]:
        """Return the lessons that are not cancelled."""
        return [lesson for lesson in self.lessons if not lesson.is_cancelled]

    @property
    def begins(self) -> time | None:
        """Return the hour the first held lesson begins."""
        return self.held[0].begins if self.held else None

    @property
    def ends(self) -> time | None:
        """Return the hour the last held lesson ends."""
        return max((lesson.ends for lesson in self.held), default=None)

    @property
    def all_tasks(self) -> list[Task]:
        """Return everything due on the day, in the order of the lessons."""
        return [task for lesson in self.lessons for task in lesson.tasks] + list(self.tasks)

    def count_left(self, now: datetime) -> int:
        """Return how many held lessons are not over yet."""
        return count_left((lesson.ends_at for lesson in self.held), now)


@dataclass(frozen=True, slots=True)
class FreshMark:
    """A mark put lately."""

    subject: str
    day: date
    put_on: date
    value: int
    work_kind: str
    topic: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days of one child as they were read; `lessons` are his own, in order of time."""

    lessons: Mapping[date, Sequence[DiaryLesson]]
    tasks: Mapping[date, Sequence[Task]]
    marks: Sequence[FreshMark]

    @property
    def days(self) -> Iterable[date]:
        """Return the days with lessons."""
        return self.lessons.keys()

    def day(self, day: date) -> DiaryDay:
        """Return a day; one without lessons is empty."""
        return DiaryDay(day, tuple(self.lessons.get(day, ())), tuple(self.tasks.get(day, ())))

    def list_fresh(self, today: date) -> tuple[FreshMark, ...]:
        """Return the marks put lately, the newest first."""
        found = [mark for mark in self.marks if is_fresh(mark.put_on, today)]
        return tuple(sorted(found, key=lambda mark: (mark.day, mark.put_on), reverse=True))

    def list_unexplained(self, since: date) -> tuple[DiaryLesson, ...]:
        """Return the lessons the child missed and nobody has said why."""
        return tuple(
            lesson
            for day in sorted(self.lessons)
            for lesson in self.lessons[day]
            if day >= since and lesson.code in REASON_UNKNOWN
        )


def read_span(
    actor: Actor,
    child: ChildView,
    since: date,
    until: date,
    *,
    shown_from: date | None = None,
    with_names: bool = True,
) -> Span:
    """Read the days from `since` to `until`, both included.

    With `shown_from` the days before it only tell which tasks are due in the days shown.
    """
    shown, earlier = _list_lessons(child, since, until, shown_from or since)
    records = journal.list_pupil_records(
        pupil_id=child.id,
        lesson_ids=[card.id for card in shown],
        earlier=_still_due(earlier, shown_from) if shown_from else None,
    )
    names = _name_teachers(shown) if with_names else {}
    # Of the lessons before only those whose tasks are still due: the next lesson held is shown.
    due, open_ended = _sort_tasks([*(one for one in earlier if one.id in records), *shown], records)
    zone = ZoneInfo(actor.school.timezone)
    lessons: dict[date, list[DiaryLesson]] = defaultdict(list)
    for card in shown:
        # A double lesson bears its tasks once; a cancelled one bears none.
        tasks = [] if card.is_cancelled else due.pop((card.subject_id, card.date), [])
        lessons[card.date].append(_lesson(card, records.get(card.id), names, zone, tuple(tasks)))
    beside: dict[date, list[Task]] = defaultdict(list, open_ended)
    for (_, day), tasks in due.items():
        beside[day].extend(tasks)
    return Span(lessons, beside, list(_list_marks(shown, records, zone)))


def _list_lessons(
    child: ChildView, since: date, until: date, shown_from: date
) -> tuple[list[LessonCard], list[LessonTrace]]:
    """Return the lessons shown and traces of those before, of the child's groups on his days."""
    spans = people.list_group_spans(pupil_id=child.id, since=since, until=until)
    days = defaultdict(list)
    for span in spans:
        days[span.group_id].append(span.days)
    # Nearly always: who is in a group all the time, of him no lesson need be asked.
    whole = {one.group_id for one in spans if one.days.contains(since) and one.days.contains(until)}

    def is_his(lesson: LessonCard | LessonTrace) -> bool:
        return lesson.group_id in whole or any(
            period.contains(lesson.date) for period in days[lesson.group_id]
        )

    if shown_from == since:
        cards = schedule.list_group_lessons(group_ids=days.keys(), since=since, until=until)
        return list(filter(is_his, cards)), []
    read = schedule.read_group_stretch(
        group_ids=days.keys(), earlier=since, since=shown_from, until=until
    )
    return list(filter(is_his, read.lessons)), list(filter(is_his, read.earlier))


def _still_due(earlier: Sequence[LessonTrace], shown_from: date) -> EarlierTasks:
    """Return which tasks given before may be due in the days shown.

    One without a day is due at the next lesson: only if no lesson was held since it was given.
    """
    last_held = {
        (one.group_id, one.subject_id): one.date for one in earlier if not one.is_cancelled
    }
    undated = [
        one.id
        for one in earlier
        if one.date >= last_held.get((one.group_id, one.subject_id), one.date)
    ]
    return EarlierTasks([one.id for one in earlier], undated, shown_from)


def _name_teachers(cards: Iterable[LessonCard]) -> dict[int, str]:
    ids = {card.teacher_id for card in cards} | {card.employee_id for card in cards}
    return people.get_employee_names(employee_ids=ids)


def _sort_tasks(
    cards: Sequence[LessonCard | LessonTrace], records: Mapping[int, PupilRecord]
) -> tuple[dict[tuple[int, date], list[Task]], dict[date, list[Task]]]:
    """Return the tasks by (subject, the day they are due), and by the day they were given those
    whose lesson is not in sight.
    """
    held = HeldLessons.of(
        ((card.group_id, card.subject_id), card.date) for card in cards if not card.is_cancelled
    )
    due: dict[tuple[int, date], list[Task]] = defaultdict(list)
    open_ended: dict[date, list[Task]] = defaultdict(list)
    for card in cards:
        record = records.get(card.id)
        for given in record.tasks if record else ():
            course = (card.group_id, card.subject_id)
            day = due_day(due_on=given.due_on, course=course, given_on=card.date, held=held)
            task = Task(
                subject=card.subject_name,
                text=given.text,
                manner=given.manner,
                given_on=card.date,
                due_on=day,
                is_personal=given.is_personal,
            )
            if day is None:
                open_ended[card.date].append(task)
            else:
                due[card.subject_id, day].append(task)
    return due, open_ended


def _lesson(
    card: LessonCard,
    record: PupilRecord | None,
    names: Mapping[int, str],
    zone: ZoneInfo,
    tasks: tuple[Task, ...],
) -> DiaryLesson:
    code = (record and record.code) or ""
    return DiaryLesson(
        id=card.id,
        date=card.date,
        number=card.number,
        starts_at=card.starts_at,
        ends_at=card.ends_at,
        begins=card.starts_at.astimezone(zone).time(),
        ends=card.ends_at.astimezone(zone).time(),
        subject_id=card.subject_id,
        subject=card.subject_name,
        room=card.room,
        teacher=names.get(card.teacher_id, ""),
        instead_of=names.get(card.employee_id, "") if card.is_substituted else "",
        is_cancelled=card.is_cancelled,
        is_substituted=card.is_substituted,
        topic=record.topic if record else "",
        work_kind=record.work_kind_title if record else "",
        mark=record.mark if record else None,
        code=code,
        code_title=CODE_TITLES.get(code, code),
        tasks=tasks,
    )


def _list_marks(
    cards: Iterable[LessonCard], records: Mapping[int, PupilRecord], zone: ZoneInfo
) -> Iterator[FreshMark]:
    for card in cards:
        record = records.get(card.id)
        if record and record.mark is not None and record.put_at is not None:
            yield FreshMark(
                subject=card.subject_name,
                day=card.date,
                put_on=record.put_at.astimezone(zone).date(),
                value=record.mark,
                work_kind=record.work_kind_title,
                topic=record.topic,
            )
