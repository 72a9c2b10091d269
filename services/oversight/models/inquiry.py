"""A question of the committee to a school about a complaint (запрос пояснений)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from services.oversight.models.complaint import Complaint


class Inquiry(models.Model):
    """With it the complaint becomes known to the school's head, as far as its text says."""

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="inquiries", verbose_name="жалоба"
    )
    text = models.TextField("о чём спрашиваем")
    asked_on = models.DateField("направлено")
    asked_by = models.BigIntegerField("кто направил", null=True)
    asked_by_name = models.CharField("кто направил, имя", max_length=200)
    due_on = models.DateField("ответить до")
    reply = models.TextField("пояснения школы", blank=True)
    replied_on = models.DateField("получено", null=True)
    replied_by_name = models.CharField("кто ответил", max_length=200, blank=True)

    personal_data: ClassVar[dict[str, str]] = {
        "text": "complaint",
        "reply": "complaint",
        "asked_by_name": "work",
        "replied_by_name": "work",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_on__isnull=True, reply="")
                | Q(replied_on__isnull=False) & ~Q(reply=""),
                name="oversight_inquiry_reply",
            )
        ]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"
