"""Arranging a demo school by its rooms' operations: rules, people from files, the year, lessons.

Each function does one step inside the door's transaction, once: the caller asks what is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from random import Random

from config.demo.calendar import YearPlan, plan_year
from config.demo.district import ClassSpec, SchoolSpec, plan_bells, regional_days
from config.demo.families import draw_pupils
from config.demo.lists import File, write_lists
from config.demo.plans import Course, list_class_hours, list_courses
from config.demo.staff import Staff, draw_staff
from config.demo.timetable import draw_timetable
from foundation.spreadsheets import read_table
from kernel.actor import Actor
from kernel.periods import ONE_DAY
from kernel.school_year import school_year_bounds
from services.people import operations as people_operations
from services.people import queries as people
from services.regulation.operations import change_setting
from services.schedule import operations as schedule_operations
from services.schedule import queries as schedule
from services.schedule.operations import LoadPlan, SlotPlan
from services.schedule.queries import LessonCard

GROUP_WORDS = {"english": "английский", "informatics": "информатика"}
SUBSTITUTIONS, CANCELLATIONS = 6, 3
REASONS = ("Болезнь учителя", "Курсы повышения квалификации", "Командировка")
CANCEL_REASONS = ("Отключение отопления", "Карантин", "Районная олимпиада")


@dataclass(frozen=True)
class Blueprint:
    """A school to be arranged in one school year, drawn once."""

    school: SchoolSpec
    start_year: int

    @cached_property
    def courses(self) -> list[Course]:
        """Return what is taught to whom."""
        return list_courses(self.school, self.start_year)

    @cached_property
    def staff(self) -> Staff:
        """Return who works in the school."""
        return draw_staff(self.school, self.courses, self.start_year)

    @cached_property
    def year(self) -> YearPlan:
        """Return the calendar of the year."""
        return plan_year(
            self.start_year,
            has_trimesters=self.school.has_trimesters,
            has_seniors=self.school.has_seniors,
        )

    def write_lists(self) -> tuple[File, File]:
        """Return the lists of pupils and of employees as files."""
        return write_lists(self.school.code, draw_pupils(self.school, self.start_year), self.staff)


def set_rules(*, actor: Actor, blueprint: Blueprint) -> None:
    """Change the regulation to what the school's own says."""
    school, since_on = blueprint.school, school_year_bounds(blueprint.start_year).since
    rules = dict(school.settings)
    if school.is_republic:
        days = regional_days(blueprint.start_year)
        rules["calendar.regional_days"] = (days, "Закон республики о праздничных днях")
    for key, (value, clause) in rules.items():
        change_setting(actor=actor, key=key, value=value, clause=clause, since_on=since_on)


def import_people(*, actor: Actor, blueprint: Blueprint, today: date, folder: Path) -> None:
    """Write the school's lists into a folder and import what lies there."""
    for one in blueprint.school.classes:
        if one.shift == 2:
            people_operations.create_class(
                actor=actor,
                start_year=blueprint.start_year,
                level=one.level,
                letter=one.letter,
                shift=one.shift,
            )
    folder.mkdir(parents=True, exist_ok=True)
    pupils, employees = blueprint.write_lists()
    for kind, (name, content) in (("employees", employees), ("pupils", pupils)):
        path = folder / name
        path.write_bytes(content)
        people_operations.apply_import(
            actor=actor,
            kind=kind,
            table=read_table(path.read_bytes(), name),
            today=today,
            start_year=blueprint.start_year,
        )


def arrange_year(*, actor: Actor, blueprint: Blueprint) -> int:
    """Set the year, its bells, curriculum, loads and timetable; return the lessons it yields."""
    year, start_year = blueprint.year, blueprint.start_year
    schedule_operations.open_year(
        actor=actor, start_year=start_year, starts_on=year.starts_on, ends_on=year.ends_on
    )
    schedule_operations.set_terms(actor=actor, start_year=start_year, terms=year.terms)
    schedule_operations.set_holidays(actor=actor, start_year=start_year, holidays=year.holidays)
    schedule_operations.set_bells(
        actor=actor,
        bells=plan_bells(blueprint.school, start_year, year.half_year_turns_on),
        since_on=year.starts_on,
    )
    class_ids, group_ids = _classes(start_year)
    schedule_operations.set_curriculum(
        actor=actor,
        start_year=start_year,
        hours={
            class_ids[one.title]: list_class_hours(blueprint.school, one, start_year)
            for one in blueprint.school.classes
        },
    )
    groups = _divide(actor, blueprint, class_ids, group_ids)
    employees = list_employee_ids()
    _appoint_class_teachers(actor, blueprint, class_ids, employees)
    loads = _assign_loads(actor, blueprint, groups, employees)
    _set_timetable(actor, blueprint, loads)
    return schedule_operations.yield_lessons(actor=actor, since=year.starts_on, until=year.ends_on)


def list_employee_ids() -> dict[str, int]:
    """Return the ids of those who work in the open school by full name."""
    found: dict[str, int] = {}
    page = 1
    while True:
        rows = people.search_employees(words="", page=page).rows
        if not rows:
            return found
        found |= {row.name: row.id for row in rows}
        page += 1


def _classes(start_year: int) -> tuple[dict[str, int], dict[str, int]]:
    classes = people.list_classes(start_year=start_year)
    ids = {one.title: one.id for one in classes}
    return ids, {one.title: one.group_id for one in classes if one.group_id}


def _divide(
    actor: Actor,
    blueprint: Blueprint,
    class_ids: Mapping[str, int],
    group_ids: Mapping[str, int],
) -> dict[tuple[ClassSpec, str, int], int]:
    """Return the group of every (class, subject, part), dividing classes where it is needed."""
    since_on = school_year_bounds(blueprint.start_year).since
    groups: dict[tuple[ClassSpec, str, int], int] = {}
    for course in blueprint.courses:
        one, key = course.school_class, (course.school_class, course.subject, course.part)
        if not course.part:
            groups[key] = group_ids[one.title]
            continue
        groups[key] = people_operations.create_group(
            actor=actor,
            start_year=blueprint.start_year,
            level=one.level,
            title=f"{one.title}, {GROUP_WORDS[course.subject]}, группа {course.part}",
            school_class_id=class_ids[one.title],
        )
        pupils = people.list_group_pupils(
            group_id=group_ids[one.title], since=since_on, until=since_on
        )
        middle = (len(pupils) + 1) // 2
        part = pupils[:middle] if course.part == 1 else pupils[middle:]
        people_operations.add_members(
            actor=actor,
            group_id=groups[key],
            pupil_ids=[pupil.id for pupil in part],
            since_on=since_on,
        )
    return groups


def _appoint_class_teachers(
    actor: Actor,
    blueprint: Blueprint,
    class_ids: Mapping[str, int],
    employees: Mapping[str, int],
) -> None:
    for one, teacher in blueprint.staff.class_teacher_of.items():
        people_operations.appoint_class_teacher(
            actor=actor,
            school_class_id=class_ids[one.title],
            employee_id=employees[str(teacher.person.name)],
        )


def _assign_loads(
    actor: Actor,
    blueprint: Blueprint,
    groups: Mapping[tuple[ClassSpec, str, int], int],
    employees: Mapping[str, int],
) -> dict[Course, int]:
    ids = schedule_operations.assign_loads(
        actor=actor,
        start_year=blueprint.start_year,
        loads=[
            LoadPlan(
                employee_id=employees[str(blueprint.staff.teacher_of[course].person.name)],
                group_id=groups[course.school_class, course.subject, course.part],
                subject_code=course.subject,
                hours=course.hours,
            )
            for course in blueprint.courses
        ],
    )
    return dict(zip(blueprint.courses, ids, strict=True))


def _set_timetable(actor: Actor, blueprint: Blueprint, loads: Mapping[Course, int]) -> None:
    turns_on = blueprint.year.half_year_turns_on
    teacher_of = blueprint.staff.teacher_of
    schedule_operations.set_timetable(
        actor=actor,
        start_year=blueprint.start_year,
        since_on=blueprint.year.starts_on,
        slots=[
            SlotPlan(
                load_id=loads[place.course],
                weekday=place.cell[0],
                number=place.cell[1],
                room=teacher_of[place.course].room,
                since_on=turns_on if place.half == 2 else None,
                until=turns_on if place.half == 1 else None,
            )
            for place in draw_timetable(blueprint.school, teacher_of)
        ],
    )


def change_lessons(*, actor: Actor, blueprint: Blueprint, today: date) -> None:
    """Cancel and substitute some lessons of the last school week and of the next one."""
    random = Random(f"{blueprint.school.slug} changes")  # noqa: S311
    last = schedule.last_study_day(level=7, day=today) or today
    coming = schedule.next_study_day(level=7, day=today)
    _substitute_next_lesson(actor, coming)
    lessons = [
        lesson
        for day in (*[last - ONE_DAY * back for back in range(5)], coming)
        if day
        for lesson in schedule.list_day_lessons(day=day)
        if not lesson.is_changed
    ]
    chosen = random.sample(lessons, min(len(lessons), SUBSTITUTIONS + CANCELLATIONS))
    for place, lesson in enumerate(chosen):
        if place < CANCELLATIONS:
            reason = CANCEL_REASONS[place % len(CANCEL_REASONS)]
            schedule_operations.cancel_lesson(actor=actor, lesson_id=lesson.id, reason=reason)
        else:
            _substitute(actor, lesson, REASONS[place % len(REASONS)])


def _substitute_next_lesson(actor: Actor, day: date | None) -> None:
    """Let the first lesson of 7А on the next school day have a substitute: Vera will see it."""
    lessons = schedule.list_day_lessons(day=day) if day else []
    class_group = people.get_groups(group_ids={lesson.group_id for lesson in lessons})
    first = next((one for one in lessons if class_group[one.group_id].title == "7А"), None)
    if first is not None:
        _substitute(actor, first, REASONS[0])


def _substitute(actor: Actor, lesson: LessonCard, reason: str) -> None:
    """Give a lesson to somebody who teaches that day and is free at the hour."""
    others = schedule.list_day_lessons(day=lesson.date)
    busy = {
        one.teacher_id
        for one in others
        if one.starts_at < lesson.ends_at and lesson.starts_at < one.ends_at
    }
    free = sorted({one.employee_id for one in others} - busy)
    if free:
        schedule_operations.substitute_lesson(
            actor=actor, lesson_id=lesson.id, employee_id=free[0], reason=reason
        )
