"""A tally: the counts of some schools, days, grades or subjects, and the shares they give.

Shares are made here, at the very end, from counts: percentages are never stored, added or averaged.
Where nothing was expected there is no share: None, shown as «—», never zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from operator import attrgetter
from typing import Self

from kernel.marks import round_half_up

HUNDRED = 100


def percent(part: int, whole: int) -> Decimal | None:
    """Return the share in percent with two places, or None when there is nothing to share."""
    return round_half_up(Decimal(part * HUNDRED) / whole) if whole else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by measure; `pupils` is how many children the other numbers describe."""

    pupils: int = 0
    lessons_held: int = 0
    lessons_filled: int = 0
    lessons_filled_same_day: int = 0
    homework_due: int = 0
    homework_entered: int = 0
    marks_5: int = 0
    marks_4: int = 0
    marks_3: int = 0
    marks_2: int = 0
    marks_1: int = 0
    attendance_expected: int = 0
    absent: int = 0
    absent_without_reason: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int | None]) -> Self:
        """Return the tally of counts by measure; a measure that is not there is zero."""
        return cls(**{name: counts.get(name) or 0 for name in MEASURES})

    @classmethod
    def sum(cls, tallies: Iterable["Tally"]) -> Self:
        """Return the tallies added up: only for cells that share no pupil."""
        rows = [_counts_of(tally) for tally in tallies]
        return cls(*map(sum, zip(*rows, strict=True)))

    def with_pupils(self, pupils: int) -> Self:
        """Return the same counts with another number of children behind them."""
        return replace(self, pupils=pupils)

    @property
    def marks_by_value(self) -> tuple[tuple[int, int], ...]:
        """Return (mark, how many), best first."""
        return (
            (5, self.marks_5),
            (4, self.marks_4),
            (3, self.marks_3),
            (2, self.marks_2),
            (1, self.marks_1),
        )

    @property
    def mark_shares(self) -> tuple[tuple[int, int, Decimal | None], ...]:
        """Return (mark, how many, its share among the marks), best first."""
        whole = self.marks
        return tuple((mark, count, percent(count, whole)) for mark, count in self.marks_by_value)

    @property
    def marks(self) -> int:
        """Return how many marks there are."""
        return self.marks_5 + self.marks_4 + self.marks_3 + self.marks_2 + self.marks_1

    @property
    def average(self) -> Decimal | None:
        """Return the average mark with two places, or None without marks."""
        if not self.marks:
            return None
        points = sum(value * count for value, count in self.marks_by_value)
        return round_half_up(Decimal(points) / self.marks)

    @property
    def filled_same_day_percent(self) -> Decimal | None:
        """Return the share of held lessons whose record was made on their day (JRN-001)."""
        return percent(self.lessons_filled_same_day, self.lessons_held)

    @property
    def homework_percent(self) -> Decimal | None:
        """Return the share of lessons with homework, or an explicit «не задано» (HWK-007)."""
        return percent(self.homework_entered, self.homework_due)

    @property
    def attendance_percent(self) -> Decimal | None:
        """Return the share of pupil-lessons at which the pupil was there."""
        return percent(self.attendance_expected - self.absent, self.attendance_expected)

    @property
    def without_reason_percent(self) -> Decimal | None:
        """Return the share of pupil-lessons missed without a valid or known reason (ATT-005)."""
        return percent(self.absent_without_reason, self.attendance_expected)

    @property
    def high_marks_percent(self) -> Decimal | None:
        """Return the share of 5 and 4 among the current marks."""
        return percent(self.marks_5 + self.marks_4, self.marks)

    @property
    def low_marks_percent(self) -> Decimal | None:
        """Return the share of 2 and 1 among the current marks."""
        return percent(self.marks_2 + self.marks_1, self.marks)


MEASURES = tuple(field.name for field in fields(Tally))
_counts_of = attrgetter(*MEASURES)
