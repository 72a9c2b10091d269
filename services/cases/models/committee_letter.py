"""What the committee sent to the school (письмо комитета) and the school's reply.

A question about a complaint that the committee considers, or the findings of a check (SRV-029).
Until a letter is here the school knows nothing of either.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class CommitteeLetter(models.Model):
    """A letter by its id in the committee's own room; the same letter comes in once."""

    class Kind(models.TextChoices):
        INQUIRY = "inquiry", "запрос пояснений по жалобе"
        FINDING = "finding", "нарушение, найденное проверкой"

    kind = models.CharField("что это", max_length=8, choices=Kind.choices)
    committee_id = models.BigIntegerField("номер в комитете")
    subject = models.CharField("о чём", max_length=300)
    text = models.TextField("текст")
    sent_by_name = models.CharField("кто направил", max_length=200, blank=True)
    sent_on = models.DateField("направлено")
    due_on = models.DateField("ответить до")
    reply = models.TextField("ответ школы", blank=True)
    replied_on = models.DateField("отвечено", null=True)
    replied_by = models.BigIntegerField("кто ответил", null=True)
    replied_by_name = models.CharField("кто ответил, имя", max_length=200, blank=True)

    personal_data: ClassVar[dict[str, str]] = {
        "text": "complaint",
        "reply": "complaint",
        "sent_by_name": "work",
        "replied_by_name": "work",
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "committee_id"], name="cases_committee_letter_once"
            ),
            models.CheckConstraint(
                condition=Q(replied_on__isnull=True, reply="")
                | Q(replied_on__isnull=False) & ~Q(reply=""),
                name="cases_committee_letter_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.committee_id}"
