"""A stolen sign-in (компрометация): ACC-009, ACC-010."""

from django.db import models

from tenants.accounts.models.account import Account


class Compromise(models.Model):
    """The account was frozen; what it did since `noticed_at` is void.

    `learned_at` is when the person learned of the theft: the notice is due a working day later.
    """

    class Reporter(models.TextChoices):
        OWNER = "owner", "владелец"
        HEAD = "head", "школа"

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", verbose_name="учётная запись"
    )
    noticed_at = models.DateTimeField("уведомление получено")
    learned_at = models.DateTimeField("стало известно")
    due_on = models.DateField("уведомить до")
    reported_at = models.DateTimeField("записано")
    reported_by = models.BigIntegerField("кем записано", null=True)
    reporter = models.CharField("кто сообщил", max_length=5, choices=Reporter.choices)
    closed_at = models.DateTimeField("разобрано", null=True)
    closed_by = models.BigIntegerField("кем разобрано", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(closed_at=None),
                name="accounts_compromise_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"compromise {self.pk}"
