"""The people of a school as tables for people, whole: who leaves the system takes them along."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.actor import Actor
from kernel.names import FullName
from services.people.models import (
    Appointment,
    ClassEnrollment,
    Consent,
    Employee,
    GroupMember,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
    TeachingGroup,
)
from tenants.archive.sheets import Sheet, flat_sheet

NAME = ("last_name", "first_name", "middle_name")
CARD = ("id", *NAME, "sex", "birth_date", "phone", "email", "address")
CONSENT = (
    *("number", "kind", "accepted_on", "pupil_id", "guardian_id", "employee_id"),
    *("accepter_name", "identified_by", "edition", "withdrawn_at", "withdrawal_number"),
    "destroy_due_on",
)


@dataclass(frozen=True, slots=True)
class Names:
    """Everybody's names and the titles of groups, by number."""

    pupils: Mapping[int, str]
    guardians: Mapping[int, str]
    employees: Mapping[int, str]
    groups: Mapping[int, str]


def list_names() -> Names:
    """Return every name of the school that is open."""
    return Names(
        pupils=_names(Pupil),
        guardians=_names(Guardian),
        employees=_names(Employee),
        groups=dict(TeachingGroup.objects.values_list("pk", "title")),
    )


def list_sheets(actor: Actor) -> Iterator[Sheet]:
    """Yield pupils, guardians, staff, classes and consents of the school that is open."""
    names = list_names()
    rows = SchoolClass.objects.order_by("start_year", "level", "letter", "pk")
    classes = {row.pk: f"{row.title}, {row.start_year}/{row.start_year + 1}" for row in rows}
    words = {
        "pupil_id": ("Ученик", names.pupils),
        "guardian_id": ("Представитель", names.guardians),
        "employee_id": ("Работник", names.employees),
        "class_teacher_id": ("Классный руководитель", names.employees),
        "school_class_id": ("Класс", classes),
        "group_id": ("Группа", names.groups),
    }

    def sheet(name: str, title: str, model: Any, order: str, *columns: str) -> Sheet:
        ordered = model.objects.order_by(*order.split(), "pk")
        used = {column: words[column] for column in columns if column in words}
        return flat_sheet(name, title, ordered, columns, zone=actor.school.timezone, words=used)

    yield sheet("ученики", "Ученики: личные данные и контакты", Pupil, "sort_key", *CARD)
    yield sheet("родители", "Родители и другие законные представители", Guardian, "sort_key", *CARD)
    yield sheet(
        *("семьи", "Кто чей представитель", GuardianLink, "pupil_id", "pupil_id", "guardian_id"),
        *("relation", "state", "since_on", "until", "may_read_diary", "may_see_contacts"),
    )
    yield sheet(
        *("работники", "Работники школы", Employee, "sort_key", *CARD, "post", "category"),
        *("functions", "hired_on", "first_day_on", "left_on", "leaving_order"),
    )
    yield sheet(
        *("назначения", "Обязанности по приказам", Appointment, "since_on", "employee_id", "duty"),
        *("note", "order_number", "order_on", "since_on", "until"),
    )
    yield sheet(
        *("классы", "Классы по учебным годам", SchoolClass, "start_year level letter"),
        *("start_year", "level", "letter", "shift", "class_teacher_id"),
    )
    yield sheet(
        *("зачисления", "Кто в каком классе и с какого дня", ClassEnrollment, "since_on"),
        *("pupil_id", "school_class_id", "since_on", "until", "order"),
    )
    yield sheet(
        *("группы", "Кто в какой подгруппе или на каком курсе", GroupMember, "group_id since_on"),
        *("group_id", "pupil_id", "since_on", "until"),
    )
    yield sheet("согласия", "Журнал согласий", Consent, "accepted_on", *CONSENT)


def _names(model: Any) -> dict[int, str]:
    rows = model.objects.values_list("pk", *NAME)
    return {pk: str(FullName(last, first, middle)) for pk, last, first, middle in rows}
