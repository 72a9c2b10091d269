from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.periods import Period, PeriodIsBackwards, PeriodIsOpen

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))

days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
lengths = st.one_of(st.none(), st.integers(0, 40))
periods = st.builds(
    lambda since, length: Period(since, None if length is None else since + timedelta(length)),
    days,
    lengths,
)


def test_end_is_outside_and_start_is_inside():
    assert SEPTEMBER.contains(date(2026, 9, 1))
    assert SEPTEMBER.contains(date(2026, 9, 30))
    assert not SEPTEMBER.contains(date(2026, 10, 1))
    assert not SEPTEMBER.contains(date(2026, 8, 31))
    assert SEPTEMBER.last_day == date(2026, 9, 30)


def test_of_days_takes_both_ends():
    assert Period.of_days(date(2026, 9, 1), date(2026, 9, 30)) == SEPTEMBER


def test_neighbours_do_not_overlap():
    assert not SEPTEMBER.overlaps(Period(date(2026, 10, 1)))
    assert SEPTEMBER.overlaps(Period(date(2026, 9, 30)))


def test_open_period_never_ends():
    assert Period(date(2026, 9, 1)).contains(date.max)
    assert Period(date(2026, 9, 1)).last_day is None
    with pytest.raises(PeriodIsOpen):
        list(Period(date(2026, 9, 1)).days())


def test_backward_period_is_refused():
    with pytest.raises(PeriodIsBackwards):
        Period(date(2026, 9, 2), date(2026, 9, 1))


def test_empty_period_holds_nothing():
    nothing = Period(date(2026, 9, 1), date(2026, 9, 1))

    assert nothing.is_empty
    assert nothing.last_day is None
    assert list(nothing.days()) == []
    assert not nothing.overlaps(SEPTEMBER)


@given(periods, periods)
def test_overlap_is_mutual_and_means_a_common_day(one, other):
    window = Period(date(2026, 1, 1), date(2026, 5, 1))
    common = [day for day in window.days() if one.contains(day) and other.contains(day)]

    assert one.overlaps(other) == other.overlaps(one) == bool(common)
