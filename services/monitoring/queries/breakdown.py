"""A school taken apart: by grade, by subject, by day. Small groups stay hidden, see the rules."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Max, Min, Sum

from kernel.actor import SchoolRef
from kernel.indicators import NO_SUBJECT, Measure
from kernel.periods import Period
from kernel.school_year import school_year_bounds, start_year_of, week_of
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
from services.monitoring.rules.counting import WHOLE_SCHOOL
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
Sizes = dict[Cell, int]


def get_breakdown(
    *,
    school: SchoolRef,
    period: Period | None,
    today: date,
    grade: int | None = None,
    subject_code: str | None = None,
) -> Breakdown:
    """Return a school's numbers; with `grade` its subjects, with `subject_code` its grades.

    Five statements, one more where a group is small. What is hidden does not depend on the choice:
    every page hides the same, and a longer period hides all that its days hide. Without a period
    it is the week of the school's last lessons.
    """
    threshold = smallest_cell(on=today)
    freshness = read_freshness(school.id).get(school.id, NEVER)
    period = period or week_of(freshness.last_lesson_day or today)
    days = read_days(period, school.id).get(school.id, {})
    table, smallest = _read_table(school.id, period)
    table[TOTAL, TOTAL] = tally_of_days(days)
    few: frozenset[Cell] = frozenset()
    if is_small(smallest, threshold):
        few = _few_by_days(school.id, period, threshold)
    readings = _hide(table, threshold, few)
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


def _read_table(school_id: int, period: Period) -> tuple[Table, int]:
    """Return the school's cells, (grade, subject) → tally, with their totals; one statement.

    And how many pupils the smallest group had on any of the days, 0 when there is none.
    """
    rows = Fact.objects.filter(
        school_id=school_id, day__gte=period.since, day__lt=period.until, grade__gte=0
    )
    counts: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    groups = rows.values_list("grade", "subject_code", "measure").order_by()
    smallest = []
    sums = groups.annotate(Sum("count"), Max("count"), Min("count"))
    for grade, subject, measure, total, most, fewest in sums:
        counts[grade, subject][measure] = most if measure == Measure.PUPILS else total
        if measure == Measure.PUPILS:
            smallest.append(fewest)
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
    return table, min(smallest, default=0)


def _few_by_days(school_id: int, period: Period, threshold: int) -> frozenset[Cell]:
    """Return the cells that are hidden on any day of the period; one statement.

    Then what a period shows is the sum of what its days show, and subtracting one period from
    another gives nothing that the page of a day would not. What covers on one day covers on the
    next ones if it can: from the first day of the school year, whatever the period.
    """
    rows = Fact.objects.filter(
        school_id=school_id,
        day__gte=school_year_bounds(start_year_of(period.since)).since,
        day__lt=period.until,
        measure=Measure.PUPILS,
    )
    by_day: dict[date, Sizes] = defaultdict(dict)
    for day, grade, subject, count in rows.order_by().values_list(
        "day", "grade", "subject_code", "count"
    ):
        row = TOTAL if grade == WHOLE_SCHOOL else grade
        by_day[day][row, TOTAL if subject == NO_SUBJECT else subject] = count
    hidden: set[Cell] = set()
    covers: frozenset[Cell] = frozenset()
    for day in sorted(by_day):
        on_day = _hidden_on(frozenset(by_day[day].items()), covers, threshold)
        covers |= on_day
        if period.contains(day):
            hidden |= on_day
    return frozenset(hidden - {(TOTAL, TOTAL)})  # the whole school's is the board's to judge


@lru_cache(maxsize=1024)
def _hidden_on(
    sizes: frozenset[tuple[Cell, int]], covers: frozenset[Cell], threshold: int
) -> frozenset[Cell]:
    """Return the cells a day hides; weeks are alike, so most days were judged before."""
    cells = {cell: count for cell, count in sizes if TOTAL not in cell}
    table: Sizes = defaultdict(int)
    for (grade, subject), count in cells.items():
        table[grade, TOTAL] = max(table[grade, TOTAL], count)
        table[TOTAL, subject] += count
    if not cells:  # no lessons, no numbers
        return frozenset()
    told = {cell: count for cell, count in sizes if cell in table or cell == (TOTAL, TOTAL)}
    return hide_cells({**table, **cells, **told}, threshold, covers)


def _hide(table: Table, threshold: int, few: Set[Cell]) -> dict[Cell, Reading]:
    pupils = {cell: tally.pupils for cell, tally in table.items()}
    marks = {
        cell: size_of_marks(tally.pupils, tally.marks, threshold) for cell, tally in table.items()
    }
    # Of the whole school even a single mark tells nothing about a child.
    marks[TOTAL, TOTAL] = table[TOTAL, TOTAL].pupils
    is_small_school = is_small(pupils[TOTAL, TOTAL], threshold)
    no_attendance = hide_cells(pupils, threshold) if is_small_school else few
    no_marks = hide_cells(marks, threshold) | few
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
