"""What the school has already, as plain values: six questions to the database, however long
the list is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from kernel.names import FullName
from services.people.imports.values import ClassName
from services.people.models import (
    ClassEnrollment,
    Consent,
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
)

EMPLOYEE_FIELDS = ("sex", "birth_date", "post", "grade_rank", "category", "functions", "speciality")
GUARDIAN_FIELDS = ("sex", "birth_date", "phone", "email", "identity_digest")
NAME = ("last_name", "first_name", "middle_name")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A card: its number, the name and the fields a list may change."""

    id: int
    name: FullName
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KnownEnrollment:
    """Days in a class that have not ended before the school year."""

    id: int
    pupil_id: int
    class_id: int
    since_on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A tie between a pupil and a guardian that holds."""

    id: int
    pupil_id: int
    guardian_id: int
    relation: str


@dataclass(frozen=True, slots=True)
class KnownFamilies:
    """All that a list of pupils is compared with."""

    classes: dict[ClassName, int]
    pupils: list[KnownPerson]
    guardians: list[KnownPerson]
    enrollments: list[KnownEnrollment]
    links: list[KnownLink]
    withdrawn: frozenset[int] = frozenset()  # guardians who took their consent back


def load_families(*, start_year: int, year_began: date) -> KnownFamilies:
    """Return the pupils, guardians and classes of the school that is open."""
    classes = SchoolClass.objects.filter(start_year=start_year)
    enrollments = ClassEnrollment.objects.filter(Q(until=None) | Q(until__gt=year_began))
    links = GuardianLink.objects.filter(until=None)
    return KnownFamilies(
        classes={ClassName(one.level, one.letter): one.pk for one in classes},
        pupils=_people(Pupil, ("sex", "birth_date")),
        guardians=_people(Guardian, GUARDIAN_FIELDS),
        enrollments=[
            KnownEnrollment(*row)
            for row in enrollments.order_by("since_on", "pk").values_list(
                "pk", "pupil_id", "school_class_id", "since_on", "until"
            )
        ],
        links=[
            KnownLink(*row)
            for row in links.order_by("pk").values_list("pk", "pupil_id", "guardian_id", "relation")
        ],
        withdrawn=_withdrawn(),
    )


def _withdrawn() -> frozenset[int]:
    """Return the guardians whose consents are all withdrawn: no list brings their contacts back."""
    ids = Consent.objects.exclude(guardian=None).values_list("guardian_id", "withdrawn_at")
    live = {pk for pk, withdrawn_at in ids if withdrawn_at is None}
    return frozenset(pk for pk, _ in ids if pk is not None and pk not in live)


def load_employees() -> list[KnownPerson]:
    """Return the employees who have not left."""
    return _people(Employee, EMPLOYEE_FIELDS, left_on=None)


def _people(
    model: type[Pupil | Guardian | Employee], fields: tuple[str, ...], **only: None
) -> list[KnownPerson]:
    rows = model._default_manager.filter(**only).order_by("pk").values_list("pk", *NAME, *fields)
    return [
        KnownPerson(row[0], FullName(*row[1:4]), dict(zip(fields, row[4:], strict=True)))
        for row in rows
    ]
