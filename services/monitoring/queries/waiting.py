"""What waits to be counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from kernel.actor import SchoolRef
from services.monitoring.models import DirtyDay, SchoolFreshness


@dataclass(frozen=True, slots=True)
class DirtyNote:
    """A dirty day as it was noted before the school was read."""

    id: int
    school_id: int
    day: date
    counter: int
    attempts: int = 0


def list_due_days(*, pause: timedelta, limit: int) -> list[DirtyNote]:
    """Return the days to count now, the newest first: it is what people look at.

    A day is due when it waited for `pause`, or when its school was not counted for as long: the
    first change after a silence goes at once, a stream of changes is counted once in a pause.
    """
    just_counted = SchoolFreshness.objects.filter(
        pk=OuterRef("school_id"), rolled_up_at__gt=Now() - pause
    )
    rows = (
        DirtyDay.objects.filter(Q(retry_at=None) | Q(retry_at__lte=Now()))
        .filter(Q(marked_at__lte=Now() - pause) | ~Exists(just_counted))
        .order_by("-day", "pk")[:limit]
    )
    return [DirtyNote(row.pk, row.school_id, row.day, row.counter, row.attempts) for row in rows]


def list_quiet_schools(*, schools: Iterable[SchoolRef], silence: timedelta) -> list[SchoolRef]:
    """Return those of the schools that were not counted for so long, or never."""
    counted = set(
        SchoolFreshness.objects.filter(rolled_up_at__gt=Now() - silence).values_list(
            "pk", flat=True
        )
    )
    return [school for school in schools if school.id not in counted]
