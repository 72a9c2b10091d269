"""The DDL of an empty school, made once per release, and how far each school's schema has come."""

from django.db import models
from django.db.models.functions import Now


class SchemaTemplate(models.Model):
    """The text of a schema at one head; the newest head is the code's."""

    head = models.CharField("редакция схемы", max_length=64, unique=True)
    ddl = models.TextField("текст схемы")
    migrations = models.JSONField("применённые миграции")
    made_at = models.DateTimeField("сделан", db_default=Now())

    def __str__(self) -> str:
        return self.head


class SchoolUpgrade(models.Model):
    """The last attempt to bring a school to a head; `failure` is empty when it came there."""

    school_id = models.BigIntegerField("школа", primary_key=True)
    head = models.CharField("к какой редакции", max_length=64)
    tried_at = models.DateTimeField("последняя попытка", db_default=Now())
    moved_at = models.DateTimeField("обновлена", null=True)
    migration = models.CharField("на чём остановилась", max_length=200, blank=True)
    failure = models.CharField("почему", max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.school_id} {self.head[:8]}"
