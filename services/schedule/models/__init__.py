"""Models of the room, private to it."""

from services.schedule.models.bell import Bell
from services.schedule.models.calendar import Holiday, SchoolYear, SwappedDay, Term
from services.schedule.models.curriculum import CurriculumHours, Subject
from services.schedule.models.lesson import Lesson
from services.schedule.models.timetable import TeachingLoad, TimetableSlot

__all__ = [
    "Bell",
    "CurriculumHours",
    "Holiday",
    "Lesson",
    "SchoolYear",
    "Subject",
    "SwappedDay",
    "TeachingLoad",
    "Term",
    "TimetableSlot",
]
