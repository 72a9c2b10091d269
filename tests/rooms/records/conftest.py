"""The small school of the tests of reports, open; its teacher and its head."""

import pytest

from foundation.db.door import school_transaction
from kernel.roles import Role
from tests.factories.school import make_small_school


@pytest.fixture
def small(school, system):
    """Yield the small school, open as the system."""
    with school_transaction(system, school.id):
        yield make_small_school(system)


@pytest.fixture
def anna(small, make_actor):
    """Anna, who teaches algebra in 7А."""
    return make_actor(Role.TEACHER, person=small.anna, account_id=11)


@pytest.fixture
def boris(small, make_actor):
    """Boris, the head teacher."""
    return make_actor(Role.MANAGEMENT, person=small.boris, account_id=13)
