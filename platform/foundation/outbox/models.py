"""One row per event, in the schema where it happened."""

from django.db import models
from django.db.models.functions import Now


class OutboxEvent(models.Model):
    """An event waiting for its handlers; delivered rows are swept after a while.

    `request_key` makes a repeated request recognisable: the second one finds the first's event.
    """

    name = models.CharField("событие", max_length=100)
    payload = models.JSONField("данные: номера и даты, без имён")
    created_at = models.DateTimeField("когда", db_default=Now())
    request_key = models.UUIDField("ключ запроса", null=True, unique=True)
    delivered_at = models.DateTimeField("доставлено", null=True)
    attempts = models.PositiveIntegerField("попыток", db_default=0)
    retry_at = models.DateTimeField("повторить не раньше", null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="outbox_waiting",
                condition=models.Q(delivered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
