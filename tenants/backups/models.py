"""The places copies lie in, and the lines of the journal."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from tenants.registry.models import School


class BackupPlace(models.Model):
    """A carrier (носитель) and the room it stands in; the path is the server's own name for it."""

    class Carrier(models.TextChoices):
        SERVER = "server", "диск сервера"
        NETWORK = "network", "сетевое хранилище"
        EXTERNAL = "external", "внешний диск"
        TAPE = "tape", "лента"

    path = models.CharField("папка на сервере", max_length=300, unique=True)
    carrier = models.CharField("носитель", max_length=8, choices=Carrier.choices)
    room = models.CharField("помещение", max_length=200)
    responsible = models.CharField("ответственный", max_length=200)
    set_by = models.BigIntegerField("кто внёс", null=True)
    set_at = models.DateTimeField("когда внесено", db_default=Now())

    personal_data: ClassVar[dict[str, str]] = {"responsible": "name"}

    def __str__(self) -> str:
        return self.path


class BackupEntry(models.Model):
    """One line: a copy made or checked, old copies removed, something restored. Only added to.

    The same line lies beside the copies as a file, so the journal survives the database.
    """

    class Kind(models.TextChoices):
        BASE = "base", "копия всей базы"
        SCHOOL = "school", "копия школы"
        PUBLIC = "public", "копия общих данных"
        FILES = "files", "копия файлов"
        VERIFY = "verify", "проверка копии"
        PRUNE = "prune", "удаление старых копий"
        RESTORE_SCHOOL = "restore-school", "восстановление школы"
        RESTORE_ALL = "restore-all", "восстановление округа"

    kind = models.CharField("что сделано", max_length=14, choices=Kind.choices)
    school = models.ForeignKey(
        School, models.PROTECT, related_name="+", verbose_name="школа", null=True
    )
    place = models.CharField("куда", max_length=300)
    name = models.CharField("копия", max_length=200)
    size = models.BigIntegerField("размер, байт", default=0)
    digest = models.CharField("контрольная сумма SHA-256", max_length=64, blank=True, default="")
    started_at = models.DateTimeField("начато")
    finished_at = models.DateTimeField("закончено")
    is_good = models.BooleanField("удалось")
    made_by = models.CharField("кто", max_length=200)
    note = models.TextField("подробности", blank=True, default="")

    personal_data: ClassVar[dict[str, str]] = {"made_by": "name"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place", "name", "started_at"], name="backups_line_once"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "-finished_at"], name="backups_newest"),
            models.Index(fields=["school", "-finished_at"], name="backups_of_school"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
