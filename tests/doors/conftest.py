"""What knocks at the doors have in common: two schools on Friday, 20 November 2026."""

from typing import Any

import pytest

from kernel.actor import SchoolRef
from tests.factories.district import TwoSchools, make_two_schools

FRIDAY = "2026-11-20"


@pytest.fixture
def friday(monkeypatch: pytest.MonkeyPatch) -> str:
    """The day it is: the fifth algebra lesson of the week has begun."""
    monkeypatch.setenv("OKRUG_TODAY", FRIDAY)
    return FRIDAY


@pytest.fixture
def two(schools: dict[str, SchoolRef], friday: str) -> TwoSchools:
    """Schools «Альфа» and «Бета» with their people."""
    return make_two_schools(schools)


@pytest.fixture
def columns(two: TwoSchools) -> dict[str, Any]:
    """The address of the journal page of 7А in «Альфа»."""
    small = two.alpha
    return {"group": small.group_id, "subject": small.subject_id, "term": small.term_id}
