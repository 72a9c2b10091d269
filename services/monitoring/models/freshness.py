"""How fresh a school's numbers are (свежесть данных)."""

from django.db import models


class SchoolFreshness(models.Model):
    """When a school was last counted, the last of its days that had lessons, and its quarter."""

    school = models.OneToOneField(
        "registry.School",
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name="школа",
    )
    rolled_up_at = models.DateTimeField("пересчитано")
    last_lesson_day = models.DateField("последний день с уроками", null=True)
    quarter_since = models.DateField("четверть с", null=True)
    quarter_until = models.DateField("четверть по день, не включая", null=True)

    def __str__(self) -> str:
        return f"school {self.school_id} {self.rolled_up_at}"
