"""Keeping a sample a minute, and counting a school's day from them: recomputed, never added."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from kernel.actor import SchoolRef
from services.upkeep.models import AvailabilityDay, Sample
from services.upkeep.queries.availability import get_answer_goal
from services.upkeep.queries.works import WorksCard, get_hours, list_past_works
from services.upkeep.rules import Stretch, cut_out, whole_minutes, working_day

KEPT = timedelta(days=40)  # a month and the days in which somebody may ask about it
SETTLED = timedelta(minutes=2)  # the sample of a minute is written by then
# Several may measure: a minute in which anybody was answered is a good one.
KEEP = """
INSERT INTO upkeep_sample (minute, is_ready, school_id, is_answered, answer_ms)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (minute) DO UPDATE SET
    is_ready = upkeep_sample.is_ready OR excluded.is_ready
"""


def keep_sample(
    *,
    minute: datetime,
    is_ready: bool,
    school_id: int | None = None,
    is_answered: bool | None = None,
    answer_ms: int | None = None,
) -> None:
    """Keep what was seen in a minute."""
    moment = minute.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [moment, is_ready, school_id, is_answered, answer_ms])


def sweep_samples(*, now: datetime) -> int:
    """Delete the samples whose days were counted long ago; return how many."""
    deleted, _ = Sample.objects.filter(minute__lt=now - KEPT).delete()
    return deleted


def count_days(*, schools: Collection[SchoolRef], day: date, now: datetime) -> int:
    """Count a day of every school anew, each on its own clock; return how many have a number.

    A minute without a sample counts as absence, except before the first sample ever.
    """
    first = Sample.objects.order_by("minute").values_list("minute", flat=True).first()
    if first is None:
        return 0
    hours, slowest = get_hours(on=day), get_answer_goal(on=day)
    samples: dict[str, list[Sample]] = {}
    counted = 0
    for school in schools:
        opens, closes = working_day(day, school.timezone, hours)
        next_opens, _ = working_day(day + timedelta(days=1), school.timezone, hours)
        known = (max(opens, first), now - SETTLED)
        if school.timezone not in samples:
            rows = Sample.objects.filter(minute__gte=opens, minute__lt=next_opens)
            samples[school.timezone] = list(rows.order_by("minute"))
        works = list_past_works(since=opens, until=next_opens)
        window = _within((opens, closes), known)
        whole = _within((opens, next_opens), known)
        if not whole:
            continue
        pieces = [left for one in window for left in cut_out(one, _holes(works, school.id))]
        _keep_day(
            school.id, day, _count(samples[school.timezone], school.id, pieces, whole, slowest)
        )
        counted += 1
    return counted


@dataclass(frozen=True, slots=True)
class _Tally:
    expected_minutes: int
    up_minutes: int
    round_expected_minutes: int
    round_up_minutes: int
    answers: int
    slow_answers: int
    answer_ms_total: int
    answer_ms_longest: int


def _within(stretch: Stretch, known: Stretch) -> list[Stretch]:
    start, stop = max(stretch[0], known[0]), min(stretch[1], known[1])
    return [(start, stop)] if start < stop else []


def _holes(works: Iterable[WorksCard], school_id: int) -> list[Stretch]:
    return [(one.starts_at, one.ends_at) for one in works if one.school_id in (None, school_id)]


def _count(
    samples: Sequence[Sample],
    school_id: int,
    pieces: list[Stretch],
    whole: list[Stretch],
    slowest: int,
) -> _Tally:
    up = [one.minute for one in samples if _is_up(one, school_id)]
    answers = [
        one.answer_ms
        for one in samples
        if one.school_id == school_id and one.is_answered and one.answer_ms is not None
    ]
    return _Tally(
        expected_minutes=whole_minutes(pieces),
        up_minutes=_inside(up, pieces),
        round_expected_minutes=whole_minutes(whole),
        round_up_minutes=_inside(up, whole),
        answers=len(answers),
        slow_answers=sum(taken > slowest for taken in answers),
        answer_ms_total=sum(answers),
        answer_ms_longest=max(answers, default=0),
    )


def _is_up(sample: Sample, school_id: int) -> bool:
    return sample.is_ready and not (sample.school_id == school_id and sample.is_answered is False)


def _inside(minutes: Iterable[datetime], pieces: list[Stretch]) -> int:
    return sum(any(start <= one < stop for start, stop in pieces) for one in minutes)


def _keep_day(school_id: int, day: date, tally: _Tally) -> None:
    AvailabilityDay.objects.update_or_create(
        school_id=school_id,
        day=day,
        defaults={name: getattr(tally, name) for name in _Tally.__slots__},
    )
