"""A school taken apart: by grade, by subject, by day. Small groups stay hidden, see the rules."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Sum

from kernel.actor import SchoolRef
from kernel.indicators import NO_SUBJECT, Measure
from kernel.periods import Period
from kernel.school_year import week_of
from services.monitoring.models import Fact, SubjectName
from services.monitoring.queries.freshness import NEVER, Freshness, read_freshness
from services.monitoring.queries.reading import (
    DayReading,
    counted_days,
    read_days,
    readings_by_day,
    smallest_cell,
    tally_of_days,
)
from services.monitoring.rules.reading import Hiding, Reading
from services.monitoring.rules.suppression import (
    TOTAL,
    Cell,
    hide_cells,
    is_small,
    size_of_marks,
)
from services.monitoring.rules.tally import Tally


@dataclass(frozen=True, slots=True)
class BreakdownLine:
    """A grade or a subject of a school; `key` is the grade, or the subject's code."""

    key: str
    title: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A school over a period; with a grade or a subject chosen, `total` is of that choice.

    `title` names the choice; it is empty without one, and for one the school does not have.
    """

    school: SchoolRef
    period: Period
    title: str
    total: Reading
    grades: tuple[BreakdownLine, ...]
    subjects: tuple[BreakdownLine, ...]
    days: tuple[DayReading, ...]
    counted: int
    freshness: Freshness
    smallest_cell: int

    @property
    def is_partly_hidden(self) -> bool:
        """Return whether something on the page is hidden and needs a word of explanation."""
        lines = (*self.grades, *self.subjects)
        return any(one.reading.is_partly_hidden for one in lines) or self.total.is_partly_hidden


Table = dict[Cell, Tally]


def get_breakdown(
    *,
    school: SchoolRef,
    period: Period | None,
    today: date,
    grade: int | None = None,
    subject_code: str | None = None,
) -> Breakdown:
    """Return a school's numbers; with `grade` its subjects, with `subject_code` its grades.

    Four statements. What is hidden does not depend on the choice: every page hides the same.
    Without a period it is the week of the school's last lessons.
    """
    threshold = smallest_cell()
    freshness = read_freshness(school.id).get(school.id, NEVER)
    period = period or week_of(freshness.last_lesson_day or today)
    days = read_days(period, school.id).get(school.id, {})
    table = _read_table(school.id, period)
    table[TOTAL, TOTAL] = tally_of_days(days)
    readings = _hide(table, threshold)
    names = dict(SubjectName.objects.filter(school_id=school.id).values_list("code", "name"))
    whole = readings[TOTAL, TOTAL]
    is_whole = grade is None and subject_code is None
    return Breakdown(
        school=school,
        period=period,
        title=_title(grade, subject_code, names),
        total=readings.get((grade, subject_code), Reading(Tally())),
        grades=_list_grades(readings, subject_code) if grade is None else (),
        subjects=_list_subjects(readings, grade, names) if subject_code is None else (),
        days=readings_by_day(days, hidden=whole.attendance_hidden) if is_whole else (),
        counted=len(counted_days(days)),
        freshness=freshness,
        smallest_cell=threshold,
    )


def _read_table(school_id: int, period: Period) -> Table:
    """Return the school's cells, (grade, subject) → tally, with their totals; one statement."""
    rows = Fact.objects.filter(
        school_id=school_id, day__gte=period.since, day__lt=period.until, grade__gte=0
    )
    counts: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    groups = rows.values_list("grade", "subject_code", "measure").order_by()
    for grade, subject, measure, total, most in groups.annotate(Sum("count"), Max("count")):
        counts[grade, subject][measure] = most if measure == Measure.PUPILS else total
    pupils = {
        grade: Tally.of(measures).pupils
        for (grade, subject), measures in counts.items()
        if subject == NO_SUBJECT
    }
    cells = {cell: Tally.of(measures) for cell, measures in counts.items() if cell[1] != NO_SUBJECT}
    table: Table = {(grade, subject): tally for (grade, subject), tally in cells.items()}
    for grade in {grade for grade, _ in cells}:
        own = [tally for (row, _), tally in cells.items() if row == grade]
        # A pupil learns many subjects: he is counted once in his grade.
        known = pupils.get(grade) or max(tally.pupils for tally in own)
        table[grade, TOTAL] = Tally.sum(own).with_pupils(known)
    for subject in {subject for _, subject in cells}:
        table[TOTAL, subject] = Tally.sum(
            tally for (_, column), tally in cells.items() if column == subject
        )
    return table


def _hide(table: Table, threshold: int) -> dict[Cell, Reading]:
    pupils = {cell: tally.pupils for cell, tally in table.items()}
    marks = {
        cell: size_of_marks(tally.pupils, tally.marks, threshold) for cell, tally in table.items()
    }
    # Of the whole school even a single mark tells nothing about a child.
    marks[TOTAL, TOTAL] = table[TOTAL, TOTAL].pupils
    no_attendance, no_marks = hide_cells(pupils, threshold), hide_cells(marks, threshold)
    return {
        cell: Reading.of(
            tally,
            marks=_why(cell in no_marks, marks[cell], threshold),
            attendance=_why(cell in no_attendance, pupils[cell], threshold),
        )
        for cell, tally in table.items()
    }


def _why(is_hidden: bool, size: int, threshold: int) -> Hiding:
    if not is_hidden:
        return Hiding.NONE
    return Hiding.FEW if is_small(size, threshold) else Hiding.COVER


def _list_grades(
    readings: Mapping[Cell, Reading], subject_code: str | None
) -> tuple[BreakdownLine, ...]:
    grades = sorted(
        row for row, column in readings if column == subject_code and isinstance(row, int)
    )
    return tuple(
        BreakdownLine(str(grade), _grade_title(grade), readings[grade, subject_code])
        for grade in grades
    )


def _list_subjects(
    readings: Mapping[Cell, Reading], grade: int | None, names: Mapping[str, str]
) -> tuple[BreakdownLine, ...]:
    codes = [column for row, column in readings if row == grade and isinstance(column, str)]
    lines = [BreakdownLine(code, names.get(code, code), readings[grade, code]) for code in codes]
    return tuple(sorted(lines, key=lambda line: (line.title.lower().replace("ё", "е"), line.key)))


def _title(grade: int | None, subject_code: str | None, names: Mapping[str, str]) -> str:
    if grade is not None:
        return _grade_title(grade)
    return names.get(subject_code, "") if subject_code else ""


def _grade_title(grade: int) -> str:
    return f"{grade} класс" if grade else "Сводные группы"
