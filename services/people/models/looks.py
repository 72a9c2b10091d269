"""Who looked at whose personal data, and who was seen on which page (docs/architecture.md §4).

Looks are only added: the database refuses to change or to delete them.
"""

from django.db import models
from django.db.models.functions import Now


class Look(models.Model):
    """Somebody opened a personal card, contacts or a document."""

    class What(models.TextChoices):
        CARD = "card", "личная карта"
        CONTACTS = "contacts", "контакты"
        DOCUMENT = "document", "документ"
        SHEETS = "sheets", "листы активации"

    at = models.DateTimeField("когда", db_default=Now())
    account_id = models.BigIntegerField("кто", null=True)
    what = models.CharField("что", max_length=10, choices=What.choices)
    kind = models.CharField("чьё", max_length=10)
    object_id = models.BigIntegerField("карточка или документ")

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "at"], name="people_look_object")]

    def __str__(self) -> str:
        return f"look {self.pk}"


class LastSeen(models.Model):
    """The last moment of a day at which somebody had a page of the journal or the diary open."""

    account_id = models.BigIntegerField("кто")
    page = models.CharField("страница", max_length=60)
    day = models.DateField("день")
    last_at = models.DateTimeField("в последний раз")
    times = models.PositiveIntegerField("раз", default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "page", "day"], name="people_seen_once")
        ]

    def __str__(self) -> str:
        return f"seen {self.pk}"
