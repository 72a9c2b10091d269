import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.registration import (
    RegistrationNumber,
    RegistrationNumberIsUnreadable,
    list_missing,
    next_number,
)


def test_number_is_written_with_its_year():
    assert str(RegistrationNumber(2026, 123)) == "2026/000123"


@given(st.integers(1000, 9999), st.integers(1, 10**8))
def test_written_number_is_read_back(year, place):
    number = RegistrationNumber(year, place)

    assert RegistrationNumber.parse(f" {number} ") == number


@pytest.mark.parametrize(
    "text", ["", "2026/123", "2026-000123", "2026/000000", "26/000001", "٢٠٢٦/000001"]
)
def test_other_texts_are_refused(text):
    with pytest.raises(RegistrationNumberIsUnreadable):
        RegistrationNumber.parse(text)


def test_register_of_a_year_begins_at_one_and_goes_on():
    assert str(next_number(2027, 0)) == "2027/000001"
    assert str(next_number(2026, 7)) == "2026/000008"


def test_missing_numbers_are_found_per_year():
    register = [
        RegistrationNumber(2026, 1),
        RegistrationNumber(2026, 4),
        RegistrationNumber(2027, 2),
    ]

    assert [str(number) for number in list_missing(register)] == [
        "2026/000002",
        "2026/000003",
        "2027/000001",
    ]
