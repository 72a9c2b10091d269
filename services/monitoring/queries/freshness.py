"""How old the numbers of the schools are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, Subquery
from django.db.models.functions import Now

from kernel.actor import SchoolRef
from kernel.periods import Period
from services.monitoring.models import DirtyDay, Fact, SchoolFreshness


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


def find_quarter(*, schools: Iterable[SchoolRef]) -> Period | None:
    """Return the quarter most of these schools keep, by their own calendars; None: none is known.

    Of two kept by as many schools the later one.
    """
    rows = SchoolFreshness.objects.filter(pk__in=[one.id for one in schools])
    quarters = rows.values_list("quarter_since", "quarter_until")
    kept = Counter((since, until) for since, until in quarters if since and until)
    if not kept:
        return None
    (since, until), _ = max(kept.items(), key=lambda item: (item[1], item[0]))
    return Period(since, until)


def get_first_day(*, school_id: int) -> date | None:
    """Return the first day of a school that has numbers; `None` when none has."""
    days = Fact.objects.filter(school_id=school_id).order_by("day").values_list("day", flat=True)
    return days.first()
