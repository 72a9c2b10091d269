"""A day, a week, tomorrow and the first glance: the timetable with its changes, tasks and marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.school_year import start_year_of, week_of
from services.diary import access
from services.diary.access import ChildView
from services.diary.queries.span import DiaryDay, DiaryLesson, FreshMark, read_span
from services.diary.rules import LOOK_AHEAD, LOOK_BACK, nearest_days
from services.schedule import queries as schedule


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day with the school days around it; `pause` names holidays the day lies in, or is "".

    `fresh` are marks of the last days, `unexplained` lessons missed and nobody has said why.
    """

    child: ChildView
    day: DiaryDay
    previous: DiaryDay | None
    following: DiaryDay | None
    pause: str
    fresh: tuple[FreshMark, ...]
    unexplained: tuple[DiaryLesson, ...]


@dataclass(frozen=True, slots=True)
class WeekPage:
    """A week, Monday to Saturday, with the nearest weeks that have lessons."""

    child: ChildView
    days: tuple[DiaryDay, ...]
    previous: date | None
    following: date | None
    pause: str

    @property
    def has_lessons(self) -> bool:
        """Return whether there is a lesson in the week."""
        return any(day.lessons for day in self.days)


def get_day(*, actor: Actor, pupil_id: int, day: date, today: date) -> DayPage:
    """Return a day of a child with the school days around it; raise `NotFound`."""
    child = access.get_child(actor=actor, pupil_id=pupil_id, on=today)
    return _read_day(actor, child, day, today)


def get_week(
    *, actor: Actor, pupil_id: int, day: date, today: date, with_names: bool = True
) -> WeekPage:
    """Return the week of a day: six queries at most inside the school; raise `NotFound`.

    Without teachers' names it is five.
    """
    child = access.get_child(actor=actor, pupil_id=pupil_id, on=today)
    monday = week_of(day).since
    saturday = monday + timedelta(days=5)
    since = monday - LOOK_BACK
    span = read_span(actor, child, since, saturday, shown_from=monday, with_names=with_names)
    days = tuple(span.day(monday + timedelta(days=n)) for n in range(6))
    pause = "" if any(one.lessons for one in days) else _name_pause(child, monday)
    return WeekPage(child, days, *_weeks_around(child, days), pause)


def get_tomorrow(*, actor: Actor, pupil_id: int, today: date) -> DiaryDay | None:
    """Return the child's next school day after today with what is due; raise `NotFound`."""
    child = access.get_child(actor=actor, pupil_id=pupil_id, on=today)
    span = read_span(actor, child, today - LOOK_BACK, today + LOOK_AHEAD)
    _, after = nearest_days(span.days, today)
    return span.day(after) if after else None


def list_glances(*, actor: Actor, today: date) -> list[DayPage]:
    """Return today of every child of the actor in this school, without teachers' names."""
    return [
        _read_day(actor, child, today, today, with_names=False)
        for child in access.list_children(actor=actor, on=today)
    ]


def _read_day(
    actor: Actor, child: ChildView, day: date, today: date, *, with_names: bool = True
) -> DayPage:
    """Read a day; out of term, when no lesson is near, the last school day is read as well."""
    span = read_span(actor, child, day - LOOK_BACK, day + LOOK_AHEAD, with_names=with_names)
    before, after = nearest_days(span.days, day)
    shown = span.day(day)
    return DayPage(
        child=child,
        day=shown,
        previous=span.day(before) if before else _read_last_day(actor, child, day),
        following=span.day(after) if after else _next_day_without_lessons(child, day),
        pause="" if shown.lessons else _name_pause(child, day),
        fresh=span.list_fresh(today),
        unexplained=span.list_unexplained(since=today - LOOK_AHEAD),
    )


def _weeks_around(child: ChildView, days: Sequence[DiaryDay]) -> tuple[date | None, date | None]:
    """Return a day of the week before and of the week after; holidays are skipped at once."""
    monday = days[0].day
    if child.level is None or any(one.lessons for one in days):
        return monday - timedelta(days=7), monday + timedelta(days=7)
    last = schedule.last_study_day(level=child.level, day=monday)
    return last, schedule.next_study_day(level=child.level, day=days[-1].day)


def _name_pause(child: ChildView, day: date) -> str:
    """Return the title of the school holidays of a day, or ""."""
    if child.level is None:
        return ""
    try:
        calendar = schedule.get_calendar(start_year=start_year_of(day))
    except NotFound:
        return ""
    if day > calendar.ends_on or day < calendar.starts_on:
        return "Летние каникулы"
    pauses = calendar.breaks_of(child.level)
    return next((p.title for p in pauses if p.starts_on <= day <= p.ends_on), "")


def _read_last_day(actor: Actor, child: ChildView, day: date) -> DiaryDay | None:
    """Return the last school day long before a day: in July, the last one of May."""
    last = None if child.level is None else schedule.last_study_day(level=child.level, day=day)
    if last is None or last >= day:
        return None
    return read_span(actor, child, last - LOOK_BACK, last).day(last)


def _next_day_without_lessons(child: ChildView, day: date) -> DiaryDay | None:
    """Return the next school day of the calendar, whose lessons are not there yet."""
    following = None if child.level is None else schedule.next_study_day(level=child.level, day=day)
    return None if following is None else DiaryDay(following, ())
