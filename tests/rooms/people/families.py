"""Gleb's family and how a consent is accepted in tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kernel.actor import Actor
from services.people.models import (
    ClassEnrollment,
    Employee,
    Guardian,
    GuardianLink,
    Pupil,
    SchoolClass,
)
from services.people.operations import consents as operations
from services.people.queries.consents import ConsentCard
from services.regulation.operations import change_setting
from tests.rooms.people.papers import PARENT

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


class Family:
    """Gleb of 7А with Vera and Viktor, his parents; Anna is the class teacher; Boris is not."""

    def __init__(self) -> None:
        self.anna = Employee.objects.create(last_name="Анина", first_name="Анна", post="учитель")
        self.boris = Employee.objects.create(last_name="Борин", first_name="Борис", post="учитель")
        self.school_class = SchoolClass.objects.create(
            start_year=2026, level=7, letter="А", class_teacher=self.anna
        )
        self.gleb = self.add_pupil("Глебов", date(2013, 5, 5))
        self.vera = self.add_guardian("Верина", "mother")
        self.viktor = self.add_guardian("Викторов", "father")

    def add_pupil(self, last_name: str, birth_date: date | None) -> Pupil:
        pupil = Pupil.objects.create(last_name=last_name, first_name="Глеб", birth_date=birth_date)
        ClassEnrollment.objects.create(
            pupil=pupil, school_class=self.school_class, since_on=date(2026, 9, 1)
        )
        return pupil

    def add_guardian(self, last_name: str, relation: str) -> Guardian:
        guardian = Guardian.objects.create(
            last_name=last_name, first_name="В", phone="+79000000000", email="v@example.ru"
        )
        GuardianLink.objects.create(
            pupil=self.gleb, guardian=guardian, relation=relation, since_on=date(2026, 9, 1)
        )
        return guardian


@pytest.fixture
def family(opened: Any, system: Actor) -> Family:
    for key, value in (
        ("operator.name", "МБОУ «Школа «Альфа»"),
        ("operator.address", "г. Заречный, ул. Школьная, д. 1"),
        ("processor.name", "МКУ «Центр цифровизации»"),
        ("processor.address", "г. Заречный, пл. Победы, д. 2"),
    ):
        change_setting(actor=system, key=key, value=value, clause="", since_on=date(2026, 9, 1))
    return Family()


@pytest.fixture
def accept(family: Family, system: Actor) -> Callable[..., ConsentCard]:
    def run(
        actor: Actor | None = None, guardian: Guardian | None = None, **options: Any
    ) -> ConsentCard:
        asked = {
            "actor": actor or system,
            "pupil_id": family.gleb.pk,
            "guardian_id": (guardian or family.vera).pk,
            "details": PARENT,
            "identified_by": "in_person",
            "accepted_on": TODAY,
            "now": NOW,
            **options,
        }
        return operations.accept_consent(**asked)

    return run
