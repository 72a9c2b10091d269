"""Working days (рабочие дни) by the production calendar: the arithmetic of every legal term.

Source: ТК РФ ст. 112 (holidays and their shifts), the government's yearly decree (moved days off),
ГК РФ ст. 191 and 193 (the day of the event is day 0; a last day that is off moves forward).
A six-day week is a calendar of its own: what the decree moves from a Saturday does not concern it.
A year without a decree is computed from weekends and statutory holidays and called provisional,
so that a registration is never blocked; the edition says which text counted.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from kernel.day_words import WEEKDAYS
from kernel.periods import ONE_DAY, Period

WeekType = Literal[5, 6]
DayKind = Literal["off", "work"]

DATA = ("production_calendar.csv", "production_calendar_editions.csv")
NEW_YEAR_HOLIDAYS = tuple((1, number) for number in range(1, 9))
OTHER_HOLIDAYS = ((2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4))
HOLIDAY_NAMES = {
    (1, 7): "Рождество Христово",
    (2, 23): "День защитника Отечества",
    (3, 8): "Международный женский день",
    (5, 1): "Праздник Весны и Труда",
    (5, 9): "День Победы",
    (6, 12): "День России",
    (11, 4): "День народного единства",
}
STATUTORY_HOLIDAYS = frozenset(NEW_YEAR_HOLIDAYS + OTHER_HOLIDAYS)


@dataclass(frozen=True, slots=True)
class Edition:
    """Which text says what is a working day in one year, for one kind of week."""

    id: str
    year: int
    decree: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """The working days of a five- or six-day week, with the region's own days on top."""

    week: WeekType
    exceptions: Mapping[date, DayKind] = field(hash=False)
    editions: Mapping[int, Edition] = field(hash=False)
    regional: Mapping[date, DayKind] = field(hash=False)

    def is_working_day(self, day: date) -> bool:
        """Return whether the day is a working day."""
        kind = self.regional.get(day) or self._federal_exception(day)
        if kind is not None:
            return kind == "work"
        return day.isoweekday() <= self.week and not is_statutory_holiday(day)

    def reason_of(self, day: date) -> str:
        """Return in Russian why the day is off, or why it works although it is a day off.

        Empty for a plain working day.
        """
        weekday = WEEKDAYS[day.isoweekday() - 1]
        regional = self.regional.get(day)
        if regional is not None:
            return "рабочий день региона" if regional == "work" else "нерабочий день региона"
        federal = self._federal_exception(day)
        if federal == "work":
            return f"рабочая {weekday}: перенос"
        if is_statutory_holiday(day):
            name = HOLIDAY_NAMES.get((day.month, day.day), "Новогодние каникулы")
            return f"праздник: {name}"
        if day.isoweekday() > self.week:
            return f"выходной: {weekday}"
        return f"выходной ({weekday}): перенос" if federal == "off" else ""

    def add_working_days(self, start: date, number: int) -> date:
        """Return the `number`-th working day after `start` (ГК ст. 191: `start` does not count).

        A negative number counts back; zero returns `start` itself.
        """
        step = ONE_DAY if number > 0 else -ONE_DAY
        day = start
        left = abs(number)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def count_working_days(self, since: date, until_inclusive: date) -> int:
        """Return how many working days lie from `since` to `until_inclusive`, both included."""
        if until_inclusive < since:
            return 0
        return sum(map(self.is_working_day, Period.of_days(since, until_inclusive).days()))

    def working_day_from(self, day: date) -> date:
        """Return the day itself if it works, else the next that does (ГК ст. 193)."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def edition_of(self, day: date) -> Edition:
        """Return the edition that counts in the year of the day."""
        edition = self.editions.get(day.year) or _computed_edition(day.year)
        local = sorted(f"{d} {kind}" for d, kind in self.regional.items() if d.year == day.year)
        suffix = f"+{_digest(local)}" if local else ""
        return Edition(
            id=f"{edition.id}-{self.week}{suffix}",
            year=edition.year,
            decree=edition.decree,
            is_provisional=edition.is_provisional,
        )

    def is_provisional(self, day: date) -> bool:
        """Return whether the year of the day still waits for a checked decree."""
        return self.edition_of(day).is_provisional

    def editions_between(self, since: date, until_inclusive: date) -> tuple[Edition, ...]:
        """Return the editions a term running over these days was counted by, oldest first."""
        years = range(since.year, until_inclusive.year + 1)
        return tuple(self.edition_of(date(year, 1, 1)) for year in years)

    def _federal_exception(self, day: date) -> DayKind | None:
        if day.year in self.editions:
            return self.exceptions.get(day)
        return "off" if day in _shifted_days_off(day.year, self.week) else None


def load_calendar(
    week: WeekType, regional: Mapping[date, DayKind] = MappingProxyType({})
) -> ProductionCalendar:
    """Return the calendar of the decrees in this release, with the region's days on top."""
    if week not in (5, 6):
        raise ValueError(f"A working week has 5 or 6 days, not {week}.")
    return ProductionCalendar(
        week=week,
        exceptions=_read_exceptions()[week],
        editions=_read_editions(),
        regional=MappingProxyType(dict(regional)),
    )


def calendar_fingerprint(regional: Mapping[date, DayKind]) -> str:
    """Return a mark that changes whenever a decree is loaded or a regional day changes."""
    federal = [str(sorted(row.items())) for name in DATA for row in _read_rows(name)]
    return _digest([*federal, *sorted(f"{day} {kind}" for day, kind in regional.items())])


def is_statutory_holiday(day: date) -> bool:
    """Return whether the day is a holiday of ТК ст. 112; no region may make it a working day."""
    return (day.month, day.day) in STATUTORY_HOLIDAYS


@cache
def _shifted_days_off(year: int, week: WeekType) -> frozenset[date]:
    """Return the weekdays off by ТК ст. 112 ч. 2: a weekend holiday moves to the next working day.

    The January holidays are excepted: where they go, only a decree says.
    """
    shifted: set[date] = set()
    for month, number in OTHER_HOLIDAYS:
        day = date(year, month, number)
        if day.isoweekday() <= week:
            continue
        while day.isoweekday() > week or is_statutory_holiday(day) or day in shifted:
            day += ONE_DAY
        shifted.add(day)
    return frozenset(shifted)


def _computed_edition(year: int) -> Edition:
    return Edition(f"{year}.computed", year, "ТК РФ ст. 112, без переносов", is_provisional=True)


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]


def _read_rows(name: str) -> list[dict[str, str]]:
    text = files("kernel").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _read_exceptions() -> Mapping[int, Mapping[date, DayKind]]:
    """Return, per kind of week, the days that differ from weekends and statutory holidays."""
    tables: dict[int, dict[date, DayKind]] = {5: {}, 6: {}}
    for row in _read_rows("production_calendar.csv"):
        kind: DayKind = "work" if row["kind"] == "work" else "off"
        tables[int(row["week"])][date.fromisoformat(row["date"])] = kind
    return {week: MappingProxyType(table) for week, table in tables.items()}


@cache
def _read_editions() -> Mapping[int, Edition]:
    rows = _read_rows("production_calendar_editions.csv")
    return MappingProxyType(
        {
            int(row["year"]): Edition(
                id=row["edition"],
                year=int(row["year"]),
                decree=row["decree"],
                is_provisional=row["provisional"] == "yes",
            )
            for row in rows
        }
    )
