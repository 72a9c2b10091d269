"""Adding up a school's day: the counts as they came, the whole school's, and «it was counted»."""

from collections import Counter
from collections.abc import Iterable

from kernel.indicators import NO_SUBJECT, DayCount, Measure

WHOLE_SCHOOL = -1
# Stands for «this day was counted», so that a day without lessons is told from a missing one.
COUNTED = "counted"

Key = tuple[int, str, str]


def facts_of_day(counts: Iterable[DayCount]) -> dict[Key, int]:
    """Return (grade, subject, measure) → count of a day, with the whole school's; no zeros.

    The school's pupils are those of its grades; pupils of a subject would be counted twice.
    """
    facts: Counter[Key] = Counter()
    for item in counts:
        facts[item.grade, item.subject_code, item.measure] += item.count
        if item.measure != Measure.PUPILS or item.subject_code == NO_SUBJECT:
            facts[WHOLE_SCHOOL, NO_SUBJECT, item.measure] += item.count
    facts[WHOLE_SCHOOL, NO_SUBJECT, COUNTED] = 1
    return {key: count for key, count in facts.items() if count > 0}
