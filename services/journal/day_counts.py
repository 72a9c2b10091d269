"""A school's day in numbers: what the district counts, without a single person.

Six statements, whatever the school's size; the arithmetic is over a few hundred lessons.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count

from kernel.absence import NO_VALID_REASON, NOT_PRESENT, find_code
from kernel.actor import Actor
from kernel.indicators import MARK_MEASURES, NO_SUBJECT, DayCount, Measure
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.people import queries as people
from services.people.queries import GroupOnDay
from services.schedule import queries as schedule
from services.schedule.queries import LessonCard

FIRST_GRADE_WITH_HOMEWORK = 2
WITHOUT_REASON = {NOT_PRESENT.code, NO_VALID_REASON.code}

Counts = Counter[tuple[int, str, Measure]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What is recorded of a lesson, as far as counting goes."""

    on: date | None
    homework_none: bool


def count_school_day(*, actor: Actor, day: date, now: datetime) -> list[DayCount]:
    """Return the counts of a school's day, by grade and subject; zeros are left out."""
    groups = people.list_groups_on(day=day)
    planned = schedule.list_day_lessons(day=day)
    lessons = [one for one in planned if not one.is_cancelled]
    records = _records(day, ZoneInfo(actor.school.timezone))
    counts: Counts = Counter()
    _count_pupils(counts, groups, lessons)
    # A mark put before its lesson was cancelled stands: in the average of the pupil, and here.
    marked = _count_marks(counts, {lesson.id: lesson for lesson in planned})
    # A mark or a topic proves a lesson that is still going on.
    written = marked | {number for number, record in records.items() if record.on}
    held = [lesson for lesson in lessons if lesson.ends_at <= now or lesson.id in written]
    _count_records(counts, held, records)
    _count_attendance(counts, held, records, groups)
    return [
        DayCount(grade, subject, measure, count)
        for (grade, subject, measure), count in counts.items()
        if count
    ]


def _records(day: date, zone: ZoneInfo) -> dict[int, Filled]:
    rows = LessonRecord.objects.filter(date=day).values_list("pk", "filled_at", "homework_none")
    return {
        pk: Filled(filled_at.astimezone(zone).date() if filled_at else None, none)
        for pk, filled_at, none in rows
    }


def _count_pupils(
    counts: Counts, groups: dict[int, GroupOnDay], lessons: Iterable[LessonCard]
) -> None:
    learners: dict[tuple[int, str], set[int]] = defaultdict(set)
    for group in groups.values():
        if group.is_class:
            learners[group.level, NO_SUBJECT] |= group.pupil_ids
    for lesson in lessons:
        if lesson.group_id in groups:
            learners[lesson.level, lesson.subject_code] |= groups[lesson.group_id].pupil_ids
    for (grade, subject), pupil_ids in learners.items():
        counts[grade, subject, Measure.PUPILS] = len(pupil_ids)


def _count_records(counts: Counts, held: Iterable[LessonCard], records: dict[int, Filled]) -> None:
    with_homework = set(
        Homework.objects.filter(record_id__in=list(records), pupil=None).values_list(
            "record_id", flat=True
        )
    )
    for lesson in held:
        record = records.get(lesson.id, Filled(None, False))
        place = (lesson.level, lesson.subject_code)
        counts[*place, Measure.LESSONS_HELD] += 1
        if record.on:
            counts[*place, Measure.LESSONS_FILLED] += 1
            counts[*place, Measure.LESSONS_FILLED_SAME_DAY] += record.on <= lesson.date
        if lesson.level >= FIRST_GRADE_WITH_HOMEWORK:
            counts[*place, Measure.HOMEWORK_DUE] += 1
            given = record.homework_none or lesson.id in with_homework
            counts[*place, Measure.HOMEWORK_ENTERED] += given


def _count_marks(counts: Counts, lessons: dict[int, LessonCard]) -> set[int]:
    """Count the marks and return the lessons they stand in."""
    marked = set()
    rows = Mark.objects.filter(record_id__in=list(lessons)).values_list("record_id", "value")
    for lesson_id, value, number in rows.annotate(number=Count("pk")).order_by():
        lesson = lessons[lesson_id]
        counts[lesson.level, lesson.subject_code, MARK_MEASURES[value]] += number
        marked.add(lesson_id)
    return marked


def _count_attendance(
    counts: Counts,
    held: Iterable[LessonCard],
    records: dict[int, Filled],
    groups: dict[int, GroupOnDay],
) -> None:
    filled = {one.id: one for one in held if records.get(one.id, Filled(None, False)).on}
    for lesson in filled.values():
        size = len(groups[lesson.group_id].pupil_ids) if lesson.group_id in groups else 0
        counts[lesson.level, lesson.subject_code, Measure.ATTENDANCE_EXPECTED] += size
    rows = Absence.objects.filter(record_id__in=list(filled)).values_list("record_id", "code")
    for lesson_id, name in rows:
        code = find_code(name)
        if code is None or not code.counts_as_absent:
            continue
        place = (filled[lesson_id].level, filled[lesson_id].subject_code)
        counts[*place, Measure.ABSENT] += 1
        counts[*place, Measure.ABSENT_WITHOUT_REASON] += code.code in WITHOUT_REASON
