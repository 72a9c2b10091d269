"""The year and the schools of the load model: plain values, no database.

The year is made for the benchmark page: its third period has twelve weeks of five days, so that
a subject of five hours a week has exactly sixty lessons.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

START_YEAR = 2026
PERIODS = (  # first Monday and number of study weeks; the holidays lie between and inside
    ((date(2026, 9, 7), 11),),
    ((date(2026, 11, 30), 4), (date(2027, 1, 11), 7)),
    ((date(2027, 3, 8), 12),),
)
FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 5, 31)
TODAY = date(2027, 5, 28)  # the last Friday: the whole year lies in the journal

PAGE_SUBJECT = "mathematics"
HOURS = {  # lessons a week, thirty in all
    PAGE_SUBJECT: 5,
    "russian": 5,
    "literature": 3,
    "english": 3,
    "history": 3,
    "physical_education": 3,
    "geography": 2,
    "biology": 2,
    "physics": 2,
    "music": 1,
    "art": 1,
}
TEACHER_HOURS = 20
# Shares of the cells above the first grade: 805 pupils make about 270 000 marks a year.
MARKS, ABSENCES = 0.36, 0.03


@dataclass(frozen=True, slots=True)
class ClassShape:
    """A class of the load model."""

    level: int
    letter: str
    size: int


@dataclass(frozen=True, slots=True)
class SchoolShape:
    """A school of the load model: its classes, and in how many of its periods marks lie."""

    slug: str
    title: str
    seed: int
    classes: tuple[ClassShape, ...]
    periods_with_marks: int = 3

    @property
    def pupils(self) -> int:
        """Return the number of pupils."""
        return sum(one.size for one in self.classes)


def list_schools(count: int, full: int) -> list[SchoolShape]:
    """Return the school of the benchmark page and `count - 1` others.

    The first `full` have marks of the whole year, the others of the last period only.
    """
    page_class = ClassShape(7, "А", 30)
    shapes = [SchoolShape("bench-1", "Школа № 1", 1, (page_class, *_classes(31, 25)))]
    for number in range(2, count + 1):
        periods = 3 if number <= full else 1
        shapes.append(
            SchoolShape(
                f"bench-{number}", f"Школа № {number}", number, tuple(_classes(29, 26)), periods
            )
        )
    return shapes


def _classes(count: int, size: int) -> Iterator[ClassShape]:
    letters = "БВГДЕ"
    for place in range(count):
        yield ClassShape(place % 11 + 1, letters[place // 11], size)


def list_days(period: int) -> list[date]:
    """Return the study days of a period, counted from zero."""
    return [
        monday + timedelta(days=7 * week + day)
        for monday, weeks in PERIODS[period]
        for week in range(weeks)
        for day in range(5)
    ]


def list_all_days() -> list[date]:
    """Return the study days of the year."""
    return [day for period in range(len(PERIODS)) for day in list_days(period)]


def plan_week(turn: int) -> list[list[str]]:
    """Return the subjects of Monday … Friday, six a day; `turn` makes classes differ."""
    week: list[list[str]] = [[] for _ in range(5)]
    for subject, hours in sorted(HOURS.items(), key=lambda pair: -pair[1]):
        for _ in range(hours):
            open_days = [day for day in range(5) if subject not in week[day] and len(week[day]) < 6]
            best = min(open_days, key=lambda day: (len(week[day]), (day + turn) % 5))
            week[best].append(subject)
    shift = turn % 6
    return [day[shift:] + day[:shift] for day in week]


def count_teachers(classes: int) -> dict[str, int]:
    """Return how many teachers each subject needs."""
    needed = Counter({subject: classes * hours for subject, hours in HOURS.items()})
    return {subject: -(-hours // TEACHER_HOURS) for subject, hours in needed.items()}
