"""Models of the room, private to it."""

from services.journal.models.homework import Homework
from services.journal.models.record import LessonRecord, WorkKind
from services.journal.models.results import Absence, Mark

__all__ = ["Absence", "Homework", "LessonRecord", "Mark", "WorkKind"]
