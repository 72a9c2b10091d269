"""Reading the district's schools. References are kept in process for a few seconds."""

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.db.door import role_of, schema_of
from kernel.actor import SchoolRef
from kernel.errors import NotFound, Unavailable
from kernel.names import bind_number
from kernel.working_days import DayKind
from tenants.registry.models import District, DistrictSetting, RegionalDay, School

TTL_SECONDS = 10.0
MISS_SECONDS = 1.0


class SchoolIsAway(Unavailable, NotFound):
    """The school is frozen: it comes back from a copy. Whoever does not mind why, finds nothing."""

    code = "school-is-away"
    message = "Школу возвращают из резервной копии."


@dataclass(frozen=True, slots=True)
class DistrictCard:
    """The district as pages name it."""

    name: str
    committee_name: str
    timezone: str


class _Cache:
    """Active schools by slug, the frozen aside; read anew after `TTL_SECONDS`, and after a miss."""

    def __init__(self) -> None:
        self.schools: dict[str, SchoolRef] = {}
        self.away: frozenset[str] = frozenset()
        self.read_at = float("-inf")
        self.district: DistrictCard | None = None

    def clear(self) -> None:
        self.schools, self.away = {}, frozenset()
        self.read_at, self.district = float("-inf"), None

    def is_old(self) -> bool:
        return time.monotonic() - self.read_at > TTL_SECONDS

    def get(self, *, is_missed: bool = False) -> dict[str, SchoolRef]:
        age = time.monotonic() - self.read_at
        if age > TTL_SECONDS or (is_missed and age > MISS_SECONDS):
            rows = list(School.objects.exclude(state=School.State.OPENING).order_by("pk"))
            active = [row for row in rows if row.state == School.State.ACTIVE]
            self.schools = {row.slug: to_ref(row) for row in active}
            self.away = frozenset(row.slug for row in rows) - frozenset(self.schools)
            self.read_at = time.monotonic()
        return self.schools


_cache = _Cache()


def to_ref(school: School) -> SchoolRef:
    """Return the school as the lower floors know it."""
    return SchoolRef(
        id=school.pk,
        slug=school.slug,
        schema=schema_of(school.pk),
        db_role=role_of(school.pk),
        timezone=school.timezone,
        short_name=bind_number(school.short_name),
    )


def forget_schools() -> None:
    """Read the schools anew at the next question: a school was opened, renamed or frozen."""
    _cache.clear()


def list_schools() -> list[SchoolRef]:
    """Return the working schools in the order they were opened."""
    return list(_cache.get().values())


def get_school(slug: str) -> SchoolRef:
    """Return a working school by its address; raise `NotFound`, or `SchoolIsAway` while frozen."""
    school = _cache.get().get(slug) or _cache.get(is_missed=True).get(slug)
    if school is None:
        raise SchoolIsAway if slug in _cache.away else NotFound
    return school


def get_school_by_id(school_id: int) -> SchoolRef:
    """Return a working school by id; raise `NotFound`."""
    for is_missed in (False, True):
        for school in _cache.get(is_missed=is_missed).values():
            if school.id == school_id:
                return school
    raise NotFound


def get_district() -> DistrictCard:
    """Return the district; a deployment has one. Kept like the schools are."""
    if _cache.district is None or _cache.is_old():
        _cache.district = _read_district()
    return _cache.district


def _read_district() -> DistrictCard:
    district = District.objects.order_by("pk").first()
    if district is None:
        return DistrictCard("Округ", "Комитет по образованию", "Europe/Moscow")
    return DistrictCard(district.name, district.committee_name, district.timezone)


def count_schools() -> int:
    """Return how many schools work."""
    return int(School.objects.filter(state=School.State.ACTIVE).count())


@dataclass(frozen=True, slots=True)
class RegionalDayCard:
    """A day of the region as the committee keeps it."""

    id: int
    date: date
    kind: DayKind
    act: str


def list_regional_days() -> list[RegionalDayCard]:
    """Return the days of the region, oldest first. The public schema must be open."""
    rows = RegionalDay.objects.order_by("date", "pk")
    return [RegionalDayCard(row.pk, row.date, _kind(row.kind), row.act) for row in rows]


def get_regional_days() -> dict[date, DayKind]:
    """Return the days of the region for `kernel.working_days.load_calendar`."""
    return {card.date: card.kind for card in list_regional_days()}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A value the committee set, and since when it holds."""

    key: str
    since_on: date
    value: Any
    clause: str


def list_settings() -> list[SettingRow]:
    """Return what the committee set, the oldest first. The public schema must be open."""
    rows = DistrictSetting.objects.order_by("since_on", "pk")
    return [SettingRow(row.key, row.since_on, row.value, row.clause) for row in rows]


def _kind(stored: str) -> DayKind:
    return "work" if stored == RegionalDay.Kind.WORK else "off"
