"""An incident (аварийный режим, сбой): when, why, who was told; NFR-007, NFR-009."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Incident(models.Model):
    """What kept a school, or the district, from working; without an end it goes on."""

    class Kind(models.TextChoices):
        INTERNET = "internet", "нет Интернета"
        POWER = "power", "нет электричества"
        PLATFORM = "platform", "не работает система"
        OTHER = "other", "другое"

    school = models.ForeignKey(
        "registry.School", models.PROTECT, null=True, related_name="+", verbose_name="школа"
    )
    kind = models.CharField("что случилось", max_length=8, choices=Kind.choices)
    started_at = models.DateTimeField("начало")
    ended_at = models.DateTimeField("окончание", null=True)
    cause = models.CharField("причина", max_length=300, blank=True)
    told = models.CharField("кому сообщили", max_length=300, blank=True)
    is_in_study = models.BooleanField("в учебный период")
    reported_at = models.DateTimeField("записан")
    reported_by = models.BigIntegerField("кто записал", null=True)

    personal_data: ClassVar[dict[str, str]] = {"told": "work"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="upkeep_incident_end",
            )
        ]
        indexes = [models.Index(fields=["started_at"], name="upkeep_incident_starts")]

    def __str__(self) -> str:
        return f"incident {self.pk}"
