"""What a journal's page and a teacher's day ask beside the lessons themselves."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from services.schedule.models import Lesson, TeachingLoad


def list_page_teachers(*, group_id: int, subject_id: int) -> list[int]:
    """Return the employees whose load a page of the journal is."""
    rows = TeachingLoad.objects.filter(group_id=group_id, subject_id=subject_id)
    return list(rows.order_by("pk").values_list("employee_id", flat=True))


def count_given(
    *, group_ids: Collection[int], since: date, last: date, now: datetime
) -> dict[tuple[int, int], int]:
    """Return how many lessons are over, by (group, subject); cancelled ones are not given."""
    rows = Lesson.objects.filter(
        group_id__in=group_ids, date__gte=since, date__lte=last, ends_at__lte=now
    ).exclude(state=Lesson.State.CANCELLED)
    counted = rows.values_list("group_id", "subject_id").annotate(number=Count("pk")).order_by()
    return {(group_id, subject_id): number for group_id, subject_id, number in counted}


def list_cancelled(*, since: date, last: date) -> set[int]:
    """Return the lessons that were cancelled on some days, both included."""
    rows = Lesson.objects.filter(date__gte=since, date__lte=last, state=Lesson.State.CANCELLED)
    return set(rows.values_list("pk", flat=True))


def next_teacher_day(*, employee_id: int, after: date) -> date | None:
    """Return the nearest later day with a lesson of a teacher, or None."""
    found: date | None = (
        _given(employee_id).filter(date__gt=after).aggregate(day=Min("date"))["day"]
    )
    return found


def previous_teacher_day(*, employee_id: int, before: date) -> date | None:
    """Return the nearest earlier day with a lesson of a teacher, or None."""
    found: date | None = (
        _given(employee_id).filter(date__lt=before).aggregate(day=Max("date"))["day"]
    )
    return found


def _given(employee_id: int) -> QuerySet[Lesson]:
    return Lesson.objects.filter(Q(employee_id=employee_id) | Q(substitute_id=employee_id))
