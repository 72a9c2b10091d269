"""Marks and absences counted for reports (наполняемость, средний балл, пропуски): raw numbers.

Each function is one statement, whatever the class's size. Whose results count, and towards what,
the caller says by days: a pupil who changed the class in mid term counts in both, by its days.
Absences come without the lessons that were cancelled: a topic planned ahead, or codes put by
mistake, make none of a lesson that was not held. A mark that stands in the journal is a mark.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from kernel.absence import DEFAULT_CODES
from kernel.marks import EXPECTED_FROM, round_half_up

ABSENT_CODES = [code.code for code in DEFAULT_CODES if code.counts_as_absent]
HELD = "r.lesson_id <> ALL(%(cancelled)s::bigint[])"
# By pupil, subject and value: marks with their weight, then codes with how many of them stand in
# lessons that are written down. A page of the journal has one place, 0.
TALLY = f"""
SELECT {{place}}, x.pupil_id, r.subject_id, x.value, NULL, count(*), sum(coalesce(k.weight, 1)), 0
FROM journal_mark x
JOIN journal_lessonrecord r ON r.lesson_id = x.record_id
LEFT JOIN journal_workkind k ON k.id = r.work_kind_id
{{narrowed}}
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT {{place}}, x.pupil_id, r.subject_id, NULL, x.code, count(*), 0,
       count(*) FILTER (WHERE r.filled_at IS NOT NULL)
FROM journal_absence x
JOIN journal_lessonrecord r ON r.lesson_id = x.record_id AND {HELD}
{{narrowed}}
GROUP BY 1, 2, 3, 5
"""
OF_STAYS = """
JOIN unnest(%(pupils)s::bigint[], %(places)s::bigint[], %(since)s::date[], %(until)s::date[])
    AS s(pupil_id, place, since, until)
    ON s.pupil_id = x.pupil_id AND r.date >= s.since AND r.date < s.until
"""
OF_PAGE = """
WHERE r.group_id = %(group)s AND r.subject_id = %(subject)s
  AND r.date BETWEEN %(since)s AND %(last)s
"""
# Of a whole school a place is a class: the average of a pupil is compared where the numbers lie.
PLACE_MARKS = f"""
WITH given AS (
    SELECT s.place, x.pupil_id, r.subject_id, count(*) AS marks,
           count(*) FILTER (WHERE x.value >= 4) AS good,
           sum(x.value * CASE WHEN %(weighted)s THEN coalesce(k.weight, 1) ELSE 1 END) AS points,
           sum(CASE WHEN %(weighted)s THEN coalesce(k.weight, 1) ELSE 1 END) AS weights
    FROM journal_mark x
    JOIN journal_lessonrecord r ON r.lesson_id = x.record_id
    LEFT JOIN journal_workkind k ON k.id = r.work_kind_id
    {OF_STAYS}
    GROUP BY 1, 2, 3
)
SELECT place, sum(marks), sum(good), sum(points), sum(weights), array_agg(DISTINCT pupil_id),
       array_agg(DISTINCT pupil_id)
           FILTER (WHERE round(points / nullif(weights, 0), 2) < %(low)s)
FROM given
GROUP BY place
"""
PLACE_ABSENCES = f"""
SELECT s.place, count(*)
FROM journal_absence x
JOIN journal_lessonrecord r ON r.lesson_id = x.record_id
{OF_STAYS}
WHERE r.filled_at IS NOT NULL AND x.code = ANY(%(absent)s) AND {HELD}
GROUP BY 1
"""
# How many pupils × lessons are written down: what the absences are a share of.
EXPECTED = f"""
SELECT s.place, sum(s.size)
FROM unnest(%(groups)s::bigint[], %(places)s::bigint[], %(since)s::date[], %(until)s::date[],
            %(sizes)s::bigint[]) AS s(group_id, place, since, until, size)
JOIN journal_lessonrecord r
    ON r.group_id = s.group_id AND r.date >= s.since AND r.date < s.until
WHERE r.filled_at IS NOT NULL AND {HELD}
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Stay:
    """The days on which a pupil's results count towards a place; `until` is not included."""

    pupil_id: int
    place: int
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Seats:
    """How many pupils of a place sit in a group on some days; `until` is not included."""

    group_id: int
    place: int
    since: date
    until: date
    size: int = 1


@dataclass(slots=True)
class Tally:
    """What a pupil has in a subject: how many marks of each value, how many codes of each kind.

    `absent_recorded` are the lessons missed among those that are written down.
    """

    place: int
    pupil_id: int
    subject_id: int
    marks: dict[int, int] = field(default_factory=dict)
    points: Decimal = Decimal(0)
    weights: Decimal = Decimal(0)
    codes: dict[str, int] = field(default_factory=dict)
    absent_recorded: int = 0


@dataclass(frozen=True, slots=True)
class PlaceTally:
    """The marks of a class together; the ids are of pupils with marks, and of those falling."""

    marks: int
    good: int
    points: Decimal
    weights: Decimal
    marked_ids: frozenset[int]
    low_ids: frozenset[int]

    @property
    def average(self) -> Decimal | None:
        """Return the mean of the marks."""
        return round_half_up(self.points / self.weights) if self.weights else None


def tally_pupils(
    *, stays: Sequence[Stay], cancelled: Collection[int], weighted: bool
) -> list[Tally]:
    """Return what pupils have by place and subject: one query."""
    asked = {**_arrays(stays), "cancelled": list(cancelled)}
    return _tally(TALLY.format(place="s.place", narrowed=OF_STAYS), asked, weighted)


def tally_page(
    *,
    group_id: int,
    subject_id: int,
    since: date,
    last: date,
    cancelled: Collection[int],
    weighted: bool,
) -> list[Tally]:
    """Return what pupils have on a page of the journal on some days, both included: one query."""
    asked = {
        "group": group_id,
        "subject": subject_id,
        "since": since,
        "last": last,
        "cancelled": list(cancelled),
    }
    return _tally(TALLY.format(place="0", narrowed=OF_PAGE), asked, weighted)


def tally_places(*, stays: Sequence[Stay], weighted: bool) -> dict[int, PlaceTally]:
    """Return the marks of places; one without marks is absent: one query."""
    asked = {**_arrays(stays), "weighted": weighted, "low": EXPECTED_FROM[3]}
    with connection.cursor() as cursor:
        cursor.execute(PLACE_MARKS, asked)
        return {
            place: PlaceTally(
                int(marks), int(good), points, weights, frozenset(marked), frozenset(low or ())
            )
            for place, marks, good, points, weights, marked, low in cursor.fetchall()
        }


def count_absent_recorded(*, stays: Sequence[Stay], cancelled: Collection[int]) -> dict[int, int]:
    """Return how many written-down lessons were missed, by place: one query."""
    asked = {**_arrays(stays), "absent": ABSENT_CODES, "cancelled": list(cancelled)}
    return _count(PLACE_ABSENCES, asked)


def count_expected(*, seats: Iterable[Seats], cancelled: Collection[int]) -> dict[int, int]:
    """Return how many pupils × lessons are written down, by place: one query."""
    rows = list(seats)
    asked = {
        "groups": [one.group_id for one in rows],
        "places": [one.place for one in rows],
        "since": [one.since for one in rows],
        "until": [one.until for one in rows],
        "sizes": [one.size for one in rows],
        "cancelled": list(cancelled),
    }
    return _count(EXPECTED, asked)


def _tally(statement: str, asked: Mapping[str, Any], weighted: bool) -> list[Tally]:
    found: dict[tuple[int, int, int], Tally] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows = cursor.fetchall()
    for place, pupil_id, subject_id, value, code, count, weight, recorded in rows:
        key = place, pupil_id, subject_id
        tally = found.setdefault(key, Tally(*key))
        if value is not None:
            weighs = weight if weighted else Decimal(count)
            tally.marks[value] = tally.marks.get(value, 0) + count
            tally.points += value * weighs
            tally.weights += weighs
            continue
        tally.codes[code] = tally.codes.get(code, 0) + count
        if code in ABSENT_CODES:
            tally.absent_recorded += recorded
    return list(found.values())


def _arrays(stays: Collection[Stay]) -> dict[str, Any]:
    return {
        "pupils": [one.pupil_id for one in stays],
        "places": [one.place for one in stays],
        "since": [one.since for one in stays],
        "until": [one.until for one in stays],
    }


def _count(statement: str, asked: Mapping[str, Any]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return {place: int(number) for place, number in cursor.fetchall()}
