"""A case of a school as the committee was shown it (снимок дела): frozen, with who looked when.

The committee sees nothing else of the school. The database refuses to change a taken snapshot.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from services.oversight.models.complaint import Complaint


class CaseSnapshot(models.Model):
    """Asked for by an officer, filled once from the school; `is_missing` when no such case is."""

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="snapshots", verbose_name="жалоба"
    )
    case_number = models.CharField("номер заявления", max_length=20)
    asked_at = models.DateTimeField("запрошено")
    asked_by = models.BigIntegerField("кто запросил", null=True)
    asked_by_name = models.CharField("кто запросил, имя", max_length=200)
    taken_at = models.DateTimeField("снято", null=True)
    is_missing = models.BooleanField("такого дела нет", default=False)
    content = models.JSONField("содержание", null=True)
    digest = models.CharField("отпечаток содержания", max_length=64, blank=True)

    personal_data: ClassVar[dict[str, str]] = {"asked_by_name": "work", "content": "complaint"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, content__isnull=True, digest="")
                | Q(taken_at__isnull=False, is_missing=True, content__isnull=True)
                | Q(taken_at__isnull=False, is_missing=False, content__isnull=False)
                & ~Q(digest=""),
                name="oversight_snapshot_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"snapshot {self.pk}"


class SnapshotLook(models.Model):
    """Somebody of the committee opened a snapshot."""

    snapshot = models.ForeignKey(
        CaseSnapshot, models.CASCADE, related_name="looks", verbose_name="снимок"
    )
    at = models.DateTimeField("когда")
    account_id = models.BigIntegerField("кто", null=True)
    by_name = models.CharField("кто, имя", max_length=200)

    personal_data: ClassVar[dict[str, str]] = {"by_name": "work"}

    def __str__(self) -> str:
        return f"look {self.pk}"
