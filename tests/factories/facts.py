"""Counted days of schools without schools: facts put straight into the district's numbers."""

from collections.abc import Iterable, Mapping
from datetime import date

from kernel.actor import SchoolRef
from kernel.indicators import NO_SUBJECT, DayCount, Measure
from services.monitoring.models import DirtyDay
from services.monitoring.operations import mark_dirty, replace_facts
from services.monitoring.queries import DirtyNote
from services.monitoring.rules.counting import facts_of_day

GRADE_OF_TWENTY = {
    "pupils": 20,
    "lessons_held": 10,
    "lessons_filled": 9,
    "lessons_filled_same_day": 8,
    "homework_due": 10,
    "homework_entered": 7,
    "marks_5": 10,
    "marks_4": 12,
    "marks_3": 6,
    "marks_2": 2,
    "attendance_expected": 200,
    "absent": 10,
    "absent_without_reason": 4,
}


def counts_of(grade: int, subject: str, counts: Mapping[str, int]) -> list[DayCount]:
    """Return the counts of one cell, by the names of measures."""
    return [DayCount(grade, subject, Measure(name), count) for name, count in counts.items()]


def a_grade(grade: int = 7, subject: str = "алг", **changed: int) -> list[DayCount]:
    """Return a grade of twenty with one subject: eight of ten lessons filled the same day."""
    cell = counts_of(grade, subject, {**GRADE_OF_TWENTY, **changed})
    pupils = changed.get("pupils", GRADE_OF_TWENTY["pupils"])
    return [*cell, DayCount(grade, NO_SUBJECT, Measure.PUPILS, pupils)]


def note_of(school: SchoolRef, day: date) -> DirtyNote:
    """Return the note of a dirty day, as the recomputation takes it."""
    row = DirtyDay.objects.get(school_id=school.id, day=day)
    return DirtyNote(row.pk, row.school_id, row.day, row.counter, row.attempts)


def count_day(
    school: SchoolRef,
    day: date,
    counts: Iterable[DayCount] = (),
    names: Mapping[str, str] | None = None,
) -> None:
    """Let a school's day be counted with this outcome."""
    mark_dirty(school_id=school.id, day=day)
    replace_facts(noted=note_of(school, day), facts=facts_of_day(counts), subject_names=names or {})
