"""The school's time: year, curriculum, load, timetable, lessons (учебный год, расписание)."""
