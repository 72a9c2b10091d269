"""What of the room comes back when a stolen account's changes are void (ACC-010).

Substitutions and cancellations do; terms, bells, loads and the timetable are set up as a whole and
lessons stand upon them: people look at those.
"""

from typing import Any

from foundation.audit.reversal import Reverser, RowReverser, Voiding
from foundation.outbox.operations import record
from services.schedule.events import LessonChanged
from services.schedule.models import Lesson


def _tell_of_lesson(by: Voiding, lesson: Lesson, columns: frozenset[str]) -> None:
    record(LessonChanged(lesson_id=lesson.pk, day=lesson.date))


REVERSERS: dict[Any, Reverser] = {
    Lesson: RowReverser(
        Lesson, frozenset({"substitute_id", "state", "note"}), follow=_tell_of_lesson
    )
}
