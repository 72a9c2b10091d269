"""Properties run the same examples everywhere and have no stopwatch: a slow machine is no bug."""

from hypothesis import settings

settings.register_profile("okrug", deadline=None, derandomize=True, database=None)
settings.load_profile("okrug")
