"""The board of the district: every school over a period, the missing ones too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.actor import SchoolRef
from kernel.periods import Period
from kernel.school_year import week_of
from services.monitoring.queries.freshness import NEVER, Freshness, read_freshness
from services.monitoring.queries.reading import (
    DayReading,
    SchoolDays,
    add_days,
    counted_days,
    lessons_by_day,
    read_days,
    readings_by_day,
    smallest_cell,
    tally_of_days,
)
from services.monitoring.rules.attention import Lag, find_lags
from services.monitoring.rules.completeness import (
    Completeness,
    judge_completeness,
    list_expected_days,
    missing_since,
)
from services.monitoring.rules.reading import Hiding, Reading
from services.monitoring.rules.suppression import is_small
from services.monitoring.rules.tally import Tally


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school on the board; `missing_since` is set when nothing came any more from that day."""

    school: SchoolRef
    reading: Reading
    days: tuple[DayReading, ...]
    freshness: Freshness
    completeness: Completeness
    missing_since: date | None

    @property
    def has_data(self) -> bool:
        """Return whether any day of the period was counted: without, there is nothing to show."""
        return not self.completeness.is_empty


@dataclass(frozen=True, slots=True)
class Board:
    """The district over a period: a line for each school, the total, its days, who lags."""

    period: Period
    schools: tuple[SchoolLine, ...]
    total: Reading
    days: tuple[DayReading, ...]
    lags: tuple[Lag, ...]
    smallest_cell: int
    last_lesson_day: date | None

    @property
    def has_lessons(self) -> bool:
        """Return whether any school held a lesson in the period."""
        return self.total.tally.lessons_held > 0


def get_board(*, schools: Sequence[SchoolRef], period: Period | None, today: date) -> Board:
    """Return the board; three statements, whatever the number of schools.

    Without a period it is the week of the last lessons: on a Sunday and in July there is something
    to see.

    A school with fewer pupils than may be shown is not in the district's marks and attendance:
    so nobody can take the other schools away and be left with it.
    """
    threshold = smallest_cell(on=today)
    freshness = read_freshness()
    last_lesson_day = _last_lesson_day(schools, freshness)
    period = period or week_of(last_lesson_day or today)
    days = read_days(period)
    expected = list_expected_days(map(lessons_by_day, days.values()), today)
    lines = tuple(
        _line(
            school,
            days.get(school.id, {}),
            freshness.get(school.id, NEVER),
            expected,
            threshold,
        )
        for school in schools
    )
    total = Tally.sum(line.reading.tally for line in lines)
    return Board(
        period=period,
        schools=lines,
        total=Reading(total),
        days=add_days(line.days for line in lines),
        lags=tuple(find_lags(((one.school.id, one.reading.tally) for one in lines), total)),
        smallest_cell=threshold,
        last_lesson_day=last_lesson_day,
    )


def _last_lesson_day(
    schools: Sequence[SchoolRef], freshness: Mapping[int, Freshness]
) -> date | None:
    days = [freshness.get(school.id, NEVER).last_lesson_day for school in schools]
    return max((day for day in days if day), default=None)


def _line(
    school: SchoolRef,
    days: SchoolDays,
    freshness: Freshness,
    expected: Sequence[date],
    threshold: int,
) -> SchoolLine:
    completeness = judge_completeness(counted_days(days), expected)
    tally = tally_of_days(days)
    hidden = Hiding.FEW if is_small(tally.pupils, threshold) else Hiding.NONE
    return SchoolLine(
        school=school,
        reading=Reading.of(tally, marks=hidden, attendance=hidden),
        days=readings_by_day(days, hidden=hidden),
        freshness=freshness,
        completeness=completeness,
        missing_since=missing_since(completeness, expected),
    )
