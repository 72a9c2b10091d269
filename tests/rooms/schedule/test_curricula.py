"""The federal curricula as they ship agree with the totals of the acts (curriculum.md §§1–3)."""

from decimal import Decimal

import pytest

from services.schedule.curricula import (
    SENIOR_PROFILES,
    choose_plan,
    list_plan_hours,
    weekly_limit,
)

OBLIGATORY = [
    *[(2026, level, hours) for level, hours in ((1, 20), (2, 22), (3, 22), (4, 23))],
    *[(2024, level, hours) for level, hours in ((5, 27), (6, 29), (7, 30), (8, 31), (9, 32))],
    *[(2025, level, hours) for level, hours in ((5, 27), (6, 28), (7, 30), (8, 31), (9, 32))],
    *[(2026, level, hours) for level, hours in ((5, "26.5"), (6, 28), (7, 30), (8, 31), (9, 32))],
]


@pytest.mark.parametrize(("start_year", "level", "hours"), OBLIGATORY)
def test_obligatory_part_has_the_total_of_the_act(start_year, level, hours):
    plan = list_plan_hours(level=level, start_year=start_year)

    assert sum(line.hours for line in plan) == Decimal(hours)


@pytest.mark.parametrize(
    ("profile", "totals"),
    [
        ("social", (31, 30)),
        ("engineering", (33, 32)),
        ("it", (33, 32)),
        ("science", (31, 30)),
        ("humanities", (31, 30)),
    ],
)
def test_senior_profile_has_its_total_and_two_advanced_subjects(profile, totals):
    assert profile in SENIOR_PROFILES
    for level, total in zip((10, 11), totals, strict=True):
        plan = list_plan_hours(level=level, start_year=2024, profile=profile)
        assert sum(line.hours for line in plan) == total
        assert len([line for line in plan if line.is_advanced]) >= 2


@pytest.mark.parametrize(
    ("start_year", "level", "plan"),
    [
        (2024, 5, "basic-2023"),
        (2025, 7, "basic-2025"),
        (2025, 8, "basic-2023"),
        (2026, 5, "basic-2026"),
        (2026, 6, "basic-2025"),
        (2026, 9, "basic-2025"),
        (2030, 3, "primary"),
    ],
)
def test_layer_follows_year_and_level(start_year, level, plan):
    assert choose_plan(level=level, start_year=start_year) == plan


def test_base_social_studies_shrink_for_new_seniors_only():
    def hours(start_year, level, profile):
        plan = list_plan_hours(level=level, start_year=start_year, profile=profile)
        return {line.subject_code: line.hours for line in plan}["social_studies"]

    assert hours(2024, 10, "it") == 2
    assert hours(2025, 10, "it") == 1
    assert hours(2026, 11, "it") == 2
    assert hours(2025, 10, "humanities") == 4


@pytest.mark.parametrize("level", range(1, 12))
def test_obligatory_part_fits_into_the_week(level):
    hours = sum(line.hours for line in list_plan_hours(level=level, start_year=2026))

    assert hours <= weekly_limit(level=level, week=5) <= weekly_limit(level=level, week=6)
