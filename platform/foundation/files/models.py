"""What is known of a file; its bytes lie outside the database, in the folder of its schema."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class StoredFile(models.Model):
    """A file that was checked when it came in. `key` names it on the disk, `name` for people."""

    personal_data: ClassVar[dict[str, str]] = {"name": "document"}

    key = models.UUIDField("имя на диске", default=uuid.uuid4, unique=True)
    kind = models.CharField("что это", max_length=60)
    name = models.CharField("название", max_length=120)
    media_type = models.CharField("вид", max_length=40)
    size = models.PositiveIntegerField("байт")
    sha256 = models.CharField("отпечаток", max_length=64)
    account_id = models.BigIntegerField("кто принёс", null=True)
    stored_at = models.DateTimeField("когда", db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gte=1), name="files_file_not_empty")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
