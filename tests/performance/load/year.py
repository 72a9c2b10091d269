"""A school's year of the load model: loads, lessons, records, marks, absences, homework."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from kernel.school_year import TermKind
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.schedule.models import Lesson, SchoolYear, TeachingLoad, Term
from tests.performance.load.copying import Table
from tests.performance.load.people import SchoolPeople
from tests.performance.load.shape import (
    ABSENCES,
    FIRST_DAY,
    HOURS,
    LAST_DAY,
    MARKS,
    PERIODS,
    START_YEAR,
    SchoolShape,
    list_days,
    plan_week,
)
from tests.performance.load.words import TASKS, TOPICS

MOSCOW_OFFSET = timedelta(hours=3)
VALUES = (5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 2)
CODES = ("Н", "Н", "УП", "Б", "ОП")
SHARE_OF_KINDS, SHARE_OF_TASKS = 0.4, 0.7


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """What opening the school has filled: ids of subjects by code, ids of kinds of work."""

    subjects: Mapping[str, int]
    work_kinds: list[int]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A lesson on its way into the tables."""

    id: int
    group_id: int
    subject: str
    employee_id: int
    period: int
    day: date
    number: int

    def at(self, minutes: int = 0) -> datetime:
        """Return a moment of Moscow time, counted from the bell."""
        bell = datetime.combine(self.day, time(7, 30), UTC) + timedelta(minutes=60 * self.number)
        return bell - MOSCOW_OFFSET + timedelta(minutes=minutes)


def draw_year(shape: SchoolShape, people: SchoolPeople, known: Dictionaries) -> Iterator[Table]:
    """Yield the tables of the year in the order they are written."""
    spans = [(list_days(period)[0], list_days(period)[-1]) for period in range(len(PERIODS))]
    yield Table(
        SchoolYear,
        ("id", "start_year", "starts_on", "ends_on"),
        [(1, START_YEAR, FIRST_DAY, LAST_DAY)],
    )
    yield Table(
        Term,
        ("id", "school_year_id", "kind", "number", "starts_on", "ends_on", "closed_at"),
        [
            (place + 1, 1, TermKind.TRIMESTER.value, place + 1, *span, _closed(place, span[1]))
            for place, span in enumerate(spans)
        ],
    )
    loads = _list_loads(shape, people)
    fields = ("id", "employee_id", "group_id", "subject_id", "start_year", "level", "hours")
    yield Table(
        TeachingLoad,
        fields,
        [
            (
                pk,
                employee,
                group,
                known.subjects[subject],
                START_YEAR,
                shape.classes[group - 1].level,
                HOURS[subject],
            )
            for (group, subject), (pk, employee) in loads.items()
        ],
    )
    lessons = list(_list_lessons(shape, loads))
    yield _lessons(lessons, loads, known)
    marked = [one for one in lessons if one.period >= len(PERIODS) - shape.periods_with_marks]
    yield from _journal(shape, people, marked, known)


def _closed(place: int, last_day: date) -> datetime | None:
    is_on = place == len(PERIODS) - 1
    return None if is_on else datetime.combine(last_day, time(15), UTC)


def _list_loads(shape: SchoolShape, people: SchoolPeople) -> dict[tuple[int, str], tuple[int, int]]:
    """Return (group, subject) → (id of the load, employee)."""
    loads: dict[tuple[int, str], tuple[int, int]] = {}
    for group in range(1, len(shape.classes) + 1):
        for subject in HOURS:
            teachers = people.teachers_of[subject]
            loads[group, subject] = (len(loads) + 1, teachers[group % len(teachers)])
    return loads


def _list_lessons(
    shape: SchoolShape, loads: Mapping[tuple[int, str], tuple[int, int]]
) -> Iterator[_Lesson]:
    pk = 0
    weeks = {group: plan_week(group) for group in range(1, len(shape.classes) + 1)}
    for period in range(len(PERIODS)):
        for day in list_days(period):
            for group, week in weeks.items():
                for number, subject in enumerate(week[day.weekday()], start=1):
                    pk += 1
                    yield _Lesson(pk, group, subject, loads[group, subject][1], period, day, number)


def _lessons(
    lessons: list[_Lesson],
    loads: Mapping[tuple[int, str], tuple[int, int]],
    known: Dictionaries,
) -> Table:
    fields = (
        *("id", "load_id", "group_id", "subject_id", "employee_id", "term_id"),
        *("date", "number", "starts_at", "ends_at", "room"),
    )
    rows = [
        (
            one.id,
            loads[one.group_id, one.subject][0],
            one.group_id,
            known.subjects[one.subject],
            one.employee_id,
            one.period + 1,
            one.day,
            one.number,
            one.at(),
            one.at(45),
            100 + one.employee_id,
        )
        for one in lessons
    ]
    return Table(Lesson, fields, rows)


def _journal(
    shape: SchoolShape, people: SchoolPeople, lessons: list[_Lesson], known: Dictionaries
) -> Iterator[Table]:
    dice = Random(shape.seed + 1000)
    account_of = {one.person_id: one.account_id for one in people.logins if one.role == "teacher"}
    records: list[tuple[object, ...]] = []
    tasks: list[tuple[object, ...]] = []
    marks: list[tuple[object, ...]] = []
    absences: list[tuple[object, ...]] = []
    for one in lessons:
        kind = dice.choice(known.work_kinds) if dice.random() < SHARE_OF_KINDS else None
        author, put_at = account_of[one.employee_id], one.at(40)
        place = (one.id, one.group_id, known.subjects[one.subject], one.period + 1, one.day)
        records.append((*place, dice.choice(TOPICS), kind, 1, put_at, author))
        if dice.random() < SHARE_OF_TASKS:
            tasks.append((len(tasks) + 1, one.id, dice.choice(TASKS), put_at, author))
        for pupil in people.pupils_of[one.group_id]:
            luck = dice.random()
            if luck < MARKS and shape.classes[one.group_id - 1].level > 1:
                value = VALUES[int(luck / MARKS * len(VALUES))]
                marks.append((len(marks) + 1, one.id, pupil, value, 1, put_at, author))
            elif luck > 1 - ABSENCES:
                code = CODES[int((1 - luck) / ABSENCES * len(CODES))]
                absences.append((len(absences) + 1, one.id, pupil, code, 1, put_at, author))
    where = ("lesson_id", "group_id", "subject_id", "term_id", "date")
    fields = (*where, "topic", "work_kind_id", "revision", "filled_at", "filled_by")
    yield Table(LessonRecord, fields, records)
    yield Table(Homework, ("id", "record_id", "text", "given_at", "given_by"), tasks)
    stamp = ("revision", "put_at", "put_by")
    yield Table(Mark, ("id", "record_id", "pupil_id", "value", *stamp), marks)
    yield Table(Absence, ("id", "record_id", "pupil_id", "code", *stamp), absences)
