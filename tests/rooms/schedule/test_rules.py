"""Bells by the sanitary rules, clashes in the week, the week of a level."""

from datetime import date, time
from typing import Any

import pytest

from services.schedule.rules import (
    BellTime,
    Clash,
    SlotFacts,
    find_bell_breaches,
    find_clashes,
    week_of_level,
)


def bells(*hours: str, shift: int = 1, **more: Any) -> list[BellTime]:
    times = [time.fromisoformat(hour) for hour in hours]
    return [
        BellTime(shift, number, starts, ends, **more)
        for number, (starts, ends) in enumerate(zip(times[::2], times[1::2], strict=True), 1)
    ]


FIRST_SHIFT = bells(
    *("08:30", "09:15", "09:25", "10:10", "10:30", "11:15", "11:35", "12:20"),
    *("12:30", "13:15", "13:25", "14:10", "14:20", "15:05"),
)
SECOND_SHIFT = bells(
    *("13:30", "14:10", "14:20", "15:00", "15:20", "16:00", "16:10", "16:50"),
    *("17:00", "17:40", "17:50", "18:30"),
    shift=2,
    level_from=6,
    level_to=8,
)
FIRST_GRADE = bells("08:30", "09:05", "09:15", "09:50", "10:30", "11:05", level_to=1)


@pytest.mark.parametrize("schedule", [FIRST_SHIFT, SECOND_SHIFT, FIRST_GRADE, []])
def test_bells_built_from_the_norms_break_nothing(schedule):
    assert find_bell_breaches(schedule) == []


@pytest.mark.parametrize(
    ("schedule", "breach"),
    [
        pytest.param(
            bells("07:50", "08:30"), "1 урок 1 смены: уроки идут с 8:00 до 19:00.", id="early"
        ),
        pytest.param(
            bells("18:30", "19:10", shift=2, level_from=6, level_to=8),
            "1 урок 2 смены: уроки идут с 8:00 до 19:00.",
            id="late",
        ),
        pytest.param(bells("08:30", "09:20"), "1 урок 1 смены: длиннее 45 минут.", id="long"),
        pytest.param(
            bells("08:30", "09:15", "09:20", "10:05"),
            "Перемена после 1 урока короче 10 минут.",
            id="short break",
        ),
        pytest.param(
            bells("08:30", "09:10", "09:20", "10:00", "10:10", "10:50", "11:00", "11:40"),
            "После 2 или 3 урока нужна перемена не короче 20 минут.",
            id="no long break",
        ),
        pytest.param(
            bells("13:30", "14:10", shift=2, level_from=8, level_to=9),
            "1 урок: 1, 5, 9–11 классы учатся только в первую смену.",
            id="grade 9 in the second shift",
        ),
    ],
)
def test_breach_of_the_norms_is_named(schedule, breach):
    assert find_bell_breaches(schedule) == [breach]


def slot(number: int, employee: int, group: int, **more: object) -> SlotFacts:
    facts: dict[str, Any] = {
        "slot": number,
        "employee_id": employee,
        "group_id": group,
        "class_id": group,
        "is_whole_class": True,
        "weekday": 1,
        "starts": 510,
        "ends": 555,
    }
    return SlotFacts(**facts | more)


@pytest.mark.parametrize(
    ("slots", "clashes"),
    [
        pytest.param([slot(0, 1, 1), slot(1, 2, 2)], [], id="nobody twice"),
        pytest.param([slot(0, 1, 1), slot(1, 1, 2)], [Clash("teacher", 0, 1)], id="a teacher"),
        pytest.param(
            [slot(0, 1, 1), slot(1, 1, 2, starts=550, ends=590)],
            [Clash("teacher", 0, 1)],
            id="a teacher of two shifts",
        ),
        pytest.param([slot(0, 1, 1), slot(1, 1, 2, starts=555, ends=600)], [], id="one by one"),
        pytest.param([slot(0, 1, 1), slot(1, 1, 2, weekday=2)], [], id="another day"),
        pytest.param([slot(0, 1, 1), slot(1, 2, 1)], [Clash("group", 0, 1)], id="a group"),
        pytest.param(
            [slot(0, 1, 1), slot(1, 2, 7, class_id=1, is_whole_class=False)],
            [Clash("class", 0, 1)],
            id="a class and its subgroup",
        ),
        pytest.param(
            [
                slot(0, 1, 7, class_id=1, is_whole_class=False),
                slot(1, 2, 8, class_id=1, is_whole_class=False),
            ],
            [],
            id="two subgroups",
        ),
        pytest.param(
            [slot(0, 1, 1, room="5"), slot(1, 2, 2, room="5")], [Clash("room", 0, 1)], id="a room"
        ),
        pytest.param([slot(0, 1, 1, room="5"), slot(1, 1, 2, room="5")], [], id="a joined lesson"),
    ],
)
def test_clashes_of_a_week_are_found(slots, clashes):
    assert find_clashes(slots) == clashes


@pytest.mark.parametrize(("week", "level", "expected"), [(5, 7, 5), (6, 7, 6), (6, 1, 5)])
def test_first_grade_learns_five_days(week, level, expected):
    assert week_of_level(week=week, level=level) == expected


def test_bell_rings_between_its_days():
    bell = BellTime(
        1, 4, time(11, 0), time(11, 40), valid_from=date(2026, 11, 2), valid_until=date(2027, 1, 1)
    )

    assert [bell.rings_on(date(2026, *day)) for day in ((11, 1), (11, 2), (12, 31))] == [
        False,
        True,
        True,
    ]
    assert bell.rings_on(date(2027, 1, 1)) is False
