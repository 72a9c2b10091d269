"""Reading the diary: what a guardian or a pupil may see of one child, and nothing of another's."""

from services.diary.queries.absences import AbsencesPage, AbsentDay, get_absences
from services.diary.queries.calendar import CalendarDay, CalendarPage, DayKind, Month, get_calendar
from services.diary.queries.days import (
    DayPage,
    WeekPage,
    get_day,
    get_tomorrow,
    get_week,
    list_glances,
)
from services.diary.queries.marks import MarksPage, MarkView, SubjectMarks, get_marks
from services.diary.queries.progress import OnTheWay, get_on_the_way
from services.diary.queries.span import DiaryDay, DiaryLesson, FreshMark, Task

__all__ = [
    "AbsencesPage",
    "AbsentDay",
    "CalendarDay",
    "CalendarPage",
    "DayKind",
    "DayPage",
    "DiaryDay",
    "DiaryLesson",
    "FreshMark",
    "MarkView",
    "MarksPage",
    "Month",
    "OnTheWay",
    "SubjectMarks",
    "Task",
    "WeekPage",
    "get_absences",
    "get_calendar",
    "get_day",
    "get_marks",
    "get_on_the_way",
    "get_tomorrow",
    "get_week",
    "list_glances",
]
