"""A notice to one account, or to an address that has none, in the schema where its cause is."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Notice(models.Model):
    """What an account is told. `key` makes a repeat recognisable; `url` is a page of ours.

    Without an account it is a letter to an `address`, an e-mail or «+7…», wiped when it has gone.
    """

    class Letter(models.TextChoices):
        """How far the letter about it has come."""

        WAITING = "waiting", "ждёт отправки"
        SENT = "sent", "отправлено"
        UNWANTED = "unwanted", "не нужно"
        FAILED = "failed", "не отправлено"

    personal_data: ClassVar[dict[str, str]] = {
        "title": "name",
        "text": "name",
        "address": "contact",
    }

    account_id = models.BigIntegerField("кому", null=True)
    address = models.CharField("кому: почта или телефон", max_length=254, blank=True)
    key = models.CharField("ключ", max_length=120)
    kind = models.CharField("о чём", max_length=60)
    title = models.CharField("заголовок", max_length=200)
    text = models.TextField("текст", blank=True)
    url = models.CharField("страница", max_length=300, blank=True)
    created_at = models.DateTimeField("когда", db_default=Now())
    read_at = models.DateTimeField("прочитано", null=True)
    letter = models.CharField(
        "письмо", max_length=8, choices=Letter.choices, default=Letter.WAITING
    )
    mail_attempts = models.PositiveSmallIntegerField("попыток", db_default=0)
    mail_retry_at = models.DateTimeField("письмо не раньше", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "key"], name="notify_notice_once"),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(account_id__isnull=True),
                name="notify_letter_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_id"],
                name="notify_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(fields=["id"], name="notify_unsent", condition=models.Q(letter="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
