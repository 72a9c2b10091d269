"""What the committee sets for the district holds from a day on, in its own rooms and in schools."""

from datetime import date
from typing import Any

import pytest

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.dispatch import deliver_waiting
from kernel.actor import Actor, SchoolRef
from kernel.periods import Period
from services.monitoring.queries import get_board
from services.oversight.queries import get_procedure
from services.regulation.handlers import spread_calendar
from services.regulation.models import RegulationSetting
from services.regulation.operations import (
    UnknownSetting,
    ValueIsWrong,
    change_setting,
    set_for_district,
)
from services.regulation.queries import get_district_setting, get_setting

pytestmark = pytest.mark.django_db
KEY = "complaint.review_workdays"
BEFORE, DAY = date(2026, 11, 19), date(2026, 11, 20)
Schools = dict[str, SchoolRef]


def set_value(value: Any, key: str = KEY, clause: str = "приказ № 5", on: date = DAY) -> None:
    with public_transaction():
        set_for_district(account_id=7, key=key, value=value, clause=clause, since_on=on)


def in_school(school: SchoolRef, on: date = DAY, key: str = KEY) -> object:
    with school_transaction(Actor.system(school), school.id):
        return get_setting(key=key, on=on).value


@pytest.mark.requirement("SRV-031", "ROL-033", part=True)
def test_committees_value_holds_in_its_own_room_and_in_every_school_from_its_day(
    schools: Schools,
) -> None:
    set_value(12)
    assert deliver_waiting(None, clock.now()) == 1

    with public_transaction():
        assert [get_procedure(on=day).review_workdays for day in (BEFORE, DAY)] == [15, 12]
        held = get_district_setting(key=KEY, on=DAY)
    assert (held.clause, held.source) == ("приказ № 5", "district")
    for school in schools.values():
        assert [in_school(school, day) for day in (BEFORE, DAY)] == [15, 12]


def test_schools_own_word_stands_before_the_committees(school: SchoolRef) -> None:
    with school_transaction(Actor.system(school), school.id):
        change_setting(
            actor=Actor.system(school), key=KEY, value=10, clause="п. 4", since_on=BEFORE
        )
    set_value(12)

    spread_calendar()

    assert in_school(school) == 10


def test_repeat_writes_nothing_and_a_school_opened_later_gets_it_too(school: SchoolRef) -> None:
    set_value(12)
    spread_calendar()
    with school_transaction(Actor.system(school), school.id):
        rows = RegulationSetting.objects.filter(key=KEY, source="district")
        before = list(rows.values_list("pk", "value"))
        rows.delete()
    spread_calendar()
    spread_calendar()

    assert [value for _, value in before] == [12]
    assert in_school(school) == 12


@pytest.mark.parametrize(
    ("key", "value", "clause", "error"),
    [
        ("complaint.unheard_of", 5, "п. 1", UnknownSetting),
        (KEY, "много", "п. 1", ValueIsWrong),
        (KEY, -1, "п. 1", ValueIsWrong),
        (KEY, True, "п. 1", ValueIsWrong),
        (KEY, 5, " ", ValueIsWrong),
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(
    db: None, key: str, value: object, clause: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        set_value(value, key, clause)

    with public_transaction():
        assert get_district_setting(key=KEY, on=DAY).source == "shipped"


@pytest.mark.requirement("PDP-005", part=True)
def test_smallest_cell_of_the_dashboard_is_the_committees(schools: Schools) -> None:
    set_value(9, key="monitoring.smallest_cell")
    week = Period(date(2026, 11, 16), date(2026, 11, 23))

    with public_transaction():
        cells = [
            get_board(schools=list(schools.values()), period=week, today=day).smallest_cell
            for day in (BEFORE, DAY)
        ]

    assert cells == [5, 9]
