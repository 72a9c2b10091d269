"""What a family's diary makes of lessons and marks: decisions from plain values."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

FRESH = timedelta(days=7)
# A lesson once a week before the New Year holidays is followed by the next three weeks later.
LOOK_BACK = timedelta(days=28)
LOOK_AHEAD = timedelta(days=14)

Course = tuple[int, int]  # group, subject


@dataclass(frozen=True, slots=True)
class HeldLessons:
    """The days on which each course has lessons that are held."""

    days: Mapping[Course, Sequence[date]]

    @classmethod
    def of(cls, lessons: Iterable[tuple[Course, date]]) -> "HeldLessons":
        """Return the days of (course, day) pairs."""
        days: dict[Course, set[date]] = defaultdict(set)
        for course, day in lessons:
            days[course].add(day)
        return cls({course: sorted(found) for course, found in days.items()})

    def next_after(self, course: Course, day: date) -> date | None:
        """Return the day of the course's next lesson, or None when it is not known yet."""
        days = self.days.get(course, ())
        place = bisect_right(days, day)
        return days[place] if place < len(days) else None


def due_day(
    *, due_on: date | None, course: Course, given_on: date, held: HeldLessons
) -> date | None:
    """Return the day a task is due: the one it names, else the course's next lesson held.

    None while that lesson is not in sight. A cancelled lesson moves the task on.
    """
    return due_on or held.next_after(course, given_on)


def is_fresh(put_on: date, today: date) -> bool:
    """Return whether a mark was put in the last seven days, whatever day it is for."""
    return today - put_on <= FRESH


def nearest_days(days: Iterable[date], day: date) -> tuple[date | None, date | None]:
    """Return the last of the days before one, and the first after it."""
    known = sorted(set(days))
    before = [one for one in known if one < day]
    after = [one for one in known if one > day]
    return (before[-1] if before else None), (after[0] if after else None)


def count_left(ends: Iterable[datetime], now: datetime) -> int:
    """Return how many lessons are not over yet, by the moments they end."""
    return sum(end > now for end in ends)
