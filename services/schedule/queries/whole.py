"""The school's time as tables for people, whole: who leaves the system takes them along."""

from collections.abc import Iterator

from kernel.actor import Actor
from services.people.queries.whole import list_names
from services.schedule.models import Lesson, Subject, TeachingLoad, Term, TimetableSlot
from tenants.archive.sheets import Sheet, flat_sheet

WEEKDAYS = {
    1: "понедельник",
    2: "вторник",
    3: "среда",
    4: "четверг",
    5: "пятница",
    6: "суббота",
}


def list_sheets(actor: Actor) -> Iterator[Sheet]:
    """Yield periods, loads, the timetable and the lessons of the school that is open."""
    names, zone = list_names(), actor.school.timezone
    subjects = list_subject_names()
    group, teacher = ("Класс или группа", names.groups), ("Учитель", names.employees)
    yield flat_sheet(
        "периоды",
        "Четверти, триместры, полугодия",
        Term.objects.order_by("starts_on", "level_from", "pk"),
        ["kind", "number", "level_from", "level_to", "starts_on", "ends_on", "closed_at"],
        zone=zone,
    )
    yield flat_sheet(
        "нагрузка",
        "Кто что у кого ведёт",
        TeachingLoad.objects.order_by("start_year", "group_id", "pk"),
        ["start_year", "group_id", "subject_id", "employee_id", "hours"],
        zone=zone,
        words={
            "group_id": group,
            "subject_id": ("Предмет", subjects),
            "employee_id": teacher,
        },
    )
    yield flat_sheet(
        "расписание",
        "Расписание по дням недели",
        TimetableSlot.objects.order_by("valid_from", "weekday", "number", "pk"),
        [
            *("weekday", "number", "load__group_id", "load__subject_id", "load__employee_id"),
            *("room", "valid_from", "valid_until"),
        ],
        zone=zone,
        words={
            "weekday": ("День недели", WEEKDAYS),
            "load__group_id": group,
            "load__subject_id": ("Предмет", subjects),
            "load__employee_id": teacher,
        },
    )
    yield flat_sheet(
        "уроки",
        "Уроки по дням, с отменами и заменами",
        Lesson.objects.order_by("date", "number", "pk"),
        [
            *("id", "date", "number", "group_id", "subject_id", "employee_id", "substitute_id"),
            *("starts_at", "ends_at", "room", "state", "note"),
        ],
        zone=zone,
        words={
            "group_id": group,
            "subject_id": ("Предмет", subjects),
            "employee_id": teacher,
            "substitute_id": ("Кто замещает", names.employees),
        },
    )


def list_subject_names() -> dict[int, str]:
    """Return the subjects' names by number."""
    return dict(Subject.objects.values_list("pk", "name"))
