"""Archives that were asked for and archives that were loaded; both lie in the public schema."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from tenants.registry.models import School


class SchoolExport(models.Model):
    """An archive of a school: asked for, made in the background, kept some days, wiped.

    `key` names the file on the disk. `taken_by`: who downloaded it last; the journal of actions
    holds everybody who did.
    """

    class State(models.TextChoices):
        ASKED = "asked", "ждёт очереди"
        MAKING = "making", "делается"
        READY = "ready", "готов"
        FAILED = "failed", "не получился"
        WIPED = "wiped", "удалён по сроку"
        HANDED = "handed", "выдан оператору"

    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name="школа")
    state = models.CharField("состояние", max_length=6, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField("когда попросили", db_default=Now())
    asked_by = models.BigIntegerField("кто попросил", null=True)
    asker_name = models.CharField("имя попросившего", max_length=200)
    started_at = models.DateTimeField("начат", null=True)
    ended_at = models.DateTimeField("окончен", null=True)
    kept_until = models.DateTimeField("хранится до", null=True)
    key = models.UUIDField("имя на диске", default=uuid.uuid4, unique=True)
    archive_id = models.UUIDField("номер архива", null=True)
    size = models.PositiveBigIntegerField("байт", null=True)
    sha256 = models.CharField("отпечаток", max_length=64, blank=True, default="")
    rows = models.PositiveBigIntegerField("строк", null=True)
    missing_files = models.PositiveIntegerField("файлов не нашлось", default=0)
    trouble = models.CharField("что помешало", max_length=300, blank=True, default="")
    taken_at = models.DateTimeField("скачан", null=True)
    taken_by = models.BigIntegerField("кто скачал", null=True)

    personal_data: ClassVar[dict[str, str]] = {"asker_name": "name"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=models.Q(state__in=["asked", "making"]),
                name="archive_export_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"


class SchoolImport(models.Model):
    """An archive that became a school here; the same one never becomes a second school."""

    archive_id = models.UUIDField("номер архива", unique=True)
    school = models.OneToOneField(School, models.CASCADE, related_name="+", verbose_name="школа")
    loaded_at = models.DateTimeField("загружен", db_default=Now())
    made_at = models.DateTimeField("архив сделан")

    def __str__(self) -> str:
        return f"import {self.archive_id}"
