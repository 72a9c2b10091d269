"""How pupils of the demo learn and fall ill: drawn per pupil, the same on every machine.

Pure: numbers in, numbers out. A mark is ability against the subject's difficulty plus the day's
luck; absences come as spells of illness and as single missed lessons.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from random import Random

DIFFICULTY = {
    "algebra": 0.35,
    "calculus": 0.4,
    "geometry": 0.35,
    "physics": 0.4,
    "chemistry": 0.35,
    "mathematics": 0.2,
    "russian": 0.25,
    "english": 0.15,
    "statistics": 0.15,
    "art": -0.6,
    "music": -0.65,
    "technology": -0.6,
    "physical_education": -0.55,
    "safety": -0.4,
    "project": -0.4,
    "native_language": -0.1,
}
USUAL = 3.95
SPREAD_OF_ABILITY, SPREAD_OF_LUCK = 0.6, 0.55
FALLS_ILL = 0.011
LONGEST_ILLNESS = 6


class Life:
    """The abilities and illnesses of a school's pupils."""

    def __init__(self, seed: str, pupil_ids: Iterable[int], study_days: Sequence[date]) -> None:
        random = Random(f"{seed} life")  # noqa: S311
        self.ability: dict[int, float] = {}
        self.ill_on: dict[date, set[int]] = {day: set() for day in study_days}
        for pupil_id in sorted(pupil_ids):
            self.ability[pupil_id] = max(-2.2, min(1.8, random.gauss(0, 1)))
            left = 0
            for day in study_days:
                if left == 0 and random.random() < FALLS_ILL:
                    left = random.randrange(2, LONGEST_ILLNESS + 1)
                if left:
                    self.ill_on[day].add(pupil_id)
                    left -= 1

    def draw_mark(
        self, random: Random, pupil_id: int, subject: str, level: int, *, is_written: bool
    ) -> int:
        """Return a mark from 2 to 5."""
        skill = USUAL + SPREAD_OF_ABILITY * self.ability[pupil_id] - DIFFICULTY.get(subject, 0.0)
        ease = (0.0 if is_written else 0.25) + (0.25 if level <= 4 else 0.0)
        return max(2, min(5, round(random.gauss(skill + ease, SPREAD_OF_LUCK))))
