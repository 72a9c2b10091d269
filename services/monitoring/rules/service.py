"""The service added up, and its six indicators of quality (SRV-023), from counts only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from kernel.marks import round_half_up
from kernel.service_counts import ServiceMeasure as M
from services.monitoring.rules.tally import Tally, percent

Key = tuple[str, str]  # measure, detail
OVERDUE, DUE, NEARING = "overdue", "due", "nearing"
SATISFIED = "satisfied"


@dataclass(frozen=True, slots=True)
class ServiceTally:
    """Counts of the service in some schools over some days: flows added, what stands as of now."""

    counts: Mapping[Key, int]

    @classmethod
    def sum(cls, tallies: Iterable["ServiceTally"]) -> Self:
        """Return the tallies of several schools added up."""
        total: Counter[Key] = Counter()
        for one in tallies:
            total.update(one.counts)
        return cls(total)

    def get(self, measure: M, detail: str = "") -> int:
        """Return one count."""
        return self.counts.get((measure, detail), 0)

    def total(self, measure: M) -> int:
        """Return a measure with all its details added up."""
        return sum(count for (name, _), count in self.counts.items() if name == measure)

    def details(self, measure: M) -> dict[str, int]:
        """Return a measure by detail."""
        return {detail: count for (name, detail), count in self.counts.items() if name == measure}

    @property
    def waits(self) -> list[tuple[int, int]]:
        """Return (working days to access, how many), shortest first."""
        return sorted((int(days), n) for days, n in self.details(M.ACCESS_DAYS).items())

    @property
    def granted(self) -> int:
        """Return how many accesses were given."""
        return self.total(M.ACCESS_DAYS)

    @property
    def average_wait(self) -> Decimal | None:
        """Return the average number of working days from consent to access, or None."""
        days = sum(days * count for days, count in self.waits)
        return round_half_up(Decimal(days) / self.granted) if self.granted else None

    @property
    def wait_percentile_95(self) -> int | None:
        """Return within how many working days 95 of 100 got access (nearest rank), or None."""
        rank = -(-self.granted * 95 // 100)
        reached = 0
        for days, count in self.waits:
            reached += count
            if reached >= rank:
                return days
        return None

    @property
    def open_cases(self) -> int:
        """Return how many cases wait for the school."""
        return sum(self.get(M.STATE, state) for state in ("registered", "accepted", "suspended"))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of the six: its value in percent, or None where nothing can be said, and of what."""

    code: str
    value: Decimal | None
    part: int
    whole: int


def measure_quality(service: ServiceTally, journal: Tally) -> tuple[Indicator, ...]:
    """Return the six indicators of SRV-023 in their order.

    1 pupils who use the service; 2 parents who use it; 3 lessons written down on their day;
    4 accesses in time; 5 lessons with homework or «не задано»; 6 complaints that were not
    justified, all of them when nobody complained.
    """
    granted, late = service.granted, service.get(M.ACCESS_LATE)
    decided = service.total(M.COMPLAINT_DECIDED)
    justified = service.get(M.COMPLAINT_DECIDED, SATISFIED)
    return (
        _share("pupils", service.get(M.PUPILS_SERVED), service.get(M.PUPILS)),
        _share("parents", service.get(M.PARENTS_SERVED), service.get(M.PARENTS)),
        _share("timeliness", journal.lessons_filled_same_day, journal.lessons_held),
        _share("terms", granted - late, granted),
        _share("completeness", journal.homework_entered, journal.homework_due),
        Indicator("complaints", _without(justified, decided), decided - justified, decided),
    )


def _share(code: str, part: int, whole: int) -> Indicator:
    return Indicator(code, percent(part, whole), part, whole)


def _without(justified: int, decided: int) -> Decimal:
    """Return 100 when nobody complained: there is nothing justified among nothing."""
    return Decimal("100.00") if not decided else percent(decided - justified, decided) or Decimal(0)
