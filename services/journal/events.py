"""What the journal tells the rooms above."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LessonChanged:
    """Marks, attendance, topic or homework of a lesson changed; `day` is the lesson's."""

    lesson_id: int
    day: date
