"""Planned works (регламентные работы): when the product may be away, told beforehand; NFR-005."""

from django.db import models
from django.db.models import F, Q


class PlannedWorks(models.Model):
    """A stretch of time; without a school, works of the whole district."""

    school = models.ForeignKey(
        "registry.School", models.PROTECT, null=True, related_name="+", verbose_name="школа"
    )
    starts_at = models.DateTimeField("начало")
    ends_at = models.DateTimeField("окончание")
    reason = models.CharField("что делают", max_length=200)
    is_at_night = models.BooleanField("ночью")
    announced_at = models.DateTimeField("объявлены")
    announced_by = models.BigIntegerField("кто объявил", null=True)
    cancelled_at = models.DateTimeField("отменены", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="upkeep_works_end")
        ]
        indexes = [models.Index(fields=["ends_at"], name="upkeep_works_ends")]

    def __str__(self) -> str:
        return f"works {self.pk}"
