"""The DDL of an empty school, made once per release and replayed for every new one."""

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
