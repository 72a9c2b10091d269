"""Days of some regions (региональные нерабочие дни) as they were published, for the calculator.

They fall on yearly decrees, so a release knows some years only and some of those in part: what a
school counts by is what the committee entered (`calendar.regional_days`), never this table.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kernel.working_days import DayKind


@dataclass(frozen=True, slots=True)
class Region:
    """A region with the days this release knows; `whole_years` are those known to the last day."""

    code: str
    title: str
    days: Mapping[date, DayKind]
    whole_years: frozenset[int]


@cache
def list_regions() -> tuple[Region, ...]:
    """Return the regions of this release by title."""
    text = files("kernel").joinpath("data", "regional_days.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    regions = []
    for code, title in sorted({(row["region"], row["title"]) for row in rows}, key=lambda r: r[1]):
        own = [row for row in rows if row["region"] == code]
        days: dict[date, DayKind] = {
            date.fromisoformat(row["date"]): "work" if row["kind"] == "work" else "off"
            for row in own
        }
        whole = {int(row["date"][:4]) for row in own if row["is_whole_year"] == "yes"}
        regions.append(Region(code, title, MappingProxyType(days), frozenset(whole)))
    return tuple(regions)


def find_region(name: str) -> Region | None:
    """Return a region by its code or title, or None."""
    wanted = name.strip().casefold()
    for region in list_regions():
        if wanted in (region.code, region.title.casefold()):
            return region
    return None
