"""The small school of the journal's tests, built and closed again."""

import pytest

from foundation.db.door import school_transaction
from kernel.roles import Role
from tests.factories.school import make_small_school


@pytest.fixture
def small(school, system):
    """Return the small school; a test opens it as whom it wants."""
    with school_transaction(system, school.id):
        return make_small_school(system)


@pytest.fixture
def anna(small, make_actor):
    """Anna, who teaches algebra in 7А."""
    return make_actor(Role.TEACHER, person=small.anna, account_id=11)
