"""The committee's board of the service: cases, terms, waits, complaints, quality; numbers only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.actor import SchoolRef
from kernel.periods import Period
from kernel.service_counts import AUDIENCE, STANDING
from services.monitoring.models import ServiceFact
from services.monitoring.queries.reading import read_days, tally_of_days
from services.monitoring.rules.service import Indicator, Key, ServiceTally, measure_quality
from services.monitoring.rules.tally import Tally

__all__ = [
    "Indicator",
    "QualityLine",
    "ServiceBoard",
    "ServiceLine",
    "ServiceTally",
    "get_quality",
    "get_service_board",
]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A school on the board; `counted_on` is the day of what stands, None: never counted."""

    school: SchoolRef
    tally: ServiceTally
    counted_on: date | None


@dataclass(frozen=True, slots=True)
class ServiceBoard:
    """All schools, and the district they make."""

    lines: tuple[ServiceLine, ...]
    total: ServiceTally

    @property
    def missing(self) -> list[str]:
        """Return the schools that were never counted: missing, not zero."""
        return [line.school.short_name for line in self.lines if line.counted_on is None]


@dataclass(frozen=True, slots=True)
class QualityLine:
    """A school, or the district with `school` None, by the six indicators."""

    school: SchoolRef | None
    indicators: tuple[Indicator, ...]


def get_service_board(*, schools: Sequence[SchoolRef], period: Period, today: date) -> ServiceBoard:
    """Return the service in the schools: flows of the period, what stands as it was last counted.

    Who uses the service is told as of the period's last counted night. Three statements, whatever
    the number of schools.
    """
    facts = ServiceFact.objects.filter(school__in=[school.id for school in schools])
    last = min(today, period.last_day or today)
    columns = ("school_id", "measure", "detail", "count")
    flows = facts.filter(day__gte=period.since, day__lt=period.until)
    nights = facts.filter(measure__in=AUDIENCE, day__lte=last)
    counts = _add(
        [
            *flows.exclude(measure__in=STANDING | AUDIENCE).values_list(*columns),
            *nights.order_by("school_id", "measure", "-day")
            .distinct("school_id", "measure")
            .values_list(*columns),
        ]
    )
    counted_on: dict[int, date] = {}
    for school_id, day, measure, detail, count in facts.filter(measure__in=STANDING).values_list(
        "school_id", "day", "measure", "detail", "count"
    ):
        counts[school_id][measure, detail] += count
        counted_on[school_id] = day
    lines = tuple(
        ServiceLine(
            school,
            ServiceTally(counts[school.id]),
            counted_on.get(school.id),
        )
        for school in schools
    )
    return ServiceBoard(lines, ServiceTally.sum(line.tally for line in lines))


def get_quality(
    *, schools: Sequence[SchoolRef], period: Period, today: date
) -> tuple[QualityLine, list[QualityLine]]:
    """Return the district's six indicators, and each school's (SRV-023)."""
    board = get_service_board(schools=schools, period=period, today=today)
    days = read_days(period)
    journals = {one.id: tally_of_days(days.get(one.id, {})) for one in schools}
    lines = [
        QualityLine(line.school, measure_quality(line.tally, journals[line.school.id]))
        for line in board.lines
    ]
    whole = measure_quality(board.total, Tally.sum(journals.values()))
    return QualityLine(None, whole), lines


def _add(rows: Iterable[tuple[int, str, str, int]]) -> dict[int, Counter[Key]]:
    found: dict[int, Counter[Key]] = defaultdict(Counter)
    for school_id, measure, detail, count in rows:
        found[school_id][measure, detail] += count
    return found
