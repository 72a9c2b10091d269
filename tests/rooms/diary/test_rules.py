"""When a task is due, which marks are fresh, which school days are near: tables, no database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.diary.rules import HeldLessons, count_left, due_day, is_fresh, nearest_days

ALGEBRA, PHYSICS = (1, 1), (1, 2)
MON, TUE, WED, THU = (date(2026, 11, 16) + timedelta(days=n) for n in range(4))
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HELD = HeldLessons.of([(ALGEBRA, MON), (ALGEBRA, THU), (ALGEBRA, WED), (PHYSICS, TUE)])


@pytest.mark.parametrize(
    ("due_on", "given_on", "course", "expected"),
    [
        pytest.param(None, MON, ALGEBRA, WED, id="next lesson of the subject"),
        pytest.param(None, TUE, ALGEBRA, WED, id="given on a day without this lesson"),
        pytest.param(None, THU, ALGEBRA, None, id="next lesson not in sight"),
        pytest.param(None, MON, PHYSICS, TUE, id="another subject's lessons do not count"),
        pytest.param(None, MON, (2, 1), None, id="another group's lessons do not count"),
        pytest.param(THU, MON, ALGEBRA, THU, id="the teacher named the day"),
    ],
)
def test_day_a_task_is_due(due_on, given_on, course, expected):
    assert due_day(due_on=due_on, course=course, given_on=given_on, held=HELD) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(WED, (TUE, THU), id="a school day is neither before nor after itself"),
        pytest.param(MON - timedelta(days=1), (None, MON), id="before the first"),
        pytest.param(THU + timedelta(days=3), (THU, None), id="after the last"),
    ],
)
def test_nearest_school_days(day, expected):
    assert nearest_days([THU, MON, TUE, MON], day) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(7, True, id="a week ago"),
        pytest.param(8, False, id="a day older"),
        pytest.param(0, True, id="today"),
        pytest.param(-1, True, id="the clock was set back"),
    ],
)
def test_mark_is_fresh_for_a_week(days, expected):
    assert is_fresh(WED - timedelta(days=days), WED) is expected


def test_lessons_left_are_those_not_over_yet():
    ends = [NOON - timedelta(minutes=1), NOON, NOON + timedelta(minutes=45)]

    assert count_left(ends, NOON) == 1
