"""How fresh a school's numbers are (свежесть данных)."""

from django.db import models


class SchoolFreshness(models.Model):
    """When a school was last counted, and the last of its days that had lessons."""

    school = models.OneToOneField(
        "registry.School",
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name="школа",
    )
    rolled_up_at = models.DateTimeField("пересчитано")
    last_lesson_day = models.DateField("последний день с уроками", null=True)

    def __str__(self) -> str:
        return f"school {self.school_id} {self.rolled_up_at}"
