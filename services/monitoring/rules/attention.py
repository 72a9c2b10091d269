"""Which school lags and in what: by its distance from the district, not by a fixed bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.monitoring.rules.tally import Tally

NOTICEABLE = Decimal(5)  # percentage points below the district
SHARES = {
    "filled": "filled_same_day_percent",
    "homework": "homework_percent",
    "attendance": "attendance_percent",
}


@dataclass(frozen=True, slots=True)
class Lag:
    """A school's share of something, this many points below the district's."""

    school_id: int
    indicator: str
    share: Decimal
    points: Decimal


def find_lags(schools: Iterable[tuple[int, Tally]], district: Tally) -> list[Lag]:
    """Return every noticeable lag, the widest first."""
    lags = []
    for school_id, tally in schools:
        for indicator, name in SHARES.items():
            own, common = getattr(tally, name), getattr(district, name)
            if own is not None and common is not None and common - own >= NOTICEABLE:
                lags.append(Lag(school_id, indicator, own, common - own))
    return sorted(lags, key=lambda lag: (-lag.points, lag.school_id, lag.indicator))
