"""A small school that is open for the whole test."""

from collections.abc import Iterator

import pytest

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from tests.rooms.cases.families import Family, make_family


@pytest.fixture
def family(school: SchoolRef) -> Iterator[Family]:
    """Vera's family at the school."""
    with school_transaction(Actor.system(school), school.id):
        yield make_family(school)
