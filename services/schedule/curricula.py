"""The federal curricula (федеральные учебные планы) as they ship: subject, level, hours a week.

Source: curriculum.md §1 (НОО, приказ 372), §2 (ООО: приказ 370, 704 and 467), §3 (СОО, приказ 371).
Which layer of ООО counts is a matter of the cohort: a class keeps the plan it is taught by.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kernel.working_days import WeekType

SENIOR_PROFILES = MappingProxyType(
    {
        "social": "социально-экономический",
        "engineering": "технологический (инженерный)",
        "it": "технологический (информационный)",
        "science": "естественно-научный",
        "humanities": "гуманитарный",
    }
)
# Базовое обществознание for those who began СОО from 01.09.2025: 1 h in grade 10, 2 h in 11.
LESS_SOCIAL_STUDIES_SINCE = 2025


@dataclass(frozen=True, slots=True)
class PlanHours:
    """One line of a plan; an advanced subject (углублённый) is taught at the higher level."""

    subject_code: str
    hours: Decimal
    is_advanced: bool = False


def choose_plan(*, level: int, start_year: int, profile: str = "social") -> str:
    """Return the plan a level is taught by in a school year; `profile` matters in grades 10–11."""
    if level <= 4:
        return "primary"
    if level >= 10:
        return f"senior-{profile}"
    if start_year <= 2024 or (start_year == 2025 and level >= 8):
        return "basic-2023"
    return "basic-2026" if start_year >= 2026 and level == 5 else "basic-2025"


def list_plan_hours(
    *, level: int, start_year: int, profile: str = "social"
) -> tuple[PlanHours, ...]:
    """Return the obligatory part of the plan of a level in a school year."""
    plan = choose_plan(level=level, start_year=start_year, profile=profile)
    lines = _read_plans()[plan, level]
    if level != 10 or start_year < LESS_SOCIAL_STUDIES_SINCE:
        return lines
    return tuple(
        PlanHours(line.subject_code, Decimal(1))
        if line.subject_code == "social_studies" and not line.is_advanced
        else line
        for line in lines
    )


def weekly_limit(*, level: int, week: WeekType) -> int:
    """Return the greatest number of lessons a week, by the level and the school's week."""
    return _read_limits()[level][week]


def _rows(name: str) -> list[dict[str, str]]:
    source = files("services.schedule").joinpath("data", "curricula", name)
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@cache
def _read_plans() -> Mapping[tuple[str, int], tuple[PlanHours, ...]]:
    plans: dict[tuple[str, int], list[PlanHours]] = {}
    for row in _rows("plans.csv"):
        line = PlanHours(row["subject"], Decimal(row["hours"]), row["advanced"] == "yes")
        plans.setdefault((row["plan"], int(row["level"])), []).append(line)
    return MappingProxyType({key: tuple(lines) for key, lines in plans.items()})


@cache
def _read_limits() -> Mapping[int, Mapping[int, int]]:
    return MappingProxyType(
        {
            int(row["level"]): {5: int(row["five_day"]), 6: int(row["six_day"])}
            for row in _rows("weekly_limits.csv")
        }
    )
