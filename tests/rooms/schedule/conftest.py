"""A school whose year 2026/27 is set up: quarters for 1–9, half-years for 10–11, one class 7А."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

import pytest

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.school_year import TermKind, TermSpan
from services.people import operations as people
from services.people.models import Employee
from services.schedule.operations import (
    HolidayPlan,
    LoadPlan,
    SlotPlan,
    assign_loads,
    fill_dictionaries,
    open_year,
    set_bells,
    set_holidays,
    set_terms,
    set_timetable,
)
from services.schedule.rules import BellTime

YEAR = 2026
FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 5, 26)
QUARTERS = [
    TermSpan(TermKind.QUARTER, 1, date(2026, 9, 1), date(2026, 10, 23), 1, 9),
    TermSpan(TermKind.QUARTER, 2, date(2026, 11, 2), date(2026, 12, 30), 1, 9),
    TermSpan(TermKind.QUARTER, 3, date(2027, 1, 11), date(2027, 3, 26), 1, 9),
    TermSpan(TermKind.QUARTER, 4, date(2027, 4, 5), date(2027, 5, 26), 1, 9),
]
HALF_YEARS = [
    TermSpan(TermKind.HALF_YEAR, 1, date(2026, 9, 1), date(2026, 12, 30), 10, 11),
    TermSpan(TermKind.HALF_YEAR, 2, date(2027, 1, 11), date(2027, 5, 26), 10, 11),
]
HOLIDAYS = [
    HolidayPlan("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1)),
    HolidayPlan("Зимние каникулы", date(2026, 12, 31), date(2027, 1, 10)),
    HolidayPlan("Дополнительные каникулы", date(2027, 2, 13), date(2027, 2, 21), 1, 1),
    HolidayPlan("Весенние каникулы", date(2027, 3, 27), date(2027, 4, 4)),
]
BELLS = [
    BellTime(1, 1, time(8, 30), time(9, 15)),
    BellTime(1, 2, time(9, 25), time(10, 10)),
    BellTime(1, 3, time(10, 30), time(11, 15)),
    BellTime(1, 4, time(11, 35), time(12, 20)),
]


@dataclass(frozen=True)
class SevenA:
    """The class, its teachers and its only load."""

    class_id: int
    group_id: int
    anna: int
    boris: int
    load: int


@pytest.fixture
def inside(school: SchoolRef, system: Actor) -> Iterator[Actor]:
    """The system inside the school's door."""
    with school_transaction(system, school.id):
        yield system


@pytest.fixture
def year(inside: Actor) -> int:
    """The school year 2026/27 with its terms, holidays and bells."""
    fill_dictionaries(inside)
    open_year(actor=inside, start_year=YEAR, starts_on=FIRST_DAY, ends_on=LAST_DAY)
    set_terms(actor=inside, start_year=YEAR, terms=QUARTERS + HALF_YEARS)
    set_holidays(actor=inside, start_year=YEAR, holidays=HOLIDAYS)
    set_bells(actor=inside, bells=BELLS, since_on=FIRST_DAY)
    return YEAR


@pytest.fixture
def hire() -> Callable[..., int]:
    """Hire a teacher by name: `hire("Анна")`."""

    def make(first_name: str) -> int:
        return Employee.objects.create(
            last_name="Ветрова", first_name=first_name, post="учитель"
        ).pk

    return make


@pytest.fixture
def seven_a(inside: Actor, year: int, hire: Callable[..., int]) -> SevenA:
    """7А: Anna teaches it history on Monday, lesson 1, and on Wednesday, lesson 2."""
    class_id, group_id = people.create_class(actor=inside, start_year=year, level=7, letter="А")
    anna, boris = hire("Анна"), hire("Борис")
    [load] = assign_loads(
        actor=inside,
        start_year=year,
        loads=[LoadPlan(anna, group_id, "history", Decimal(2))],
    )
    set_timetable(
        actor=inside,
        start_year=year,
        slots=[SlotPlan(load, 1, 1, "12"), SlotPlan(load, 3, 2, "12")],
        since_on=FIRST_DAY,
    )
    return SevenA(class_id, group_id, anna, boris, load)
