"""A school's day whose numbers are out of date: it waits to be counted anew."""

from django.db import models
from django.db.models.functions import Now


class DirtyDay(models.Model):
    """Every event raises `counter`; who counted the day deletes the row he noted, unless it grew.

    A row made anew has a new id, so that a late counter never takes it for the one he noted.
    """

    school = models.ForeignKey(
        "registry.School", models.CASCADE, related_name="+", verbose_name="школа"
    )
    day = models.DateField("день")
    counter = models.PositiveIntegerField("изменений", default=1)
    marked_at = models.DateTimeField("первое изменение", db_default=Now())
    attempts = models.PositiveSmallIntegerField("неудач", db_default=0)
    retry_at = models.DateTimeField("повторить не раньше", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "day"], name="monitoring_dirty_day_once")
        ]

    def __str__(self) -> str:
        return f"school {self.school_id} {self.day}"
