"""An uploaded list on its way: read, shown, applied or refused."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class ImportJob(models.Model):
    """The file as it came and the report people see; the file goes once it is applied."""

    class Kind(models.TextChoices):
        PUPILS = "pupils", "обучающиеся и родители"
        EMPLOYEES = "employees", "работники"

    class State(models.TextChoices):
        PREVIEWED = "previewed", "проверен"
        APPLIED = "applied", "загружен"
        REFUSED = "refused", "не принят"

    kind = models.CharField("что загружают", max_length=9, choices=Kind.choices)
    filename = models.CharField("файл", max_length=200)
    digest = models.CharField("отпечаток", max_length=64)
    content = models.BinaryField("содержимое", null=True)
    state = models.CharField("состояние", max_length=9, choices=State.choices)
    report = models.JSONField("отчёт")
    created_by = models.BigIntegerField("кто загрузил", null=True)
    created_at = models.DateTimeField("когда", db_default=Now())
    applied_at = models.DateTimeField("загружен", null=True)

    personal_data: ClassVar[dict[str, str]] = {"content": "identity", "report": "name"}
    retention: ClassVar[str] = "retention.journal_years"

    def __str__(self) -> str:
        return f"import {self.pk}"
