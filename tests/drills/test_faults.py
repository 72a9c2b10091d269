"""The short form of `make faults`: every kind of harm once, under load, nothing lost or doubled."""

from pathlib import Path

import pytest

from tests.drills.faults import HARMS, faults
from tests.drills.table import as_text

BUSY_MACHINE = 60.0  # seconds: a machine of tests may be shared; the long form asks for 15


@pytest.mark.drill
@pytest.mark.timeout(900)
@pytest.mark.requirement("PDP-011", part=True)
def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    said: list[str] = []

    rows = faults(tmp_path / "f", said.append, kills=HARMS, recovery=BUSY_MACHINE)

    assert all(row.is_kept for row in rows), "\n".join([*said, as_text("Отказы", rows)])
