"""Lists of people that schools bring: read, compared with the school, written or refused."""
