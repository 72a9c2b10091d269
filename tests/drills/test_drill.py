"""The small form of `make drill`: the backups are really restored, and nothing promised is lost."""

from pathlib import Path

import pytest

from tests.drills.drill import drill
from tests.drills.table import as_text


@pytest.mark.drill
@pytest.mark.timeout(900)
@pytest.mark.requirement("ARC-016")
@pytest.mark.requirement("PDP-011", part=True)
def test_school_and_district_come_back(tmp_path: Path) -> None:
    said: list[str] = []

    outcome = drill(tmp_path / "d", said.append, seconds=3.0, is_short=True)

    assert outcome.is_kept, "\n".join([*said, as_text("Учения", outcome.rows)])
