"""Who outside is whom inside, and the invitations that make it so."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from tenants.accounts.models import Account
from tenants.registry.models import School


class ExternalIdentity(models.Model):
    """A subject of a provider that signs in as an account; of the profile nothing else is kept."""

    class Ground(models.TextChoices):
        OWNER = "owner", "владелец входа"
        INVITATION = "invitation", "код приглашения"
        IDENTITY = "identity", "СНИЛС и дата рождения"

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись"
    )
    provider = models.CharField("поставщик", max_length=20)
    subject = models.CharField("номер у поставщика", max_length=255)
    ground = models.CharField("основание", max_length=10, choices=Ground.choices)
    linked_at = models.DateTimeField("связан", db_default=Now())

    personal_data: ClassVar[dict[str, str]] = {"subject": "identity"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="external_one_account"),
            models.UniqueConstraint(fields=["account", "provider"], name="external_one_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.account_id}"


class Invitation(models.Model):
    """A code a school gives to one guardian of one child; only its digest is kept."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись"
    )
    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name="школа")
    pupil_id = models.BigIntegerField("ребёнок")
    digest = models.CharField("отпечаток", max_length=64, unique=True)
    issued_by = models.BigIntegerField("кто выдал", null=True)
    issued_at = models.DateTimeField("выдан")
    expires_at = models.DateTimeField("действует до")
    used_at = models.DateTimeField("использован", null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"
