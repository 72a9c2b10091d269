"""One row per change of a tracked table, written by a trigger with the migrator's rights.

The school's role reads through the view `audit_log` and can neither add, change nor delete.
"""

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
        indexes = [models.Index(fields=["table_name", "row_id"], name="audit_record_row")]

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
