"""How available the product was, by school: days and their sum; NFR-001…004."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kernel.periods import Period
from services.regulation.queries import get_district_setting
from services.upkeep.models import AvailabilityDay, Sample
from services.upkeep.rules import percent_up


@dataclass(frozen=True, slots=True)
class Availability:
    """Minutes and answers of a school in some days; percentages are None while nothing is known."""

    expected_minutes: int = 0
    up_minutes: int = 0
    round_expected_minutes: int = 0
    round_up_minutes: int = 0
    answers: int = 0
    slow_answers: int = 0
    answer_ms_total: int = 0
    answer_ms_longest: int = 0

    @property
    def percent(self) -> Decimal | None:
        """Return the share of working time in which the product was there."""
        return percent_up(self.up_minutes, self.expected_minutes)

    @property
    def round_percent(self) -> Decimal | None:
        """Return the share of all the time, nights and works included."""
        return percent_up(self.round_up_minutes, self.round_expected_minutes)

    @property
    def answer_ms(self) -> int | None:
        """Return how long an answer took on average."""
        return self.answer_ms_total // self.answers if self.answers else None


SUMS = (
    "expected_minutes",
    "up_minutes",
    "round_expected_minutes",
    "round_up_minutes",
    "answers",
    "slow_answers",
    "answer_ms_total",
)


def list_availability(*, period: Period) -> dict[int, Availability]:
    """Return what was measured in the days of a period, by school."""
    rows = AvailabilityDay.objects.filter(day__gte=period.since, day__lt=period.until)
    found: dict[int, list[Availability]] = {}
    for row in rows.order_by("school_id", "pk"):
        found.setdefault(row.school_id, []).append(_line(row))
    return {school_id: total(lines) for school_id, lines in found.items()}


def list_days(*, school_id: int, period: Period) -> list[tuple[date, Availability]]:
    """Return the days of a school, the newest first."""
    rows = AvailabilityDay.objects.filter(
        school_id=school_id, day__gte=period.since, day__lt=period.until
    )
    return [(row.day, _line(row)) for row in rows.order_by("-day", "pk")]


def _line(row: AvailabilityDay) -> Availability:
    return Availability(
        answer_ms_longest=row.answer_ms_longest, **{name: getattr(row, name) for name in SUMS}
    )


def total(lines: Iterable[Availability]) -> Availability:
    """Return the lines of several schools together."""
    known = list(lines)
    return Availability(
        answer_ms_longest=max((one.answer_ms_longest for one in known), default=0),
        **{name: sum(getattr(one, name) for one in known) for name in SUMS},
    )


def get_last_sample_at() -> datetime | None:
    """Return the newest minute that was measured."""
    newest = Sample.objects.order_by("-minute").values_list("minute", flat=True)
    return newest.first()


def get_availability_goal(*, on: date) -> Decimal:
    """Return the percentage a month must have."""
    return Decimal(get_district_setting(key="upkeep.availability_percent", on=on).value)


def get_answer_goal(*, on: date) -> int:
    """Return how long an answer may take, in milliseconds."""
    return int(get_district_setting(key="upkeep.answer_seconds", on=on).value) * 1000
