"""What is missing is said, never shown as zero (полнота данных)."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which days of a period a school owes, of those on which the district had lessons."""

    counted: int
    missing: tuple[date, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing

    @property
    def is_empty(self) -> bool:
        """Return whether no day at all was counted."""
        return self.counted == 0


def list_expected_days(lessons: Iterable[Mapping[date, int]], today: date) -> list[date]:
    """Return the days before today on which any school held a lesson; today is not over yet."""
    days = {day for school in lessons for day, held in school.items() if held and day < today}
    return sorted(days)


def judge_completeness(counted: Set[date], expected: Iterable[date]) -> Completeness:
    """Return what a school owes: a day without lessons was counted too, so it is not missing."""
    return Completeness(len(counted), tuple(day for day in expected if day not in counted))


def missing_since(completeness: Completeness, expected: Iterable[date]) -> date | None:
    """Return the day from which nothing came any more, or None when the last day is there."""
    missing = set(completeness.missing)
    since = None
    for day in sorted(expected, reverse=True):
        if day not in missing:
            break
        since = day
    return since
