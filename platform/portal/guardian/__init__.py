"""Pages of a family: the diary, phone first."""
