"""Lesson record, mark, attendance, homework (классный журнал)."""
