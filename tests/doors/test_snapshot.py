"""A case in the hands of the committee: its days and moments are days and moments again."""

from datetime import UTC, date, datetime

from portal.district.words import read_snapshot


def test_days_and_moments_of_a_copy_are_read_back() -> None:
    case = read_snapshot(
        {
            "number": "2026/000001",
            "registered_on": "2026-10-11",
            "granted_on": None,
            "log": [{"at": "2026-10-11T18:12:00+00:00", "to_state": "подано"}],
        }
    )

    assert case["registered_on"] == date(2026, 10, 11)
    assert case["granted_on"] is None
    assert case["log"][0]["at"] == datetime(2026, 10, 11, 18, 12, tzinfo=UTC)


def test_copy_of_an_empty_case_can_be_read() -> None:
    assert read_snapshot({"number": "2026/000001"}) == {"number": "2026/000001", "log": []}
