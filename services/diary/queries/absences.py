"""Absences of a child by day, with the reason as the school knows it; of any year (INF-012)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from kernel.absence import DEFAULT_CODES, AbsenceCode
from kernel.actor import Actor
from kernel.periods import ONE_DAY
from kernel.school_year import school_year_bounds
from services.diary import access
from services.diary.access import ChildView
from services.journal import queries as journal
from services.people import queries as people
from services.people.queries import PupilYear
from services.schedule import queries as schedule

CODES = {code.code: code for code in DEFAULT_CODES}


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """A code at a lesson."""

    number: int
    subject: str
    code: str
    title: str
    is_absent: bool
    is_explained: bool


@dataclass(frozen=True, slots=True)
class AbsentDay:
    """A day with at least one code, its lessons in order."""

    day: date
    lessons: tuple[AbsenceView, ...]

    @property
    def unexplained(self) -> int:
        """Return how many lessons were missed and nobody has said why."""
        return sum(one.is_absent and not one.is_explained for one in self.lessons)

    @property
    def by_code(self) -> list[tuple[str, str, list[AbsenceView]]]:
        """Return (code, its title, lessons), in the order of the day."""
        groups: dict[str, list[AbsenceView]] = defaultdict(list)
        for one in self.lessons:
            groups[one.code].append(one)
        return [(code, lessons[0].title, lessons) for code, lessons in groups.items()]


@dataclass(frozen=True, slots=True)
class AbsencesPage:
    """The absences of a school year, the newest day first."""

    child: ChildView
    years: tuple[PupilYear, ...]
    year: PupilYear | None
    days: tuple[AbsentDay, ...]

    @property
    def missed_lessons(self) -> int:
        """Return how many lessons were missed."""
        return sum(one.is_absent for day in self.days for one in day.lessons)

    @property
    def missed_days(self) -> int:
        """Return on how many days a lesson was missed."""
        return sum(any(one.is_absent for one in day.lessons) for day in self.days)

    @property
    def late(self) -> int:
        """Return how many codes are none of absence: lateness, exemption."""
        return sum(not one.is_absent for day in self.days for one in day.lessons)

    @property
    def unexplained(self) -> int:
        """Return how many missed lessons wait for a reason."""
        return sum(day.unexplained for day in self.days)


def get_absences(
    *, actor: Actor, pupil_id: int, today: date, start_year: int | None = None
) -> AbsencesPage:
    """Return the absences of a school year, the last one by default; raise `NotFound`."""
    child = access.get_child(actor=actor, pupil_id=pupil_id, on=today)
    years = people.list_pupil_years(pupil_id=pupil_id)
    year = people.choose_year(years, start_year=start_year, today=today)
    if year is None:
        return AbsencesPage(child, (), None, ())
    bounds = school_year_bounds(year.start_year)
    assert bounds.until is not None
    rows = journal.list_pupil_absences(
        pupil_id=pupil_id, since=bounds.since, until=bounds.until - ONE_DAY
    )
    lessons = schedule.get_lessons(lesson_ids=[row.lesson_id for row in rows])
    days: dict[date, list[AbsenceView]] = defaultdict(list)
    for row in rows:
        lesson = lessons[row.lesson_id]
        if lesson.is_cancelled:  # nobody could be there
            continue
        days[row.date].append(_view(lesson.number, lesson.subject_name, row.code))
    ordered = tuple(
        AbsentDay(day, tuple(sorted(days[day], key=lambda one: one.number)))
        for day in sorted(days, reverse=True)
    )
    return AbsencesPage(child, tuple(years), year, ordered)


def _view(number: int, subject: str, code: str) -> AbsenceView:
    known = CODES.get(code, AbsenceCode(code, code, "", False, True))
    return AbsenceView(
        number, subject, code, known.title, known.counts_as_absent, known.reason_known
    )
