"""Pages of reports: what is in reach, the school, a class, a subject, a pupil."""
