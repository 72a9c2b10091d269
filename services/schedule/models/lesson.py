"""A lesson (урок): a group, a subject, a teacher, a day and an hour (JRN-004, NFR-008)."""

from django.db import models
from django.db.models import F, Q

from services.schedule.models.calendar import Term
from services.schedule.models.curriculum import Subject
from services.schedule.models.timetable import TeachingLoad


class Lesson(models.Model):
    """One dated lesson. `starts_at` is a moment: the bell in the school's own zone.

    Group, subject and employee repeat the load's, so that a page reads one table; the load of a
    lesson never changes, another teacher comes as `substitute`.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "по расписанию"
        CANCELLED = "cancelled", "отменён"

    load = models.ForeignKey(
        TeachingLoad,
        models.PROTECT,
        related_name="+",
        verbose_name="нагрузка",
        db_index=False,
    )
    group = models.ForeignKey(
        "people.TeachingGroup",
        models.PROTECT,
        related_name="+",
        verbose_name="группа",
        db_index=False,
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, related_name="+", verbose_name="предмет", db_index=False
    )
    employee = models.ForeignKey(
        "people.Employee",
        models.PROTECT,
        related_name="+",
        verbose_name="учитель",
        db_index=False,
    )
    substitute = models.ForeignKey(
        "people.Employee",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="замещающий",
        db_index=False,
    )
    term = models.ForeignKey(
        Term, models.PROTECT, related_name="+", verbose_name="период", db_index=False
    )
    date = models.DateField("дата")
    number = models.PositiveSmallIntegerField("урок")
    starts_at = models.DateTimeField("начало")
    ends_at = models.DateTimeField("конец")
    room = models.CharField("кабинет", max_length=20, blank=True, default="")
    state = models.CharField(
        "состояние", max_length=9, choices=State.choices, default=State.PLANNED
    )
    note = models.CharField("причина изменения", max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["load", "date", "number"], name="schedule_lesson_once"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="schedule_lesson_is_forward"
            ),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=F("employee")),
                name="schedule_lesson_substitute_is_another",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "date"], name="schedule_lesson_group"),
            models.Index(fields=["employee", "date"], name="schedule_lesson_employee"),
            models.Index(fields=["term", "group", "subject"], name="schedule_lesson_term"),
            models.Index(fields=["date"], name="schedule_lesson_date"),
            models.Index(
                fields=["substitute", "date"],
                name="schedule_lesson_substitute",
                condition=Q(substitute__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}, {self.number} урок"
