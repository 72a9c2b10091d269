"""The school's time as tables for people, whole: who leaves the system takes them along."""

from collections.abc import Iterator

from kernel.actor import Actor
from kernel.day_words import WEEKDAYS
from services.people.queries.whole import list_names
from services.schedule.models import Lesson, Subject, TeachingLoad, Term, TimetableSlot
from tenants.archive.sheets import Sheet, Words, flat_sheet


def list_sheets(actor: Actor) -> Iterator[Sheet]:
    """Yield periods, loads, the timetable and the lessons of the school that is open."""
    zone, words = actor.school.timezone, _words()
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
        words=words,
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
        words=words | {f"load__{column}": word for column, word in words.items()},
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
        words=words,
    )


def _words() -> dict[str, tuple[str, Words]]:
    """Return the header of each column that holds a number, and the names of the numbers."""
    names = list_names()
    return {
        "weekday": ("День недели", dict(enumerate(WEEKDAYS, start=1))),
        "group_id": ("Класс или группа", names.groups),
        "subject_id": ("Предмет", list_subject_names()),
        "employee_id": ("Учитель", names.employees),
        "substitute_id": ("Кто замещает", names.employees),
    }


def list_subject_names() -> dict[int, str]:
    """Return the subjects' names by number."""
    return dict(Subject.objects.values_list("pk", "name"))
