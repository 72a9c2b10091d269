"""Sessions (сеансы) and the devices they came from.

A row of ours instead of Django's: whose session, since when, from where, how well proven. So one
statement tells who is behind a request, and a person sees and ends the sessions of the account.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from tenants.accounts.models.account import Account


class Device(models.Model):
    """A browser that has signed in to the account before; known by a long-lived cookie."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись", db_index=False
    )
    digest = models.CharField("отпечаток", max_length=64)
    label = models.CharField("устройство", max_length=80)
    first_seen_at = models.DateTimeField("впервые", db_default=Now())
    last_seen_at = models.DateTimeField("в последний раз", db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="accounts_device_once")
        ]

    def __str__(self) -> str:
        return f"device {self.pk}"


class Session(models.Model):
    """A session: somebody signed in, or a visitor on the way in (`account` None).

    Only the digest of the cookie is kept. `confirmed_at`: when a password or a code was last given;
    `has_passed`: the second factor was given in this session.
    """

    digest = models.CharField("отпечаток", max_length=64, unique=True)
    data = models.TextField("содержимое")
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, related_name="+", verbose_name="учётная запись"
    )
    auth_hash = models.CharField("отпечаток пароля", max_length=64, blank=True)
    started_at = models.DateTimeField("начат", db_default=Now())
    seen_at = models.DateTimeField("был виден", db_default=Now())
    ends_at = models.DateTimeField("кончается")
    confirmed_at = models.DateTimeField("подтверждён", null=True)
    has_passed = models.BooleanField("со вторым фактором", db_default=False)
    device = models.CharField("устройство", max_length=80, blank=True, db_default="")
    network = models.CharField("сеть", max_length=45, blank=True, db_default="")

    personal_data: ClassVar[dict[str, str]] = {"device": "identity", "network": "identity"}

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="accounts_session_end")]

    def __str__(self) -> str:
        return f"session {self.pk}"
