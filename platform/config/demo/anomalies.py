"""Planted anomalies: what an attentive officer should find, with the truth kept beside.

Each school has one: A rounds marks up before the end of a term, B puts no marks in one journal for
weeks, C records nothing for a week, D enters marks far in backdate, E has a teacher of fives only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from config.demo.district import SchoolSpec
from kernel.school_year import TermLike
from services.journal.bulk import Load, MarkRow
from services.schedule.queries import JournalCard, LessonCard

WEEKS_WITHOUT_MARKS = 4
BACKDATED_SINCE, BACKDATED_UNTIL = timedelta(days=35), timedelta(days=14)
NEAR_THE_NEXT = 0.3
MOST_ADDED = 3
Journal = tuple[int, int]  # group, subject


@dataclass(slots=True)
class Anomalies:
    """What is planted in one school; `truth` is filled while the journal is drawn."""

    school: SchoolSpec
    last_day: date
    is_first: bool = False
    rounded: Journal | None = None
    without_marks: Journal | None = None
    backdated: Journal | None = None
    only_fives: int | None = None
    silent_since: date | None = None
    truth: list[dict[str, Any]] = field(default_factory=list)

    def is_silent(self, day: date) -> bool:
        """Return whether the school records nothing on the day."""
        return (
            self.silent_since is not None
            and self.silent_since <= day < self.silent_since + timedelta(days=7)
        )

    def has_no_marks(self, lesson: LessonCard) -> bool:
        """Return whether marks are missing from the lesson's journal."""
        since = self.last_day - timedelta(weeks=WEEKS_WITHOUT_MARKS)
        return self.without_marks == journal_of(lesson) and lesson.date >= since

    def is_backdated(self, lesson: LessonCard) -> bool:
        """Return whether the lesson's marks are entered weeks later."""
        since, until = self.last_day - BACKDATED_SINCE, self.last_day - BACKDATED_UNTIL
        return self.backdated == journal_of(lesson) and since <= lesson.date <= until

    def note(self, kind: str, **facts: Any) -> None:
        """Keep the truth of one anomaly."""
        self.truth.append({"kind": kind, "school": self.school.slug, **facts})


def journal_of(lesson: LessonCard) -> Journal:
    """Return the journal of a lesson."""
    return lesson.group_id, lesson.subject_id


def plan_anomalies(
    school: SchoolSpec, journals: Sequence[JournalCard], last_day: date
) -> Anomalies:
    """Return what is planted in a school, as far as it has such journals."""
    planted = Anomalies(
        school, last_day, is_first=True, only_fives=find_only_fives(school, journals)
    )
    if school.code == "000":
        planted.rounded = _first(journals, 8, "biology")
    if school.code == "002":
        planted.without_marks = _first(journals, 8, "geography")
        _note_without_marks(planted)
    if school.code == "001":
        monday = last_day - timedelta(days=last_day.isoweekday() - 1)
        planted.silent_since = monday - timedelta(weeks=2)
        planted.note(
            "silent-week",
            since=planted.silent_since.isoformat(),
            until=(planted.silent_since + timedelta(days=7)).isoformat(),
        )
    if school.code == "004":
        planted.backdated = _first(journals, 9, "physics")
    if planted.only_fives:
        planted.note("only-fives", employee_id=planted.only_fives)
    return planted


def find_only_fives(school: SchoolSpec, journals: Sequence[JournalCard]) -> int | None:
    """Return the teacher who puts nothing but fives, in the school that has one."""
    if school.code != "003":
        return None
    found = (one for one in journals if one.level == 7 and one.subject_code == "biology")
    return next((one.employee_ids[0] for one in found), None)


def round_up(
    planted: Anomalies,
    *,
    terms: Sequence[TermLike],
    lessons: Iterable[LessonCard],
    members: Callable[[int], Iterable[int]],
    author: Callable[[int], int | None],
    rows: Load,
) -> None:
    """Add fives before the end of the last ended term to those who nearly had the better mark.

    The truth names for each pupil the average before and after.
    """
    ended = [term for term in terms if term.ends_on < planted.last_day]
    if planted.rounded is None or not ended:
        return
    term = max(ended, key=lambda one: one.ends_on)
    inside = [
        lesson
        for lesson in lessons
        if journal_of(lesson) == planted.rounded
        and term.starts_on <= lesson.date <= term.ends_on
        and not lesson.is_cancelled
    ]
    recorded = {row.lesson_id for row in rows.records}
    inside = [lesson for lesson in inside if lesson.id in recorded]
    ids = {lesson.id for lesson in inside}
    taken = {(row.lesson_id, row.pupil_id) for row in rows.absences if row.lesson_id in ids}
    values: dict[int, list[int]] = {}
    for mark in rows.marks:
        if mark.lesson_id in ids:
            values.setdefault(mark.pupil_id, []).append(mark.value)
            taken.add((mark.lesson_id, mark.pupil_id))
    pupils = []
    for pupil_id in members(planted.rounded[0]):
        before = values.get(pupil_id, [])
        free = [one for one in inside[-6:] if (one.id, pupil_id) not in taken]
        added = _needed_fives(before)
        if not added or added > len(free):
            continue
        for lesson in free[-added:]:
            by = author(lesson.teacher_id)
            rows.marks.append(MarkRow(lesson.id, pupil_id, 5, lesson.ends_at, by))
        pupils.append(
            {
                "pupil_id": pupil_id,
                "before": round(sum(before) / len(before), 2),
                "after": round((sum(before) + 5 * added) / (len(before) + added), 2),
                "lessons": [lesson.id for lesson in free[-added:]],
            }
        )
    planted.note(
        "rounded-up",
        group_id=planted.rounded[0],
        subject_id=planted.rounded[1],
        since=inside[-6].date.isoformat() if len(inside) >= 6 else term.starts_on.isoformat(),
        until=term.ends_on.isoformat(),
        pupils=pupils,
    )


def _needed_fives(values: Sequence[int]) -> int:
    """Return how many fives lift an average to the next half, or 0 when it is not near."""
    if len(values) < 3:
        return 0
    average = sum(values) / len(values)
    goal = int(average) + 0.5
    if not goal - NEAR_THE_NEXT <= average < goal:
        return 0
    for added in range(1, MOST_ADDED + 1):
        if (sum(values) + 5 * added) / (len(values) + added) >= goal:
            return added
    return 0


def _first(journals: Sequence[JournalCard], level: int, subject: str) -> Journal | None:
    found = [one for one in journals if one.level == level and one.subject_code == subject]
    return (found[0].group_id, found[0].subject_id) if found else None


def _note_without_marks(planted: Anomalies) -> None:
    if planted.without_marks is None:
        return
    since = planted.last_day - timedelta(weeks=WEEKS_WITHOUT_MARKS)
    planted.note(
        "marks-missing",
        group_id=planted.without_marks[0],
        subject_id=planted.without_marks[1],
        since=since.isoformat(),
        until=planted.last_day.isoformat(),
    )
