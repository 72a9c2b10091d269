"""Full years on a day: birthdays of 29 February, days before the birth."""

from datetime import date, timedelta

import pytest

from kernel.ages import age_on, day_of_age, latest_birth

LEAP_CHILD = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        pytest.param(date(2008, 9, 1), date(2026, 8, 31), 17, id="the eve"),
        pytest.param(date(2008, 9, 1), date(2026, 9, 1), 18, id="the birthday"),
        pytest.param(LEAP_CHILD, date(2026, 2, 28), 17, id="29 February: the year is not over"),
        pytest.param(LEAP_CHILD, date(2026, 3, 1), 18, id="29 February: the day after"),
        pytest.param(LEAP_CHILD, date(2022, 2, 28), 13, id="29 February: not yet 14"),
        pytest.param(LEAP_CHILD, date(2022, 3, 1), 14, id="29 February: 14"),
        pytest.param(date(2010, 2, 28), date(2028, 2, 28), 18, id="28 February of a leap year"),
        pytest.param(LEAP_CHILD, date(2028, 2, 29), 20, id="29 February of a leap year"),
    ],
)
def test_years_are_full(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


def test_day_of_age_of_a_leap_child_is_the_first_of_march() -> None:
    assert day_of_age(LEAP_CHILD, 18) == date(2026, 3, 1)
    assert day_of_age(LEAP_CHILD, 20) == date(2028, 2, 29)


def test_latest_birth_divides_the_same_as_the_age_does() -> None:
    """Every birth of three years against every day of two: what the query asks is the rule."""
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 800, 7)]
    days += [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2026, 3, 1)]
    births = [date(2007, 12, 1) + timedelta(days=n) for n in range(0, 1100, 3)]
    births += [LEAP_CHILD, date(2008, 2, 28), date(2008, 3, 1), date(2010, 2, 28)]
    for day in days:
        for birth in births:
            assert (birth <= latest_birth(day, 18)) == (age_on(birth, day) >= 18), (birth, day)
