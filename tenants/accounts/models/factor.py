"""The second factor (второй фактор): a code of an application, and paper codes for a lost phone."""

from django.db import models
from django.db.models.functions import Now

from tenants.accounts.models.account import Account


class SecondFactor(models.Model):
    """The shared secret, encrypted; `last_step` is the last time step whose code was taken."""

    account = models.OneToOneField(
        Account,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name="учётная запись",
    )
    secret = models.BinaryField("секрет")
    created_at = models.DateTimeField("создан", db_default=Now())
    confirmed_at = models.DateTimeField("подтверждён", null=True)
    last_step = models.BigIntegerField("последний шаг", db_default=0)

    def __str__(self) -> str:
        return f"second factor of {self.account_id}"


class RecoveryCode(models.Model):
    """A paper code: its first letters find it, the rest is kept as a password is."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись", db_index=False
    )
    lead = models.CharField("начало", max_length=4)
    hash = models.CharField("отпечаток", max_length=128)
    created_at = models.DateTimeField("создан", db_default=Now())
    used_at = models.DateTimeField("использован", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "lead"], name="accounts_recovery_once")
        ]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
