"""What follows from a subject's rights: acts of destruction (акты), requests for own data.

Source: 152-ФЗ ст. 14, 20 (ten working days), ст. 21 ч. 5 (thirty days); приказ Роскомнадзора
28.10.2022 № 179 (the act and the export of the event log, three years); law.md §2.3.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from services.people.models.persons import Employee, Guardian, Pupil


class DestructionAct(models.Model):
    """An act of destruction with the export of the event log; never changed."""

    class Reason(models.TextChoices):
        WITHDRAWAL = "withdrawal", "отзыв согласия"
        TERM = "term", "истёк срок хранения согласия"
        ENDED = "ended", "цель обработки достигнута: срок согласия кончился"

    number = models.CharField("номер", max_length=20, unique=True)
    made_on = models.DateField("дата")
    made_at = models.DateTimeField("составлен")
    made_by = models.BigIntegerField("учётная запись", null=True)
    reason = models.CharField("причина", max_length=10, choices=Reason.choices)
    subject_name = models.CharField("чьи данные", max_length=200)
    content = models.JSONField("содержание акта и выгрузка")
    kept_until = models.DateField("хранить до")

    personal_data: ClassVar[dict[str, str]] = {"subject_name": "name", "content": "name"}
    retention: ClassVar[str] = "retention.destruction_act_years"

    def __str__(self) -> str:
        return f"act {self.number}"


class SubjectRequest(models.Model):
    """Somebody asks what the school keeps about them or about their child."""

    class Channel(models.TextChoices):
        ACCOUNT = "account", "в личном кабинете"
        DESK = "desk", "письменно, в школе"

    number = models.CharField("номер", max_length=20, unique=True)
    asked_on = models.DateField("поступил")
    asked_at = models.DateTimeField("время")
    asked_by = models.BigIntegerField("учётная запись", null=True)
    channel = models.CharField("как подан", max_length=7, choices=Channel.choices)
    # Who asks: the guardian, the pupil or the employee; about a child when both are named.
    guardian = models.ForeignKey(
        Guardian, models.PROTECT, null=True, related_name="+", verbose_name="представитель"
    )
    pupil = models.ForeignKey(
        Pupil, models.PROTECT, null=True, related_name="+", verbose_name="обучающийся"
    )
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name="работник"
    )
    due_on = models.DateField("ответить до")
    calendar_edition = models.CharField("редакция календаря", max_length=64)
    extended_on = models.DateField("продлён", null=True)
    extension_reason = models.CharField("почему продлён", max_length=500, blank=True, default="")
    answered_at = models.DateTimeField("отвечено", null=True)
    answered_by = models.BigIntegerField("учётная запись ответившего", null=True)
    answer_digest = models.CharField("отпечаток ответа", max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(guardian__isnull=False, employee__isnull=True)
                | Q(pupil__isnull=False, guardian__isnull=True, employee__isnull=True)
                | Q(employee__isnull=False, guardian__isnull=True, pupil__isnull=True),
                name="people_request_is_of_somebody",
            ),
            models.UniqueConstraint(
                fields=["guardian", "pupil", "employee"],
                condition=Q(answered_at__isnull=True),
                nulls_distinct=False,
                name="people_one_open_request",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.number}"
