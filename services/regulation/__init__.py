"""The school's regulation as settings: key, value, clause, from-date (регламент)."""
