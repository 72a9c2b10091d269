"""Changing the school's time: calendar, bells, loads, timetable, lessons."""

from services.schedule.operations.calendar import (
    HolidayPlan,
    TermHasLessons,
    TermsOverlap,
    close_term,
    move_day,
    open_year,
    set_holidays,
    set_terms,
)
from services.schedule.operations.dictionaries import fill_dictionaries
from services.schedule.operations.lessons import (
    TermIsClosed,
    UnableToSubstitute,
    cancel_lesson,
    restore_lesson,
    substitute_lesson,
    yield_lessons,
)
from services.schedule.operations.timetable import (
    BellIsMissing,
    BellsBreakRules,
    LoadPlan,
    SlotPlan,
    SlotsClash,
    SubjectIsUnknown,
    assign_loads,
    set_bells,
    set_curriculum,
    set_timetable,
)

__all__ = [
    "BellIsMissing",
    "BellsBreakRules",
    "HolidayPlan",
    "LoadPlan",
    "SlotPlan",
    "SlotsClash",
    "SubjectIsUnknown",
    "TermHasLessons",
    "TermIsClosed",
    "TermsOverlap",
    "UnableToSubstitute",
    "assign_loads",
    "cancel_lesson",
    "close_term",
    "fill_dictionaries",
    "move_day",
    "open_year",
    "restore_lesson",
    "set_bells",
    "set_curriculum",
    "set_holidays",
    "set_terms",
    "set_timetable",
    "substitute_lesson",
    "yield_lessons",
]
