"""The journals as tables for people, whole: who leaves the system takes them along."""

from collections.abc import Iterator
from typing import Any

from kernel.actor import Actor
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.people.queries.whole import list_names
from services.schedule.queries.whole import list_subject_names
from tenants.archive.sheets import Sheet, flat_sheet

PLACE = ("record__date", "record__group_id", "record__subject_id")


def list_sheets(actor: Actor) -> Iterator[Sheet]:
    """Yield topics, homework, marks and absences of the school that is open."""
    names = list_names()
    group = ("Класс или группа", names.groups)
    subject = ("Предмет", list_subject_names())
    words = {
        "group_id": group,
        "record__group_id": group,
        "subject_id": subject,
        "record__subject_id": subject,
        "pupil_id": ("Ученик", names.pupils),
    }

    def sheet(name: str, title: str, rows: Any, *columns: str) -> Sheet:
        used = {column: words[column] for column in columns if column in words}
        return flat_sheet(name, title, rows, columns, zone=actor.school.timezone, words=used)

    yield sheet(
        *("темы", "Что пройдено на уроках", LessonRecord.objects.order_by("date", "pk")),
        *("lesson_id", "date", "group_id", "subject_id", "topic", "material", "work_kind__title"),
        *("homework_none", "filled_at"),
    )
    yield sheet(
        *("домашние-задания", "Домашние задания; без ученика — всему классу"),
        Homework.objects.order_by("record__date", "pk"),
        *("record_id", *PLACE, "pupil_id", "text", "manner", "due_on", "given_at"),
    )
    yield sheet(
        *("отметки", "Отметки", Mark.objects.order_by("record__date", "pk")),
        *("record_id", *PLACE, "pupil_id", "record__work_kind__title", "value", "put_at"),
    )
    yield sheet(
        *("пропуски", "Пропуски и опоздания", Absence.objects.order_by("record__date", "pk")),
        *("record_id", *PLACE, "pupil_id", "code", "put_at"),
    )
