"""What the schools of the load model have in the public schema: accounts, roles, the numbers."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from random import Random
from zoneinfo import ZoneInfo

from kernel.indicators import NO_SUBJECT, DayCount, Measure
from kernel.roles import Role
from services.monitoring.models import Fact, SchoolFreshness, SubjectName
from services.monitoring.rules.counting import WHOLE_SCHOOL, facts_of_day
from tenants.accounts.models import Account, Membership
from tests.performance.load.copying import Table
from tests.performance.load.people import Login
from tests.performance.load.shape import HOURS, TODAY, SchoolShape, list_all_days

OFFICER = Login(9_000, "bench.officer", "Измайлова Ирина Игоревна", Role.DISTRICT_OFFICER, 0)
DAYS_WITH_GRADES = 40  # the breakdown by grade and subject lies for the last eight weeks
OF_A_LESSON = {  # what one lesson of one class gives to the day's counts
    Measure.LESSONS_HELD: 1.0,
    Measure.LESSONS_FILLED: 0.96,
    Measure.LESSONS_FILLED_SAME_DAY: 0.9,
    Measure.HOMEWORK_DUE: 0.9,
    Measure.HOMEWORK_ENTERED: 0.8,
    Measure.MARKS_5: 2.4,
    Measure.MARKS_4: 3.3,
    Measure.MARKS_3: 2.1,
    Measure.MARKS_2: 0.4,
    Measure.ATTENDANCE_EXPECTED: 25.0,
    Measure.ABSENT: 1.1,
    Measure.ABSENT_WITHOUT_REASON: 0.3,
}


def draw_accounts(logins: Iterable[tuple[int | None, Login]], password: str) -> Iterator[Table]:
    """Yield accounts and their roles; all have the one password, hashed once."""
    accounts, memberships = [], []
    for school_id, one in logins:
        accounts.append((one.account_id, one.login, one.name, password))
        person_id = one.person_id if school_id else None
        memberships.append((one.account_id, one.account_id, school_id, one.role.value, person_id))
    yield Table(Account, ("id", "login", "display_name", "password"), accounts)
    fields = ("id", "account_id", "school_id", "role", "person_id")
    yield Table(Membership, fields, memberships)


def draw_facts(shapes: Iterable[tuple[int, SchoolShape]], timezone: str) -> Iterator[Table]:
    """Yield a year of counts: of whole schools every day, by grade and subject the last weeks."""
    facts: list[tuple[int, date, int, str, str, int]] = []
    fresh, names = [], []
    days = list_all_days()
    counted_at = datetime.combine(TODAY, time(8), ZoneInfo(timezone))
    for school_id, shape in shapes:
        dice = Random(shape.seed + 2000)
        base = facts_of_day(_count_day(shape))
        for place, day in enumerate(days):
            has_grades = place >= len(days) - DAYS_WITH_GRADES
            for (grade, subject, measure), count in base.items():
                if has_grades or grade == WHOLE_SCHOOL:
                    varied = count if count < 10 else int(count * (0.9 + dice.random() / 10))
                    facts.append((school_id, day, grade, subject, measure, varied))
        fresh.append((school_id, counted_at, TODAY))
        names += [(school_id, subject, subject.capitalize()) for subject in HOURS]
    yield Table(Fact, ("school_id", "day", "grade", "subject_code", "measure", "count"), facts)
    yield Table(SchoolFreshness, ("school_id", "rolled_up_at", "last_lesson_day"), fresh)
    yield Table(SubjectName, ("school_id", "code", "name"), names)


def _count_day(shape: SchoolShape) -> Iterator[DayCount]:
    grades: dict[int, int] = {}
    pupils: dict[int, int] = {}
    for one in shape.classes:
        grades[one.level] = grades.get(one.level, 0) + 1
        pupils[one.level] = pupils.get(one.level, 0) + one.size
    for grade, classes in grades.items():
        yield DayCount(grade, NO_SUBJECT, Measure.PUPILS, pupils[grade])
        for subject, hours in HOURS.items():
            yield DayCount(grade, subject, Measure.PUPILS, pupils[grade])
            for measure, share in OF_A_LESSON.items():
                count = round(share * classes * hours / 5)
                if count:
                    yield DayCount(grade, subject, measure, count)
