"""Pages of teachers: my day, journal, lesson."""
