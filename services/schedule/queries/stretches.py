"""Days of some groups as a family's week needs them: the lessons shown, and traces of earlier ones.

Of the weeks before only the place and the day of a lesson are read: tasks were given there that
are due in the days shown.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from foundation.db.door import planned_cursor
from services.schedule.models import Lesson
from services.schedule.queries.lessons import LESSONS, LessonCard

# One statement of two arms, because a week has six; a trace leaves the columns of a card empty.
# Group by group, over the index of both: a kept plan knows neither the days nor how many groups,
# and would read the whole school's lessons of the month. OFFSET 0 lets it not think better of it.
NEAR = """
WITH near AS MATERIALIZED (
    SELECT l.* FROM unnest(%(groups)s::bigint[]) AS own (id)
    CROSS JOIN LATERAL (
        SELECT id, group_id, subject_id, date, state FROM schedule_lesson
        WHERE group_id = own.id AND date BETWEEN %(earlier)s AND %(until)s OFFSET 0
    ) AS l
)
"""
SHOWN = "l.id IN (SELECT id FROM near WHERE date >= %(since)s)"
STRETCH = f"""
{NEAR}
({LESSONS.format(condition=SHOWN, lock="")})
UNION ALL
SELECT n.id, NULL, n.group_id, n.subject_id, NULL, s.name, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       n.date, NULL, NULL, NULL, NULL, n.state, NULL
FROM near n
JOIN schedule_subject s ON s.id = n.subject_id
WHERE n.date < %(since)s
"""
ID, GROUP, SUBJECT, NAME, DATE, STARTS_AT, STATE = 0, 2, 3, 5, 13, 15, 18


class LessonTrace(NamedTuple):
    """An earlier lesson: whose it was and when."""

    id: int
    group_id: int
    subject_id: int
    subject_name: str
    date: datetime.date
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lessons in order of time, and traces of those before them by day."""

    lessons: list[LessonCard]
    earlier: list[LessonTrace]


def read_group_stretch(
    *,
    group_ids: Collection[int],
    earlier: datetime.date,
    since: datetime.date,
    until: datetime.date,
) -> Stretch:
    """Return the lessons from `since` to `until`, and traces of those from `earlier` on."""
    with planned_cursor() as cursor:
        cursor.execute(
            STRETCH,
            {"groups": list(group_ids), "earlier": earlier, "since": since, "until": until},
        )
        rows = cursor.fetchall()
    lessons = [LessonCard(*row) for row in rows if row[STARTS_AT] is not None]
    traces = [
        LessonTrace(
            row[ID],
            row[GROUP],
            row[SUBJECT],
            row[NAME],
            row[DATE],
            row[STATE] == Lesson.State.CANCELLED,
        )
        for row in rows
        if row[STARTS_AT] is None
    ]
    return Stretch(
        sorted(lessons, key=attrgetter("starts_at", "id")),
        sorted(traces, key=attrgetter("date", "id")),
    )
