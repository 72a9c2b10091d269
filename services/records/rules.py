"""How the figures of a report are put together: from plain numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kernel.absence import DEFAULT_CODES, ILLNESS, NO_VALID_REASON, NOT_PRESENT
from kernel.marks import EXPECTED_FROM, round_half_up

ABSENT = frozenset(code.code for code in DEFAULT_CODES if code.counts_as_absent)
WITHOUT_REASON = frozenset({NOT_PRESENT.code, NO_VALID_REASON.code})
LOW = EXPECTED_FROM[3]  # below it the average promises a two
GOOD_FROM = 4
ONE_PLACE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Score:
    """How many marks there are, and what they come to."""

    marks: int = 0
    points: Decimal = Decimal(0)
    weights: Decimal = Decimal(0)

    @property
    def average(self) -> Decimal | None:
        """Return the mean with two places, or None when there is nothing to count."""
        return round_half_up(self.points / self.weights) if self.weights else None

    @property
    def is_low(self) -> bool:
        """Return whether the average promises a two."""
        return (average := self.average) is not None and average < LOW

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.marks + other.marks, self.points + other.points, self.weights + other.weights
        )


@dataclass(frozen=True, slots=True)
class Missed:
    """Lessons missed: all, by illness, without a reason; of how many written down, how many."""

    lessons: int = 0
    ill: int = 0
    without_reason: int = 0
    expected: int = 0
    absent: int = 0

    @property
    def attendance(self) -> Decimal | None:
        """Return the share of lessons attended, in per cent."""
        return share(self.expected - self.absent, self.expected)

    def __add__(self, other: "Missed") -> "Missed":
        return Missed(
            self.lessons + other.lessons,
            self.ill + other.ill,
            self.without_reason + other.without_reason,
            self.expected + other.expected,
            self.absent + other.absent,
        )


def add_scores(scores: Iterable[Score]) -> Score:
    """Return the scores together."""
    return sum(scores, Score())


def count_missed(codes: Mapping[str, int], *, absent: int = 0, expected: int = 0) -> Missed:
    """Return what codes come to; lateness and exemption are no absence."""
    return Missed(
        lessons=sum(number for code, number in codes.items() if code in ABSENT),
        ill=codes.get(ILLNESS.code, 0),
        without_reason=sum(number for code, number in codes.items() if code in WITHOUT_REASON),
        expected=expected,
        absent=absent,
    )


def spread(marks: Mapping[int, int]) -> tuple[int, int, int, int]:
    """Return how many fives, fours, threes, and twos with ones."""
    low = sum(number for value, number in marks.items() if value <= 2)
    return marks.get(5, 0), marks.get(4, 0), marks.get(3, 0), low


def share(part: int, whole: int) -> Decimal | None:
    """Return the part in per cent with one place, or None of nothing."""
    return (Decimal(part * 100) / whole).quantize(ONE_PLACE, ROUND_HALF_UP) if whole else None
