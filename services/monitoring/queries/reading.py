"""Reading the facts of whole schools by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kernel.indicators import NO_SUBJECT, Measure
from kernel.periods import Period
from services.monitoring.models import Fact
from services.monitoring.rules.counting import COUNTED, WHOLE_SCHOOL
from services.monitoring.rules.reading import Hiding, Reading
from services.monitoring.rules.tally import Tally
from services.regulation.queries import get_district_setting

# Counts of a whole school: day → measure → count.
SchoolDays = Mapping[date, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class DayReading:
    """A day of a school or of the district; only days with lessons have one."""

    day: date
    reading: Reading


def smallest_cell(*, on: date) -> int:
    """Return below how many pupils numbers stay hidden on a day, by the committee's word."""
    return int(get_district_setting(key="monitoring.smallest_cell", on=on).value)


def read_days(period: Period, school_id: int | None = None) -> Mapping[int, SchoolDays]:
    """Return the whole schools' counts of every day of the period; one statement."""
    rows = Fact.objects.filter(grade=WHOLE_SCHOOL, day__gte=period.since, day__lt=period.until)
    if school_id is not None:
        rows = rows.filter(school_id=school_id, subject_code=NO_SUBJECT)
    days: dict[int, dict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for school, day, measure, count in rows.order_by().values_list(
        "school_id", "day", "measure", "count"
    ):
        days[school][day][measure] = count
    return days


def tally_of_days(days: SchoolDays) -> Tally:
    """Return the days of one school added up; the same children come every day."""
    totals: dict[str, int] = defaultdict(int)
    for counts in days.values():
        for measure, count in counts.items():
            totals[measure] += count
    most = max((counts.get(Measure.PUPILS, 0) for counts in days.values()), default=0)
    return Tally.of({**totals, Measure.PUPILS: most})


def lessons_by_day(days: SchoolDays) -> dict[date, int]:
    """Return how many lessons were held on each counted day."""
    return {day: counts.get(Measure.LESSONS_HELD, 0) for day, counts in days.items()}


def counted_days(days: SchoolDays) -> set[date]:
    """Return the days that were counted, with lessons or without."""
    return {day for day, counts in days.items() if COUNTED in counts}


def readings_by_day(days: SchoolDays, *, hidden: Hiding = Hiding.NONE) -> tuple[DayReading, ...]:
    """Return the days on which a school held lessons."""
    return tuple(
        DayReading(day, Reading.of(Tally.of(days[day]), marks=hidden, attendance=hidden))
        for day in sorted(days)
        if days[day].get(Measure.LESSONS_HELD)
    )


def add_days(schools: Iterable[Iterable[DayReading]]) -> tuple[DayReading, ...]:
    """Return the days of several schools added up, as far as they may be shown."""
    by_day: dict[date, list[Tally]] = defaultdict(list)
    for days in schools:
        for one in days:
            by_day[one.day].append(one.reading.tally)
    return tuple(DayReading(day, Reading(Tally.sum(by_day[day]))) for day in sorted(by_day))
