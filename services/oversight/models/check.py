"""A check of a school (проверка) and what it found; SRV-029, ROL-032."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Check(models.Model):
    """What is checked, when, by whom; the number is of the committee's own register."""

    class Kind(models.TextChoices):
        PLANNED = "planned", "плановая"
        UNPLANNED = "unplanned", "внеплановая"
        COMPLAINT = "complaint", "по жалобе"

    school = models.ForeignKey(
        "registry.School", models.PROTECT, related_name="+", verbose_name="школа"
    )
    number = models.CharField("номер в реестре", max_length=20, unique=True)
    kind = models.CharField("вид", max_length=10, choices=Kind.choices)
    subject = models.CharField("предмет проверки", max_length=300)
    starts_on = models.DateField("начало")
    ends_on = models.DateField("окончание")
    inspectors = models.CharField("кто проверяет", max_length=300)
    created_by = models.BigIntegerField("кто завёл", null=True)
    closed_on = models.DateField("завершена", null=True)
    conclusion = models.TextField("вывод", blank=True)

    personal_data: ClassVar[dict[str, str]] = {"inspectors": "work"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="oversight_check_days"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, conclusion="")
                | Q(closed_on__isnull=False) & ~Q(conclusion=""),
                name="oversight_check_closed",
            ),
        ]
        indexes = [models.Index(fields=["school", "starts_on"], name="oversight_check_school")]

    def __str__(self) -> str:
        return f"check {self.pk}"


class Finding(models.Model):
    """A breach a check found, with the day by which it is cured; the school answers in writing."""

    check_of = models.ForeignKey(
        Check, models.CASCADE, related_name="findings", verbose_name="проверка"
    )
    text = models.TextField("нарушение")
    clause = models.CharField("что нарушено", max_length=200, blank=True)
    cure_until = models.DateField("устранить до")
    sent_on = models.DateField("направлено школе", null=True)
    reply = models.TextField("ответ школы", blank=True)
    replied_on = models.DateField("отвечено", null=True)
    replied_by_name = models.CharField("кто ответил", max_length=200, blank=True)
    cured_on = models.DateField("устранено", null=True)

    personal_data: ClassVar[dict[str, str]] = {"replied_by_name": "work"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_on__isnull=True) | Q(sent_on__isnull=False),
                name="oversight_finding_reply",
            )
        ]

    def __str__(self) -> str:
        return f"finding {self.pk}"
