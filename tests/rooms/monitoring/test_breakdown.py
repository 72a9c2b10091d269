"""A school taken apart: what is hidden is hidden on every page of it, and never in the data."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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


def test_breakdown_takes_four_statements(village):
    with CaptureQueriesContext(connection) as asked:
        take_apart(village)

    assert len(asked) == 4
