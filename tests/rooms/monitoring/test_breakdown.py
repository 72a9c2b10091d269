"""A school taken apart: what is hidden is hidden on every page of it, and never in the data."""

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.indicators import NO_SUBJECT, DayCount, Measure
from kernel.periods import Period
from services.monitoring.queries import Hiding, get_breakdown
from tests.factories.facts import a_grade, count_day

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7))
NAMES = {"алг": "Алгебра", "рус": "Русский язык", "изо": "ИЗО"}


def take_apart(school, **choice):
    return get_breakdown(school=school, period=WEEK, today=MONDAY, **choice)


def line(lines, key):
    return next(one.reading for one in lines if one.key == key)


@pytest.fixture
def village(school):
    """Grade 7 has three pupils, grades 8 and 9 have twenty; three subjects each."""
    counts = [
        count
        for grade, pupils in ((7, 3), (8, 20), (9, 21))
        for subject in NAMES
        for count in a_grade(grade, subject, pupils=pupils)
        if subject == "алг" or count.subject_code
    ]
    count_day(school, MONDAY, counts, NAMES)
    return school


def test_school_is_shown_by_grade_subject_and_day(school):
    count_day(school, MONDAY, [*a_grade(7, "алг"), *a_grade(8, "рус")], NAMES)

    whole = take_apart(school)

    assert [one.title for one in whole.grades] == ["7 класс", "8 класс"]
    assert [one.title for one in whole.subjects] == ["Алгебра", "Русский язык"]
    assert [one.day for one in whole.days] == [MONDAY]
    assert whole.total.tally.pupils == 40
    assert not whole.is_partly_hidden


def test_pupils_of_a_grade_are_counted_once_whatever_they_learn(school):
    count_day(school, MONDAY, [*a_grade(7, "алг"), *a_grade(7, "рус")[:-1]], NAMES)

    assert line(take_apart(school).grades, "7").tally.pupils == 20


def test_grade_of_three_is_hidden_and_another_covers_it(village):
    grades = take_apart(village).grades

    assert line(grades, "7").marks_hidden is Hiding.FEW
    assert line(grades, "7").attendance_hidden is Hiding.FEW
    assert line(grades, "8").attendance_hidden is Hiding.COVER
    assert line(grades, "9").attendance_hidden is Hiding.NONE


def test_hidden_numbers_are_not_in_the_data_at_all(village):
    hidden = line(take_apart(village).grades, "7").tally

    assert (hidden.pupils, hidden.marks, hidden.attendance_expected, hidden.absent) == (0, 0, 0, 0)
    assert hidden.lessons_held == 30


def test_pages_of_a_grade_and_of_a_subject_hide_the_same_cell(village):
    by_grade = take_apart(village, grade=7)
    by_subject = take_apart(village, subject_code="алг")

    assert line(by_grade.subjects, "алг").marks_hidden is Hiding.FEW
    assert line(by_subject.grades, "7").marks_hidden is Hiding.FEW
    assert line(by_subject.grades, "8").marks_hidden is Hiding.COVER
    assert line(take_apart(village, grade=8).subjects, "алг").marks_hidden is Hiding.COVER
    assert by_grade.total.marks_hidden is Hiding.FEW


def test_three_marks_of_a_large_grade_are_hidden_while_its_attendance_is_not(school):
    few = {"marks_5": 2, "marks_4": 1, "marks_3": 0, "marks_2": 0}
    counts = [
        count
        for grade in (7, 8)
        for subject in ("алг", "рус")
        for count in a_grade(grade, subject, **(few if (grade, subject) == (7, "алг") else {}))
        if subject == "алг" or count.subject_code
    ]
    count_day(school, MONDAY, counts, NAMES)

    cell = line(take_apart(school, grade=7).subjects, "алг")

    assert cell.marks_hidden is Hiding.FEW
    assert cell.attendance_hidden is Hiding.NONE
    assert cell.tally.attendance_expected == 200


def test_groups_of_several_grades_stand_by_themselves(school):
    count_day(school, MONDAY, [*a_grade(0, "алг"), *a_grade(7, "алг")], NAMES)

    assert [one.title for one in take_apart(school).grades] == ["Сводные группы", "7 класс"]


def test_missing_school_has_nothing_counted(school):
    nothing = take_apart(school)

    assert nothing.counted == 0
    assert nothing.grades == ()


def test_breakdown_takes_five_statements_and_one_more_for_small_groups(school, village):
    for period, statements in ((WEEK, 6), (Period(MONDAY - timedelta(7), MONDAY), 5)):
        with CaptureQueriesContext(connection) as asked:
            get_breakdown(school=village, period=period, today=MONDAY)

        assert len(asked) == statements


@pytest.mark.requirement("PDP-005")
@pytest.mark.parametrize("seed", range(3))
def test_one_period_subtracted_from_another_gives_no_small_group_away(school, seed):
    """Every page of every period of a week, as equations: no day of grade 7 follows from them."""
    dice = random.Random(seed)
    week = [MONDAY + timedelta(days=number) for number in range(4)]
    taught: set[tuple[int, str, date]] = set()
    for day in week:
        counts: list[DayCount] = []
        for grade, pupils in ((7, 3), (8, 20), (9, 21), (10, 22)):
            for subject in dice.sample(sorted(NAMES), dice.choice((2, 3))):
                taught.add((grade, subject, day))
                counts += a_grade(grade, subject, pupils=pupils)[: -1 if counts else None]
            counts.append(DayCount(grade, NO_SUBJECT, Measure.PUPILS, pupils))
        count_day(school, day, _once(counts), NAMES)

    unknown = sorted(taught)
    shown = [
        [int(_is_in(atom, cell, period)) for atom in unknown]
        for first in range(4)
        for last in range(first, 4)
        for period in [Period.of_days(week[first], week[last])]
        for cell in _shown_cells(school, period)
    ]
    secret = [number for number, (grade, _, _) in enumerate(unknown) if grade == 7]
    assert shown
    assert not set(secret) & solved(shown)


def _once(counts):
    """Return the counts without a second «so many pupils in the grade»."""
    return list({(one.grade, one.subject_code, one.measure): one for one in counts}.values())


def _is_in(atom, cell, period):
    (grade, subject, day), (row, column) = atom, cell
    return period.contains(day) and row in (None, grade) and column in (None, subject)


def _shown_cells(school, period):
    """Yield (grade, subject) of every number of attendance that any page of a period shows."""

    def ask(**choice):
        return get_breakdown(school=school, period=period, today=MONDAY, **choice)

    whole = ask()
    pages: list[tuple[tuple[int | None, str | None], Any]] = [((None, None), whole.total)]
    pages += [((int(one.key), None), one.reading) for one in whole.grades]
    pages += [((None, one.key), one.reading) for one in whole.subjects]
    for grade in (7, 8, 9, 10):
        page = ask(grade=grade)
        pages += [((grade, one.key), one.reading) for one in page.subjects]
    yield from (cell for cell, reading in pages if not reading.attendance_hidden)


def solved(rows):
    """Return which unknowns the equations determine: Gauss and Jordan over fractions."""
    pivots: dict[int, dict[int, Fraction]] = {}
    for row in rows:
        left = {place: Fraction(value) for place, value in enumerate(row) if value}
        for place, pivot in pivots.items():
            _subtract(left, pivot, left.get(place, Fraction(0)))
        if left:
            place = min(left)
            head = left[place]
            new = {column: value / head for column, value in left.items()}
            for pivot in pivots.values():
                _subtract(pivot, new, pivot.get(place, Fraction(0)))
            pivots[place] = new
    return {place for place, pivot in pivots.items() if len(pivot) == 1}


def _subtract(row, other, factor):
    for column, value in other.items() if factor else ():
        row[column] = row.get(column, Fraction(0)) - factor * value
        if not row[column]:
            del row[column]
