"""Subjects (предметы) and the hours a class has of each (учебный план).

Source: requirements JRN-028, CUR-001; names and hours by curriculum.md §§1–4. A subject's code is
stable for ever: a renamed subject gets a second row, so that a summary sheet of 25 years ago
still shows the name of its time.
"""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q


class Subject(models.Model):
    """A subject under one name; both days of its validity count, None is open."""

    code = models.SlugField("код", max_length=40)
    short_name = models.CharField("кратко", max_length=20)
    name = models.CharField("название", max_length=150)
    valid_from = models.DateField("с", null=True)
    valid_to = models.DateField("по", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], name="schedule_subject_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="schedule_subject_is_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CurriculumHours(models.Model):
    """How many lessons of a subject a class has in a week: half an hour is a lesson in two."""

    school_class = models.ForeignKey(
        "people.SchoolClass", models.CASCADE, related_name="+", verbose_name="класс"
    )
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", verbose_name="предмет")
    hours = models.DecimalField(
        "часов в неделю",
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25"))],
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "subject"], name="schedule_curriculum_once"
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0), name="schedule_curriculum_hours_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id}: {self.hours}"
