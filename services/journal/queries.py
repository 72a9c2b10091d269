"""Reading the journal: a page for its teacher, results of one pupil for the diary above."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from foundation.db.door import planned_cursor
from kernel.absence import AbsenceCode
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.marks import WITHOUT_MARKS, MarkScale, scale_of_level
from services.journal import access
from services.journal.cells import ColumnHead, PageCells, read_page
from services.journal.day_counts import count_school_day as count_school_day
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.journal.pupil_records import EarlierTasks as EarlierTasks
from services.journal.pupil_records import PupilRecord as PupilRecord
from services.journal.pupil_records import PupilTask as PupilTask
from services.journal.pupil_records import read_pupil_records
from services.journal.rules import codes_of, record_seen
from services.journal.tallies import PlaceTally as PlaceTally
from services.journal.tallies import Seats as Seats
from services.journal.tallies import Stay as Stay
from services.journal.tallies import Tally as Tally
from services.journal.tallies import count_absent_recorded as count_absent_recorded
from services.journal.tallies import count_expected as count_expected
from services.journal.tallies import tally_page as tally_page
from services.journal.tallies import tally_places as tally_places
from services.journal.tallies import tally_pupils as tally_pupils
from services.people import queries as people
from services.people.queries import GroupPupil
from services.regulation.queries import get_settings
from services.schedule import queries as schedule
from services.schedule.queries import LessonCard, TermCard

# Every page asks this: written out, the statement costs a third of what building it anew does.
WORK_KINDS = """
SELECT id, code, title, weight FROM journal_workkind WHERE is_active ORDER BY position, id
"""
PAGE_RULES = ["absence.codes", "mark.weighted_average", "mark.first_grade_without_marks"]


@dataclass(frozen=True, slots=True)
class WorkKindCard:
    """A kind of work a column may have."""

    id: int
    code: str
    title: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class PageLesson:
    """A column: the lesson, the kind of work, the topic, and whether this actor may write."""

    lesson: LessonCard
    head: ColumnHead
    may_write: bool


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of the journal: pupils down, lessons across."""

    term: TermCard
    codes: tuple[AbsenceCode, ...]
    scale: MarkScale
    work_kinds: list[WorkKindCard]
    pupils: list[GroupPupil]
    lessons: list[PageLesson]
    cells: PageCells
    averages: dict[int, Decimal]


def get_page(
    *, actor: Actor, group_id: int, subject_id: int, term_id: int, today: date
) -> JournalPage:
    """Return a page of the journal; raise `NotFound` for a page or term not the actor's."""
    access.check_page(actor=actor, group_id=group_id, subject_id=subject_id, on=today)
    term = schedule.get_term(term_id=term_id)
    cards = schedule.list_term_lessons(group_id=group_id, subject_id=subject_id, term_id=term_id)
    settings = get_settings(keys=PAGE_RULES, on=min(today, term.ends_on))
    cells = read_page(group_id=group_id, subject_id=subject_id, term_id=term_id)
    level = cards[0].level if cards else _level_of(group_id, term)
    is_given = access.gives_which(actor)
    without_marks = level == 1 and settings["mark.first_grade_without_marks"].value
    return JournalPage(
        term=term,
        codes=codes_of(settings["absence.codes"].value),
        scale=WITHOUT_MARKS if without_marks else scale_of_level(max(level, 2)),
        work_kinds=list_work_kinds(),
        pupils=people.list_group_pupils(
            group_id=group_id, since=term.starts_on, until=term.ends_on
        ),
        lessons=[
            PageLesson(
                card,
                cells.heads.get(card.id, ColumnHead()),
                may_write=term.closed_at is None
                and not card.is_cancelled
                and card.date <= today
                and is_given(card),
            )
            for card in cards
        ],
        cells=cells,
        averages=cells.averages(weighted=bool(settings["mark.weighted_average"].value)),
    )


def _level_of(group_id: int, term: TermCard) -> int:
    """Return the level of a page without lessons yet; raise `NotFound` if the term is another's."""
    group = people.get_groups(group_ids=[group_id])[group_id]
    terms = schedule.list_terms(level=group.level, start_year=group.start_year)
    if term not in terms:
        raise NotFound
    return group.level


def list_work_kinds() -> list[WorkKindCard]:
    """Return the school's list of kinds of work, in its order (JRN-006)."""
    with planned_cursor() as cursor:
        cursor.execute(WORK_KINDS)
        return [WorkKindCard(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class HomeworkCard:
    """A task as the diary and the lesson page show it; `pupil_id` None: for the class."""

    lesson_id: int
    pupil_id: int | None
    text: str
    manner: str
    due_on: date | None
    given_at: datetime


@dataclass(frozen=True, slots=True)
class RecordCard:
    """What is recorded of a lesson."""

    lesson_id: int
    topic: str
    material: str
    work_kind_id: int | None
    work_kind_title: str
    homework_none: bool
    filled_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class LessonPage:
    """One lesson as a list of the class: the accessible view of a column."""

    lesson: LessonCard
    may_write: bool
    may_mark: bool
    record: RecordCard | None
    codes: tuple[AbsenceCode, ...]
    scale: MarkScale
    pupils: list[GroupPupil]
    cells: PageCells
    averages: dict[int, Decimal]
    homework: list[HomeworkCard]
    work_kinds: list[WorkKindCard]

    @property
    def seen(self) -> str:
        """Return the mark of the record as this page shows it."""
        topic, material = (self.record.topic, self.record.material) if self.record else ("", "")
        return record_seen(topic, material, ((one.pupil_id, one.text) for one in self.homework))


def get_lesson_page(*, actor: Actor, lesson_id: int, today: date) -> LessonPage:
    """Return a lesson with its class; raise `NotFound` for a lesson not the actor's."""
    opened = access.get_lesson(actor=actor, lesson_id=lesson_id, on=today)
    lesson = opened.lesson
    settings = get_settings(keys=PAGE_RULES, on=lesson.date)
    without_marks = lesson.level == 1 and settings["mark.first_grade_without_marks"].value
    cells = read_page(
        group_id=lesson.group_id, subject_id=lesson.subject_id, term_id=lesson.term_id
    )
    is_open = opened.may_write and lesson.term_closed_at is None
    return LessonPage(
        lesson=lesson,
        may_write=is_open,
        may_mark=is_open and not lesson.is_cancelled and lesson.date <= today,
        record=list_records(lesson_ids=[lesson.id]).get(lesson.id),
        codes=codes_of(settings["absence.codes"].value),
        scale=WITHOUT_MARKS if without_marks else scale_of_level(max(lesson.level, 2)),
        pupils=people.list_group_pupils(
            group_id=lesson.group_id, since=lesson.date, until=lesson.date
        ),
        cells=cells,
        averages=cells.averages(weighted=bool(settings["mark.weighted_average"].value)),
        homework=[_homework(row) for row in Homework.objects.filter(record_id=lesson.id)],
        work_kinds=list_work_kinds(),
    )


def list_records(*, lesson_ids: Iterable[int]) -> dict[int, RecordCard]:
    """Return what is recorded of lessons, by lesson."""
    rows = LessonRecord.objects.filter(pk__in=list(lesson_ids)).select_related("work_kind")
    return {
        row.pk: RecordCard(
            lesson_id=row.pk,
            topic=row.topic,
            material=row.material,
            work_kind_id=row.work_kind_id,
            work_kind_title=row.work_kind.title if row.work_kind else "",
            homework_none=row.homework_none,
            filled_at=row.filled_at,
            revision=row.revision,
        )
        for row in rows
    }


def _homework(row: Homework) -> HomeworkCard:
    return HomeworkCard(row.record_id, row.pupil_id, row.text, row.manner, row.due_on, row.given_at)


def list_class_homework(*, lesson_ids: Iterable[int]) -> dict[int, str]:
    """Return the texts of what was set to the whole class, by lesson."""
    rows = Homework.objects.filter(record_id__in=list(lesson_ids), pupil__isnull=True)
    return dict(rows.values_list("record_id", "text"))


def list_homework_for_pupil(
    *, pupil_id: int, lesson_ids: Iterable[int]
) -> dict[int, list[HomeworkCard]]:
    """Return the tasks of lessons that this pupil may see: the class's, and his own (HWK-008)."""
    rows = Homework.objects.filter(record_id__in=list(lesson_ids)).filter(
        Q(pupil_id=None) | Q(pupil_id=pupil_id)
    )
    tasks: dict[int, list[HomeworkCard]] = defaultdict(list)
    for row in rows.order_by("pupil_id", "pk"):
        tasks[row.record_id].append(_homework(row))
    return dict(tasks)


def list_pupil_records(
    *, pupil_id: int, lesson_ids: Collection[int], earlier: EarlierTasks | None = None
) -> dict[int, PupilRecord]:
    """Return mark, code, topic and tasks of one pupil, by lesson: one query for a diary's week."""
    return read_pupil_records(pupil_id=pupil_id, lesson_ids=lesson_ids, earlier=earlier)


@dataclass(frozen=True, slots=True)
class PupilMark:
    """A mark with what it was given for."""

    lesson_id: int
    subject_id: int
    term_id: int
    date: date
    value: int
    work_kind_code: str
    work_kind_title: str
    weight: Decimal
    topic: str
    put_at: datetime


def list_pupil_marks(
    *,
    pupil_id: int,
    since: date | None = None,
    until: date | None = None,
    term_ids: Sequence[int] | None = None,
) -> list[PupilMark]:
    """Return a pupil's marks by day, oldest first; `until` is included; all time by default."""
    rows = Mark.objects.filter(pupil_id=pupil_id).select_related("record__work_kind")
    if since is not None:
        rows = rows.filter(record__date__gte=since)
    if until is not None:
        rows = rows.filter(record__date__lte=until)
    if term_ids is not None:
        rows = rows.filter(record__term_id__in=term_ids)
    return [
        PupilMark(
            lesson_id=row.record_id,
            subject_id=row.record.subject_id,
            term_id=row.record.term_id,
            date=row.record.date,
            value=row.value,
            work_kind_code=kind.code if (kind := row.record.work_kind) else "",
            work_kind_title=kind.title if kind else "",
            weight=kind.weight if kind else Decimal(1),
            topic=row.record.topic,
            put_at=row.put_at,
        )
        for row in rows.order_by("record__date", "pk")
    ]


@dataclass(frozen=True, slots=True)
class PupilAbsence:
    """A code of attendance at a lesson."""

    lesson_id: int
    subject_id: int
    date: date
    code: str


def list_pupil_absences(
    *, pupil_id: int, since: date | None = None, until: date | None = None
) -> list[PupilAbsence]:
    """Return a pupil's attendance codes by day, oldest first; `until` is included."""
    rows = Absence.objects.filter(pupil_id=pupil_id).select_related("record")
    if since is not None:
        rows = rows.filter(record__date__gte=since)
    if until is not None:
        rows = rows.filter(record__date__lte=until)
    return [
        PupilAbsence(row.record_id, row.record.subject_id, row.record.date, row.code)
        for row in rows.order_by("record__date", "pk")
    ]


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """How far a lesson's record has come, for a teacher's day."""

    has_topic: bool
    has_homework: bool
    marks: int
    absences: int


def list_progress(*, lesson_ids: Iterable[int]) -> dict[int, LessonProgress]:
    """Return how far the records of lessons have come, by lesson; untouched ones are absent."""
    ids = list(lesson_ids)
    records = LessonRecord.objects.filter(pk__in=ids).values_list("pk", "topic", "homework_none")
    tasks = set(
        Homework.objects.filter(record_id__in=ids, pupil=None).values_list("record_id", flat=True)
    )
    marks = _count(Mark.objects.filter(record_id__in=ids).values_list("record_id", flat=True))
    absences = _count(Absence.objects.filter(record_id__in=ids).values_list("record_id", flat=True))
    return {
        pk: LessonProgress(bool(topic), none or pk in tasks, marks.get(pk, 0), absences.get(pk, 0))
        for pk, topic, none in records
    }


def _count(ids: Iterable[int]) -> dict[int, int]:
    counted: dict[int, int] = defaultdict(int)
    for one in ids:
        counted[one] += 1
    return counted
