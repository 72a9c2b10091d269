"""The day a moment falls on is the school's, not UTC's (NFR-008)."""

from datetime import UTC, date, datetime

import pytest

from kernel.days import local_day

NIGHT = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)


@pytest.mark.requirement("NFR-008", part=True)
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Kaliningrad", date(2026, 12, 31)),
        ("Europe/Moscow", date(2027, 1, 1)),
        ("Asia/Kamchatka", date(2027, 1, 1)),
    ],
)
def test_new_year_comes_by_the_clock_of_the_place(zone: str, day: date) -> None:
    assert local_day(NIGHT, zone) == day
