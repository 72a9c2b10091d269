"""What happens in the room of the school's time."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LessonsYielded:
    """The timetable yielded lessons for the days `since` up to, without, `until`."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class LessonChanged:
    """A lesson was cancelled or given to a substitute."""

    lesson_id: int
    day: date
