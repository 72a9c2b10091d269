"""Ways in that are used once, and what slows down guessing."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from tenants.accounts.models.account import Account


class ActivationCode(models.Model):
    """A code (код активации) that lets a person choose a password once; only its digest is kept."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись"
    )
    digest = models.CharField("отпечаток", max_length=64, unique=True)
    issued_at = models.DateTimeField("выдан")
    issued_by = models.BigIntegerField("кем выдан", null=True)
    expires_at = models.DateTimeField("действует до")
    used_at = models.DateTimeField("использован", null=True)

    class Meta:
        constraints = [
            # A later code kills the earlier one: at most one of an account waits.
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(used_at=None),
                name="accounts_activation_one_waits",
            )
        ]

    def __str__(self) -> str:
        return f"activation {self.pk}"


class ResetRequest(models.Model):
    """Somebody forgot a password: what was typed, later the digest of the code that was sent.

    A row is written for an unknown login too, so that the answer and its time are the same.
    """

    login = models.CharField("что набрано", max_length=64)
    asked_at = models.DateTimeField("когда", db_default=Now())
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, related_name="+", verbose_name="учётная запись"
    )
    digest = models.CharField("отпечаток кода", max_length=64, blank=True, db_default="")
    tries = models.PositiveSmallIntegerField("попыток", db_default=0)
    used_at = models.DateTimeField("использован", null=True)

    personal_data: ClassVar[dict[str, str]] = {"login": "identity"}

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="accounts_reset_asked")]

    def __str__(self) -> str:
        return f"reset {self.pk}"


class Attempt(models.Model):
    """How often somebody was wrong at one door, and until when the door waits.

    The digest stands for (login, network), a network, or an account at the second factor: what
    was typed, be it a login or a password by mistake, is not kept.
    """

    digest = models.CharField("о чём", max_length=64, primary_key=True)
    failures = models.PositiveIntegerField("ошибок подряд")
    at = models.DateTimeField("последняя", db_default=Now())
    until = models.DateTimeField("ждать до")

    class Meta:
        indexes = [models.Index(fields=["at"], name="accounts_attempt_at")]

    def __str__(self) -> str:
        return f"{self.failures} failures"
