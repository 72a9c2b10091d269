"""Homework (домашнее задание): for the class, or for one pupil and nobody else (HWK-008)."""

from django.db import models

from services.journal.models.record import LessonRecord


class Homework(models.Model):
    """The task, the manner of doing it, pages and numbers (HWK-006); `pupil` None: the class."""

    record = models.ForeignKey(
        LessonRecord,
        models.PROTECT,
        related_name="+",
        verbose_name="запись урока",
        db_index=False,
    )
    pupil = models.ForeignKey(
        "people.Pupil", models.PROTECT, null=True, related_name="+", verbose_name="кому"
    )
    text = models.TextField("задание")
    manner = models.CharField("как выполнить", max_length=120, blank=True, default="")
    due_on = models.DateField("к какому дню", null=True)
    given_at = models.DateTimeField("когда внесено")
    given_by = models.BigIntegerField("кем внесено", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "pupil"], name="journal_homework_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"homework {self.pk}"
