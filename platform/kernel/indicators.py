"""Words in which a school is counted (показатели): facts are counts, shares are made at the end.

A fact is school × day × grade × subject × measure. It never names a person, and it is recomputed
from the journal, never added to: counting a day twice gives the same numbers.
"""

from dataclasses import dataclass
from enum import StrEnum

# A lesson of a group that is not of one class (an elective, merged grades) has no grade.
MIXED_GRADES = 0
# Counts that are not of one subject: the pupils of a grade.
NO_SUBJECT = ""


class Measure(StrEnum):
    """What is counted. Lessons belong to their date, marks and absences to their lesson's."""

    PUPILS = "pupils"
    LESSONS_HELD = "lessons_held"
    LESSONS_FILLED = "lessons_filled"
    LESSONS_FILLED_SAME_DAY = "lessons_filled_same_day"
    HOMEWORK_DUE = "homework_due"
    HOMEWORK_ENTERED = "homework_entered"
    MARKS_5 = "marks_5"
    MARKS_4 = "marks_4"
    MARKS_3 = "marks_3"
    MARKS_2 = "marks_2"
    MARKS_1 = "marks_1"
    ATTENDANCE_EXPECTED = "attendance_expected"
    ABSENT = "absent"
    ABSENT_WITHOUT_REASON = "absent_without_reason"


MARK_MEASURES = {
    5: Measure.MARKS_5,
    4: Measure.MARKS_4,
    3: Measure.MARKS_3,
    2: Measure.MARKS_2,
    1: Measure.MARKS_1,
}


@dataclass(frozen=True, slots=True)
class DayCount:
    """One count of a school's day. Zero counts are left out."""

    grade: int
    subject_code: str
    measure: Measure
    count: int
