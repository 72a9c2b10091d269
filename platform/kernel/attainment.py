"""Attainment of a class (успеваемость, качество знаний, СОУ) from its final marks.

Source: law.md §5.5. N = all pupils without the exempt («ОСВ») and without those who have no mark;
the not attested («Н/А») stay in N. Who left before the date is not among the values given.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from kernel.marks import round_half_up, simple_average

NOT_ATTESTED = "Н/А"
EXEMPT = "ОСВ"
FINAL_MARKS = ("5", "4", "3", "2", "1")

# В. П. Симонов's weights; 7 belongs to «Н/А», and to «1» where a school uses it.
MASTERY_WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"5": 100, "4": 64, "3": 36, "2": 16, "1": 7, NOT_ATTESTED: 7}
)
GOOD = ("5", "4")
PASSING = ("5", "4", "3")


@dataclass(frozen=True, slots=True)
class Attainment:
    """The indicators of a report; each is None, shown as «—», when nobody was assessed."""

    assessed: int
    success_percent: Decimal | None
    quality_percent: Decimal | None
    mastery_percent: Decimal | None
    average: Decimal | None


def count_attainment(final_values: Iterable[str | None]) -> Attainment:
    """Return the indicators of these pupils' final values: «5»…«1», «Н/А», «ОСВ» or None (blank).

    Raises ValueError on any other value: a report must not drop a pupil in silence.
    """
    counts = Counter(value for value in final_values if value)
    unknown = counts.keys() - MASTERY_WEIGHTS.keys() - {EXEMPT}
    if unknown:
        raise ValueError(f"Not final values: {sorted(unknown)}")
    return attainment_of_counts(counts)


def attainment_of_counts(counts: Mapping[str, int]) -> Attainment:
    """Return the indicators from how many pupils have each final value; other keys are ignored."""
    assessed = sum(counts.get(value, 0) for value in MASTERY_WEIGHTS)
    points = sum(counts.get(value, 0) * weight for value, weight in MASTERY_WEIGHTS.items())
    return Attainment(
        assessed=assessed,
        success_percent=_percent(sum(counts.get(value, 0) for value in PASSING), assessed),
        quality_percent=_percent(sum(counts.get(value, 0) for value in GOOD), assessed),
        mastery_percent=round_half_up(Decimal(points) / assessed) if assessed else None,
        average=simple_average(
            int(value) for value in FINAL_MARKS for _ in range(counts.get(value, 0))
        ),
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return round_half_up(Decimal(part * 100) / whole) if whole else None
