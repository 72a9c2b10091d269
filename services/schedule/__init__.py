"""School year, calendar, curriculum, load, timetable, lessons (учебный год, учебный план, расписание)."""
