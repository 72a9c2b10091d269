"""What is taught to whom: the curriculum of each class, divided into courses.

The federal plan's obligatory part, then the participants' part from the school's own list. A
foreign language and informatics are taught in two groups from 25 pupils on, in a village some
lessons are joined.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from config.demo.district import ClassSpec, SchoolSpec
from services.schedule.curricula import list_plan_hours, weekly_limit
from services.schedule.rules import week_of_level

SPLIT_FROM = 25
SPLIT_SUBJECTS = frozenset({"english", "informatics"})
JOINED_SUBJECTS = frozenset({"physical_education", "music", "art", "technology"})
JOINED_LEVELS = {1: "1+3", 3: "1+3", 2: "2+4", 4: "2+4", 5: "5+6", 6: "5+6", 7: "7+8", 8: "7+8"}
HALF = Decimal("0.5")
# Subjects of the participants' part in the order a school would add an hour of them.
PRIMARY_EXTRA = ("physical_education", "russian", "mathematics", "reading")
BASIC_EXTRA = (
    *("physical_education", "mathematics", "algebra", "russian"),
    *("history", "biology", "english"),
)
SENIOR_EXTRA = ("physical_education", "calculus", "russian", "english", "history", "informatics")
NATIVE = ("native_language", "native_literature")


@dataclass(frozen=True, slots=True)
class Course:
    """A subject taught to a class or, with a `part`, to one of its two groups.

    `hours` are a week's; a half hour is one lesson a week in one half of the year. Courses of one
    `joint` are given together: a village teacher has two classes in one room.
    """

    school_class: ClassSpec
    subject: str
    hours: Decimal
    part: int = 0
    joint: str = ""


def list_class_hours(
    school: SchoolSpec, school_class: ClassSpec, start_year: int
) -> dict[str, Decimal]:
    """Return the curriculum of a class: subject code → hours a week."""
    plan = list_plan_hours(
        level=school_class.level, start_year=start_year, profile=school_class.profile
    )
    hours = {_language(line.subject_code): line.hours for line in plan}
    week = week_of_level(week=school.week, level=school_class.level)
    left = weekly_limit(level=school_class.level, week=week) - sum(hours.values())
    for subject in _extras(school, school_class, set(hours)):
        if left <= 0:
            break
        step = HALF if left % 1 else Decimal(1)
        hours[subject] = hours.get(subject, Decimal(0)) + step
        left -= step
    return hours


def list_courses(school: SchoolSpec, start_year: int) -> list[Course]:
    """Return the courses of a school, class by class."""
    return [
        course
        for one in school.classes
        for subject, hours in list_class_hours(school, one, start_year).items()
        for course in _courses(school, one, subject, hours)
    ]


def _courses(
    school: SchoolSpec, school_class: ClassSpec, subject: str, hours: Decimal
) -> list[Course]:
    if school_class.size >= SPLIT_FROM and subject in SPLIT_SUBJECTS:
        return [Course(school_class, subject, hours, part) for part in (1, 2)]
    pair = JOINED_LEVELS.get(school_class.level)
    if school.is_village and subject in JOINED_SUBJECTS and pair:
        return [Course(school_class, subject, hours, joint=f"{pair}:{subject}")]
    return [Course(school_class, subject, hours)]


def _language(code: str) -> str:
    return "english" if code == "foreign_language" else code


def _extras(school: SchoolSpec, school_class: ClassSpec, taught: set[str]) -> Iterator[str]:
    """Yield subjects for the hours the plan leaves free, again and again."""
    if school.is_republic:
        yield from NATIVE
    extra: tuple[str, ...] = BASIC_EXTRA
    if school_class.level <= 4:
        extra = PRIMARY_EXTRA
    elif school_class.level >= 10:
        extra = SENIOR_EXTRA
    known = [subject for subject in extra if subject in taught]
    while True:
        yield from known
