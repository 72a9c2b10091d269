"""A key into another room cannot be followed while tests run."""

from collections.abc import Iterator

import pytest

from services.journal.models import Mark
from tests.support.walls import RoomCrossed, refuse_crossing


@pytest.fixture(autouse=True)
def _wall() -> Iterator[None]:
    with refuse_crossing():
        yield


def test_key_into_another_room_is_refused() -> None:
    mark = Mark(record_id=1, pupil_id=2)

    with pytest.raises(RoomCrossed, match=r"journal\.Mark\.pupil leads from journal into people"):
        _ = mark.pupil


def test_id_behind_the_key_is_free() -> None:
    assert Mark(record_id=1, pupil_id=2).pupil_id == 2


def test_key_within_the_room_is_followed() -> None:
    mark = Mark(record_id=1, pupil_id=2)

    with pytest.raises(RuntimeError, match="Database access not allowed"):
        _ = mark.record
