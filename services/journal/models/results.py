"""A pupil's cell in the journal: the mark (отметка) and the absence (пропуск).

Both belong to the day of the lesson; when they were entered is a separate fact (JRN-009, D5).
"""

from typing import ClassVar

from django.db import models

from services.journal.models.record import LessonRecord


class Result(models.Model):
    """What a mark and an absence share; both keys lead an index of two columns already."""

    record = models.ForeignKey(
        LessonRecord,
        models.PROTECT,
        related_name="+",
        verbose_name="запись урока",
        db_index=False,
    )
    pupil = models.ForeignKey(
        "people.Pupil",
        models.PROTECT,
        related_name="+",
        verbose_name="обучающийся",
        db_index=False,
    )
    revision = models.PositiveIntegerField("редакция")
    put_at = models.DateTimeField("когда внесено")
    put_by = models.BigIntegerField("кем внесено", null=True)

    class Meta:
        abstract = True


class Mark(Result):
    """A mark of the five-point scale."""

    value = models.PositiveSmallIntegerField("отметка")

    personal_data: ClassVar[dict[str, str]] = {"value": "learning"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "pupil"], name="journal_mark_once"),
            models.CheckConstraint(
                condition=models.Q(value__gte=1, value__lte=5), name="journal_mark_of_scale"
            ),
        ]
        indexes = [models.Index(fields=["pupil", "record"], name="journal_mark_pupil")]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class Absence(Result):
    """A code of attendance: Н, УП, НП, Б, ОП; only the class of reason, never a diagnosis."""

    code = models.CharField("код", max_length=4)

    personal_data: ClassVar[dict[str, str]] = {"code": "attendance"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "pupil"], name="journal_absence_once")
        ]
        indexes = [models.Index(fields=["pupil", "record"], name="journal_absence_pupil")]

    def __str__(self) -> str:
        return f"absence {self.pk}"
