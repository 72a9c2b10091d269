"""How old the numbers of the schools are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.functions import Now

from services.monitoring.models import DirtyDay, SchoolFreshness


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a school was counted, how long ago, and how long its oldest change waits."""

    rolled_up_at: datetime | None = None
    age: timedelta | None = None
    last_lesson_day: date | None = None
    waiting: timedelta | None = None


NEVER = Freshness()


def read_freshness(school_id: int | None = None) -> dict[int, Freshness]:
    """Return the freshness of the schools that were ever counted; one statement."""
    oldest = DirtyDay.objects.filter(school_id=OuterRef("pk")).order_by("marked_at")
    rows = SchoolFreshness.objects.annotate(
        age=ExpressionWrapper(Now() - F("rolled_up_at"), output_field=DurationField()),
        waiting=ExpressionWrapper(
            Now() - Subquery(oldest.values("marked_at")[:1]), output_field=DurationField()
        ),
    )
    if school_id is not None:
        rows = rows.filter(pk=school_id)
    return {
        row.pk: Freshness(row.rolled_up_at, row.age, row.last_lesson_day, row.waiting)
        for row in rows
    }
