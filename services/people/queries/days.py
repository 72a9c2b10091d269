"""Rows that hold on a day: begun, and not ended."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet


def on_day(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Return the rows whose half-open days contain the day."""
    return rows.filter(since_on__lte=day).filter(Q(until=None) | Q(until__gt=day))
