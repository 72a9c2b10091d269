"""Addresses an account may be reached at: e-mail and phone, of use once confirmed by a code."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from tenants.accounts.models.account import Account


class Contact(models.Model):
    """An address of an account; `digest` is of the code that waits to be typed."""

    class Kind(models.TextChoices):
        EMAIL = "email", "электронная почта"
        PHONE = "phone", "телефон"

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись", db_index=False
    )
    kind = models.CharField("вид", max_length=5, choices=Kind.choices)
    value = models.CharField("адрес", max_length=254)
    confirmed_at = models.DateTimeField("подтверждён", null=True)
    digest = models.CharField("отпечаток кода", max_length=64, blank=True, db_default="")
    sent_at = models.DateTimeField("код отправлен", db_default=Now())
    tries = models.PositiveSmallIntegerField("попыток", db_default=0)

    personal_data: ClassVar[dict[str, str]] = {"value": "contact"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="accounts_contact_one_a_kind")
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
