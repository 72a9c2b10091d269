"""The five schools: shape by curriculum.md §7, rules by the columns of requirements.md part A.

A = 000 (town), B = 002 (six days, two shifts), C = 001 (village), D = 004 (lyceum),
E = 003 (republic).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any

from kernel.working_days import WeekType
from services.schedule.rules import BellTime

DISTRICT = "Заречный городской округ"
COMMITTEE = "Комитет по образованию Заречного городского округа"
TIMEZONE = "Europe/Moscow"


@dataclass(frozen=True, slots=True)
class ClassSpec:
    """A class to be made: how many pupils, which profile in grades 10–11, which shift."""

    level: int
    letter: str
    size: int
    profile: str = "social"
    shift: int = 1

    @property
    def title(self) -> str:
        """Return «7А»."""
        return f"{self.level}{self.letter}"


@dataclass(frozen=True, slots=True)
class SchoolSpec:
    """A school to be made."""

    code: str  # the column of requirements.md part A
    slug: str
    name: str
    short_name: str
    classes: tuple[ClassSpec, ...]
    week: WeekType = 5
    has_trimesters: bool = False
    is_village: bool = False
    is_republic: bool = False
    settings: Mapping[str, tuple[Any, str]] = field(default_factory=dict)

    @property
    def has_seniors(self) -> bool:
        """Return whether the school has grades 10–11."""
        return any(one.level >= 10 for one in self.classes)

    @property
    def pupils(self) -> int:
        """Return the number of pupils."""
        return sum(one.size for one in self.classes)


def _classes(
    levels: range, letters: Sequence[str], sizes: str, second_shift: frozenset[int] = frozenset()
) -> tuple[ClassSpec, ...]:
    """Return classes whose sizes go round the given ones."""
    wheel = [int(size) for size in sizes.split()]
    made: list[ClassSpec] = []
    for level in levels:
        shift = 2 if level in second_shift else 1
        made += [
            ClassSpec(level, letter, wheel[(len(made) + place) % len(wheel)], shift=shift)
            for place, letter in enumerate(letters)
        ]
    return tuple(made)


TOWN = SchoolSpec(
    code="000",
    slug="school-5",
    name="МБОУ «Средняя общеобразовательная школа № 5» Заречного городского округа",
    short_name="Школа № 5",
    classes=(
        *_classes(range(1, 7), "АБ", "26 27 24 28 25"),
        ClassSpec(7, "А", 30),
        *_classes(range(7, 8), "Б", "26"),
        *_classes(range(8, 10), "АБ", "25 24 27 26"),
        ClassSpec(10, "А", 25, "social"),
        ClassSpec(11, "А", 23, "humanities"),
    ),
    settings=MappingProxyType(
        {
            "homework.anchor": ("pupils", "Регламент ведения, п. 2.5"),
            "homework.offset_minutes": (60, "Регламент ведения, п. 2.5"),
            "mark.oral_due": ("24h", "Регламент ведения, п. 2.3"),
            "mark.written_due_days.2-9": (5, "Регламент ведения, п. 2.3"),
            "mark.written_due_days.10-11": (7, "Регламент ведения, п. 2.3"),
            "forecast.mode": ("recommended", "Регламент ведения, п. 3.2"),
            "print.parent_interval_days": (14, "Регламент оказания услуги, п. 3.4"),
            "parent.views_per_week_min": (2, "Регламент оказания услуги, п. 4.2"),
        }
    ),
)
TWO_SHIFTS = SchoolSpec(
    code="002",
    slug="school-16",
    name="МБОУ «Средняя школа № 16» Заречного городского округа",
    short_name="Школа № 16",
    week=6,
    classes=(
        *_classes(range(1, 9), "АБВ", "25 26 24 27 23", frozenset({3, 6, 7})),
        *_classes(range(9, 10), "АБ", "26 24"),
        ClassSpec(10, "А", 26, "science"),
        ClassSpec(11, "А", 24, "social"),
    ),
    settings=MappingProxyType(
        {
            "school.week": (6, "Положение, п. 1.4"),
            "deadline.week": (6, "Положение, п. 1.4"),
            "homework.anchor": ("class", "Прил. 5, п. 1.6"),
            "homework.offset_minutes": (90, "Прил. 5, п. 1.6"),
            "final.due_days_before_end": (3, "Прил. 2, п. 2.9"),
            "final.lower_notice_lessons": (3, "Прил. 2, п. 2.10"),
            "forecast.mode": ("average", "Прил. 2, п. 2.8"),
            "access.parent_due_workdays": (10, "Прил. 4, п. 2.4"),
            "access.staff_revoke_days": (2, "Прил. 5, п. 3.4"),
            "ktp.due": ("lesson", "Прил. 4, п. 3.5.3"),
        }
    ),
)
VILLAGE = SchoolSpec(
    code="001",
    slug="lugovaya",
    name="МБОУ «Луговская основная школа» Заречного городского округа",
    short_name="Луговская школа",
    is_village=True,
    classes=_classes(range(1, 10), [""], "6 5 7 4 8"),
    settings=MappingProxyType(
        {
            "homework.anchor": ("day", "Положение, п. 4а"),
            "homework.offset_minutes": (None, "Положение, п. 4а"),
            "mark.correction_policy": ("forbidden", "Положение, п. 4а"),
            "final.due_days_before_end": (0, "Прил. 2, р. VIII"),
            "final.set_by_class_teacher": (True, "Прил. 2, р. VIII"),
            "setup.school_due": ("09-15", "Прил. 2, р. II"),
            "setup.people_due": ("09-15", "Прил. 2, р. V"),
            "periods.by_level": ({"1-9": "quarter"}, "Прил. 2, р. II"),
        }
    ),
)
LYCEUM = SchoolSpec(
    code="004",
    slug="lyceum-1",
    name="МБОУ «Лицей № 1» Заречного городского округа",
    short_name="Лицей № 1",
    classes=(
        *_classes(range(5, 10), "АБ", "27 26 28 25"),
        ClassSpec(10, "А", 27, "it"),
        ClassSpec(10, "Б", 25, "engineering"),
        ClassSpec(11, "А", 26, "it"),
        ClassSpec(11, "Б", 24, "engineering"),
    ),
    settings=MappingProxyType(
        {
            "homework.anchor": ("teacher", "Регламент, р. II п. 3.5"),
            "homework.offset_minutes": (120, "Регламент, р. II п. 3.5"),
            "mark.oral_due": ("week", "Регламент, р. II п. 3.6"),
            "forecast.mode": ("obligatory", "Регламент, р. II п. 3.9"),
            "periods.by_level": (
                {"5-9": "quarter", "10-11": "half_year"},
                "Регламент, р. II п. 2.2",
            ),
        }
    ),
)
REPUBLIC = SchoolSpec(
    code="003",
    slug="klyuchi",
    name="МБОУ «Ключевская средняя школа» Заречного городского округа",
    short_name="Ключевская школа",
    has_trimesters=True,
    is_republic=True,
    classes=(
        *_classes(range(1, 10), "АБ", "18 17 20 19"),
        ClassSpec(10, "", 17, "social"),
        ClassSpec(11, "", 15, "science"),
    ),
    settings=MappingProxyType(
        {
            "mark.correction_policy": ("allowed-with-control", "Порядок, п. 8.6.5 л"),
            "periods.by_level": (
                {"1-9": "trimester", "10-11": "half_year"},
                "Порядок, п. 8.1 а",
            ),
            "retention.journal_years": (5, "Порядок, п. 8.5"),
            "hours.availability_pct": (99, "Порядок, п. 8.3.1"),
        }
    ),
)
SCHOOLS = (TOWN, TWO_SHIFTS, VILLAGE, LYCEUM, REPUBLIC)
# Two schools of a few classes for tests: the same people, files and steps.
SMALL = (
    replace(TOWN, classes=(ClassSpec(1, "А", 6), ClassSpec(7, "А", 26), ClassSpec(8, "А", 9))),
    replace(
        LYCEUM, classes=(ClassSpec(5, "А", 8), ClassSpec(9, "А", 6), ClassSpec(10, "А", 5, "it"))
    ),
)


def regional_days(start_year: int) -> dict[str, str]:
    """Return the days off of the republic: 5 October, moved from a weekend, and 21 March."""
    found = {}
    for day in (date(start_year, 10, 5), date(start_year + 1, 3, 21)):
        while day.isoweekday() > 5:
            day += timedelta(days=1)
        found[day.isoformat()] = "off"
    return found


def plan_bells(school: SchoolSpec, start_year: int, half_year: date) -> list[BellTime]:
    """Return bells built from the sanitary rules (curriculum.md §5), first-graders' apart."""
    levels = {one.level for one in school.classes}
    november = date(start_year, 11, 1)
    bells = _row(1, "08:30 09:25 10:30 11:35 12:30 13:25 14:20", 45, 2 if 1 in levels else 1, 11)
    if 1 in levels:
        bells += _row(1, "08:30 09:15 10:30", 35, 1, 1, until=november)
        bells += _row(1, "08:30 09:15 10:30 11:15 12:00", 35, 1, 1, november, half_year)
        bells += _row(1, "08:30 09:20 10:40 11:30 12:20", 40, 1, 1, half_year)
    if any(one.shift == 2 for one in school.classes):
        for first, last in ((2, 4), (6, 8)):
            bells += _row(2, "13:30 14:20 15:20 16:10 17:00 17:50", 40, first, last)
    return bells


def _row(
    shift: int,
    starts: str,
    length: int,
    level_from: int,
    level_to: int,
    since: date | None = None,
    until: date | None = None,
) -> list[BellTime]:
    bells = []
    for number, text in enumerate(starts.split(), start=1):
        begins = time.fromisoformat(text)
        total = begins.hour * 60 + begins.minute + length
        ends = time(*divmod(total, 60))
        bells.append(BellTime(shift, number, begins, ends, level_from, level_to, since, until))
    return bells
