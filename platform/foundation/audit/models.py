"""One row per change of a tracked table, written by a trigger with the migrator's rights.

The school's role reads through the view `audit_log` and can neither add, change nor delete.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class AuditRecord(models.Model):
    """The table behind the view: only the trigger writes it."""

    at = models.DateTimeField("когда", db_default=Now())
    account_id = models.BigIntegerField("кто", null=True)
    request_id = models.CharField("запрос", max_length=64, db_default="")
    table_name = models.CharField("таблица", max_length=63)
    row_id = models.BigIntegerField("строка")
    action = models.CharField("действие", max_length=6)
    before = models.JSONField("было", null=True)
    after = models.JSONField("стало", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["table_name", "row_id"], name="audit_record_row"),
            # Rows come in the order of time: this costs a write next to nothing.
            BrinIndex(fields=["at"], name="audit_record_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.table_name} {self.row_id}"


class AuditEntry(models.Model):
    """What people may read: the view over `AuditRecord`."""

    at = models.DateTimeField("когда")
    account_id = models.BigIntegerField("кто", null=True)
    request_id = models.CharField("запрос", max_length=64)
    table_name = models.CharField("таблица", max_length=63)
    row_id = models.BigIntegerField("строка")
    action = models.CharField("действие", max_length=6)
    before = models.JSONField("было", null=True)
    after = models.JSONField("стало", null=True)

    class Meta:
        managed = False
        db_table = "audit_log"

    def __str__(self) -> str:
        return f"{self.action} {self.table_name} {self.row_id}"


class VoidNote(models.Model):
    """A change that is void (недействительно, ACC-010): added once, never taken back.

    `case_id` is the theft it belongs to, in the public schema; `outcome` what became of the data.
    """

    class Outcome(models.TextChoices):
        REVERSED = "reversed", "возвращено, как было"
        CHANGED_SINCE = "changed", "после этого изменено другим человеком, оставлено"
        BY_HAND = "by-hand", "проверить и исправить вручную"
        IN_USE = "in-use", "на это опираются другие записи, исправить вручную"

    entry_id = models.BigIntegerField("запись журнала действий", unique=True)
    case_id = models.BigIntegerField("кража входа")
    outcome = models.CharField("что сделано", max_length=8, choices=Outcome.choices)
    voided_at = models.DateTimeField("когда", db_default=Now())
    voided_by = models.BigIntegerField("кем", null=True)

    def __str__(self) -> str:
        return f"void {self.entry_id}"
