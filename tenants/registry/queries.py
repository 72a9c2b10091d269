"""Reading the district's schools. References are kept in process for a few seconds."""

import time
from dataclasses import dataclass

from foundation.db.door import role_of, schema_of
from kernel.actor import SchoolRef
from kernel.errors import NotFound
from tenants.registry.models import District, School

TTL_SECONDS = 10.0
MISS_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class DistrictCard:
    """The district as pages name it."""

    name: str
    committee_name: str
    timezone: str


class _Cache:
    """Active schools by slug, refreshed every `TTL_SECONDS`, and after a miss."""

    def __init__(self) -> None:
        self.schools: dict[str, SchoolRef] = {}
        self.read_at = float("-inf")
        self.district: DistrictCard | None = None

    def clear(self) -> None:
        self.schools, self.read_at, self.district = {}, float("-inf"), None

    def is_old(self) -> bool:
        return time.monotonic() - self.read_at > TTL_SECONDS

    def get(self, slug: str = "") -> dict[str, SchoolRef]:
        age = time.monotonic() - self.read_at
        is_missed = bool(slug) and slug not in self.schools and age > MISS_SECONDS
        if age > TTL_SECONDS or is_missed:
            rows = School.objects.filter(state=School.State.ACTIVE).order_by("pk")
            self.schools = {row.slug: to_ref(row) for row in rows}
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
        short_name=school.short_name,
    )


def forget_schools() -> None:
    """Read the schools anew at the next question: a school was opened, renamed or frozen."""
    _cache.clear()


def list_schools() -> list[SchoolRef]:
    """Return the working schools in the order they were opened."""
    return list(_cache.get().values())


def get_school(slug: str) -> SchoolRef:
    """Return a working school by its address; raise `NotFound`."""
    school = _cache.get(slug).get(slug)
    if school is None:
        raise NotFound
    return school


def get_school_by_id(school_id: int) -> SchoolRef:
    """Return a working school by id; raise `NotFound`."""
    for school in _cache.get().values():
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
