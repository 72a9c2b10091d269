"""Vera applies for Gleb at a small school: what the tests of cases have in common."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Model

from kernel.actor import Actor, SchoolRef
from kernel.names import FullName
from kernel.roles import Role
from services.cases.models import Application, CaseEvent
from services.cases.operations import applying, desk, service
from services.cases.operations.applying import Door, Receipt, Typed
from services.cases.operations.desk import Match, Signed
from services.people.models import Pupil, SchoolClass
from services.people.operations.consents import Papers, SignerDetails
from services.regulation.operations import change_setting
from tests.factories.school import SmallSchool, make_small_school

FRIDAY = date(2026, 11, 20)
BORN = date(2013, 5, 5)
PASSPORT = Papers("г. Заречный, ул. Речная, 1", "паспорт", "79 08 123456", date(2015, 3, 12), "ОВД")
DETAILS = SignerDetails(subject=PASSPORT, representative=PASSPORT, authority="свидетельство")


def noon(day: date = FRIDAY, hour: int = 12) -> datetime:
    """Return an hour of a day in Moscow, which is three hours ahead."""
    return datetime.combine(day, time(hour - 3), UTC)


@dataclass
class Family:
    """A small school that is open, with its people as actors."""

    school: SchoolRef
    small: SmallSchool
    made: list[int] = field(default_factory=list)

    def actor(self, role: Role, person: int | None = None, account: int | None = 7) -> Actor:
        """Return somebody with one role."""
        persons = {} if person is None else {role: person}
        return Actor(account, self.school, frozenset({role}), persons, "Анина Анна Петровна")

    @property
    def administrator(self) -> Actor:
        return self.actor(Role.ADMINISTRATOR, account=10)

    @property
    def secretary(self) -> Actor:
        return self.actor(Role.SECRETARY, account=11)

    @property
    def director(self) -> Actor:
        return self.actor(Role.MANAGEMENT, self.small.boris, account=12)

    @property
    def anna(self) -> Actor:
        """The class teacher of 7А."""
        return self.actor(Role.TEACHER, self.small.anna, account=13)

    @property
    def oksana(self) -> Actor:
        """The class teacher of 7Б."""
        return self.actor(Role.TEACHER, self.small.oksana, account=14)

    @property
    def vera(self) -> Actor:
        return self.actor(Role.GUARDIAN, self.small.vera, account=20)

    @property
    def stranger(self) -> Actor:
        """Dmitry, whose son learns in 7Б."""
        return self.actor(Role.GUARDIAN, self.small.dmitry, account=21)

    @property
    def system(self) -> Actor:
        return Actor.system(self.school)

    def typed(self, **more: Any) -> Typed:
        """Return what Vera types."""
        words: dict[str, object] = {
            "is_pupil": False,
            "child": FullName("Глебов", "Глеб"),
            "child_birth_date": BORN,
            "child_class": "7а",
            "applicant": FullName("Верина", "Вера"),
            "relation": "mother",
            "phone": "+79001234567",
            "email": "",
            "delivery": "portal",
        }
        return Typed(**{**words, **more})

    def apply(
        self, *, now: datetime | None = None, key: uuid.UUID | None = None, **more: Any
    ) -> Receipt:
        """Let Vera apply from her phone without signing in."""
        door = Door("anonymous", key or uuid.uuid4(), network="network")
        return applying.submit_application(
            actor=Actor.public(self.school), door=door, typed=self.typed(**more), now=now or noon()
        )

    def recognised(self, *, now: datetime | None = None, **more: Any) -> int:
        """Return a case whose people the administrator found."""
        case_id = self.apply(now=now, **more).case_id
        match = Match(self.small.gleb, self.small.vera)
        desk.recognise(actor=self.administrator, case_id=case_id, match=match, now=now or noon())
        return case_id

    def accepted(self, *, now: datetime | None = None, **more: Any) -> int:
        """Return a case whose consent the secretary took."""
        case_id = self.recognised(now=now, **more)
        signed = Signed(DETAILS, "in_person")
        desk.accept(actor=self.secretary, case_id=case_id, now=now or noon(), signed=signed)
        return case_id

    def granted(self, *, now: datetime | None = None, **more: Any) -> int:
        """Return a case whose access is open."""
        case_id = self.accepted(now=now, **more)
        service.grant(actor=self.administrator, case_id=case_id, now=now or noon())
        return case_id

    def active(self) -> int:
        """Return a case that is served."""
        case_id = self.granted()
        service.hand_over(actor=self.anna, case_id=case_id, is_explained=True, now=noon())
        return case_id


def case_of(case_id: int) -> Application:
    """Return the row."""
    return Application.objects.get(pk=case_id)


def log_of(case_id: int) -> list[tuple[str, str]]:
    """Return the actions and the states they led to."""
    rows = CaseEvent.objects.filter(application_id=case_id).order_by("pk")
    return list(rows.values_list("action", "to_state"))


def make_family(school: SchoolRef) -> Family:
    """Build it inside the school that is open: Anna is class teacher of 7А, Oksana of 7Б."""
    small = make_small_school(Actor.system(school))
    for letter, teacher in (("А", small.anna), ("Б", small.oksana)):
        SchoolClass.objects.filter(level=7, letter=letter).update(class_teacher_id=teacher)
    for key in ("operator.name", "operator.address"):
        change_setting(
            actor=Actor.system(school), key=key, value="МБОУ «Школа», ул. Школьная, 1",
            clause="Устав", since_on=date(2026, 1, 1),
        )  # fmt: skip
    return Family(school, small)


def count(model: type[Model]) -> int:
    """Return how many rows a table has."""
    return model._default_manager.count()


def make_older(pupil_id: int, birth_date: date) -> None:
    """Let a pupil be born on another day."""
    Pupil.objects.filter(pk=pupil_id).update(birth_date=birth_date)
