"""What a process keeps of the regulation: never a value that was rolled back."""

from collections.abc import Iterator
from datetime import date

import pytest

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from services.regulation.models import RegulationSetting
from services.regulation.operations import copy_district_setting
from services.regulation.queries import forget_settings, get_setting

KEY = "monitoring.smallest_cell"
DAY = date(2026, 11, 20)


class Interrupted(Exception):
    """What makes a test's transaction roll back."""


def read(school: SchoolRef) -> int:
    with school_transaction(Actor.system(school), school.id):
        return int(get_setting(key=KEY, on=DAY).value)


def write(school: SchoolRef, value: int) -> int:
    actor = Actor.system(school)
    copy_district_setting(actor=actor, key=KEY, value=value, clause="п. 1", since_on=DAY)
    return int(get_setting(key=KEY, on=DAY).value)


def write_and_stop(school: SchoolRef, value: int) -> None:
    with school_transaction(Actor.system(school), school.id):
        assert write(school, value) == value
        raise Interrupted


@pytest.fixture
def school(real_district: dict[str, SchoolRef]) -> Iterator[SchoolRef]:
    """A school in which what is written is really committed."""
    one = real_district["alpha"]
    forget_settings()
    yield one
    with school_transaction(Actor.system(one), one.id):
        RegulationSetting.objects.filter(key=KEY).delete()
    forget_settings()


def test_rolled_back_value_is_seen_by_its_own_transaction_only(school):
    before = read(school)
    forget_settings()

    with pytest.raises(Interrupted):
        write_and_stop(school, before + 7)

    assert read(school) == before


def test_committed_value_is_seen_at_once(school):
    before = read(school)

    with school_transaction(Actor.system(school), school.id):
        write(school, before + 7)

    assert read(school) == before + 7
