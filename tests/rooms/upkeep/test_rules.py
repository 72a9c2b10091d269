"""When works may be and which minutes count: rules of the product's own work."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.upkeep.rules import (
    Hours,
    WorksTerms,
    cut_out,
    find_refusal,
    is_at_night,
    is_emergency,
    list_days,
    percent_up,
    whole_minutes,
    working_day,
)

HOURS = Hours(6, 2)
TERMS = WorksTerms(notice_days=7, longest_hours=24)
MOSCOW, OMSK = "Europe/Moscow", "Asia/Omsk"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(text: str, zone: str = MOSCOW) -> datetime:
    """Return a moment of a clock: «2026-12-12 02:00»."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.requirement("NFR-002")
@pytest.mark.requirement("NFR-008", part=True)
@pytest.mark.parametrize("zone", [MOSCOW, OMSK])
def test_working_day_is_twenty_hours_of_the_schools_own_clock(zone):
    opens, closes = working_day(date(2026, 12, 12), zone, HOURS)

    assert (opens, closes) == (at("2026-12-12 06:00", zone), at("2026-12-13 02:00", zone))
    assert whole_minutes([(opens, closes)]) == 20 * 60


@pytest.mark.requirement("NFR-005", part=True)
@pytest.mark.parametrize(
    ("starts", "ends", "zone", "expected"),
    [
        pytest.param("2026-12-12 02:00", "2026-12-12 06:00", MOSCOW, True, id="the whole night"),
        pytest.param("2026-12-12 03:00", "2026-12-12 03:30", MOSCOW, True, id="half an hour"),
        pytest.param("2026-12-12 01:59", "2026-12-12 03:00", MOSCOW, False, id="a minute early"),
        pytest.param("2026-12-12 05:00", "2026-12-12 06:01", MOSCOW, False, id="a minute late"),
        pytest.param("2026-12-12 03:00", "2026-12-13 03:00", MOSCOW, False, id="night to night"),
        pytest.param("2026-12-12 12:00", "2026-12-12 13:00", MOSCOW, False, id="by day"),
        # 02:00 in Moscow is 05:00 in Omsk.
        pytest.param("2026-12-12 02:00", "2026-12-12 03:00", OMSK, True, id="Omsk: its fifth hour"),
        pytest.param("2026-12-12 02:00", "2026-12-12 04:00", OMSK, False, id="Omsk: it is seven"),
    ],
)
def test_night_is_of_the_schools_own_clock(starts, ends, zone, expected):
    assert is_at_night(at(starts), at(ends), zone, HOURS) is expected


@pytest.mark.requirement("NFR-005", part=True)
@pytest.mark.parametrize(
    ("notice", "hours", "at_night", "studying", "expected"),
    [
        pytest.param(timedelta(hours=1), 4, True, {"Альфа"}, "", id="night, at once"),
        pytest.param(timedelta(days=7), 24, False, set(), "", id="a day of holidays, a week ahead"),
        pytest.param(timedelta(days=6, hours=23), 5, False, set(), "Предупредить", id="late"),
        pytest.param(timedelta(days=9), 25, False, set(), "Работы не ночью", id="25 h"),
        pytest.param(timedelta(days=9), 5, False, {"Альфа"}, "Не каникулы: Альфа.", id="lessons"),
        pytest.param(timedelta(days=-1), 4, True, set(), "Работы уже начались", id="begun"),
        pytest.param(timedelta(days=9), 0, True, set(), "Окончание раньше начала", id="no time"),
    ],
)
def test_works_keep_the_terms(notice, hours, at_night, studying, expected):
    starts_at = NOW + notice
    refusal = find_refusal(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        now=NOW,
        at_night=at_night,
        studying=studying,
        terms=TERMS,
    )

    assert refusal.startswith(expected)
    assert bool(refusal) == bool(expected)


def test_many_schools_at_lessons_are_not_all_named():
    refusal = find_refusal(
        starts_at=NOW + timedelta(days=9),
        ends_at=NOW + timedelta(days=9, hours=5),
        now=NOW,
        at_night=False,
        studying={"А", "Б", "В", "Г"},
        terms=TERMS,
    )

    assert refusal.startswith("Не каникулы: А, Б, В и другие.")


def test_days_of_a_stretch_are_of_the_schools_clock():
    starts, ends = at("2026-12-31 22:00"), at("2027-01-01 00:00")

    assert list_days(starts, ends, MOSCOW) == [date(2026, 12, 31)]
    assert list_days(starts, ends, OMSK) == [date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("holes", "expected"),
    [
        pytest.param([], [(0, 10)], id="none"),
        pytest.param([(3, 5)], [(0, 3), (5, 10)], id="in the middle"),
        pytest.param([(0, 4)], [(4, 10)], id="at the start"),
        pytest.param([(8, 12)], [(0, 8)], id="over the end"),
        pytest.param([(2, 4), (3, 6)], [(0, 2), (6, 10)], id="two that overlap"),
        pytest.param([(0, 10)], [], id="all of it"),
        pytest.param([(20, 30)], [(0, 10)], id="elsewhere"),
    ],
)
def test_holes_are_cut_out(holes, expected):
    def stretch(pair):
        return NOW + timedelta(hours=pair[0]), NOW + timedelta(hours=pair[1])

    assert cut_out(stretch((0, 10)), map(stretch, holes)) == [stretch(one) for one in expected]


def test_minutes_are_those_that_begin_inside():
    half = timedelta(seconds=30)

    assert whole_minutes([(NOW - half, NOW + half)]) == 1
    assert whole_minutes([(NOW + timedelta(seconds=1), NOW + half)]) == 0


@pytest.mark.requirement("NFR-003", part=True)
def test_percentage_is_never_rounded_up_to_the_goal():
    assert percent_up(98_999, 100_000) == Decimal("98.99")
    assert percent_up(1188, 1200) == Decimal("99.00")  # 12 minutes a day
    assert percent_up(1187, 1200) == Decimal("98.91")
    assert percent_up(0, 0) is None


@pytest.mark.parametrize(
    ("lasted", "is_over", "expected"),
    [(60, True, False), (61, True, True), (61, False, True), (10, False, False)],
)
@pytest.mark.requirement("NFR-007", part=True)
def test_emergency_lasts_more_than_an_hour(lasted, is_over, expected):
    started = NOW - timedelta(minutes=lasted)

    assert is_emergency(started, NOW if is_over else None, NOW, 60) is expected
