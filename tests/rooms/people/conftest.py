"""An empty school that is open, and imports into it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from services.people.operations import ImportReport, apply_import
from tests.rooms.people.families import accept as accept
from tests.rooms.people.families import family as family
from tests.rooms.people.lists import TODAY, Rows, table


@pytest.fixture
def opened(school: SchoolRef, system: Actor) -> Iterator[SchoolRef]:
    """The school, opened for the length of the test."""
    with school_transaction(system, school.id):
        yield school


@pytest.fixture
def bring(opened: SchoolRef, system: Actor) -> Callable[..., ImportReport]:
    """Import rows: `bring([HEADER, GLEB])`, `bring(rows, kind="employees", today=…)`."""

    def bring_rows(rows: Rows, **options: Any) -> ImportReport:
        return apply_import(
            **{
                "actor": system,
                "kind": "pupils",
                "table": table(rows),
                "today": TODAY,
                **options,
            }
        )

    return bring_rows
