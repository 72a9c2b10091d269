"""The single login (учётная запись) and the roles it gives in schools and in the district."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now

from kernel.roles import DISTRICT_ROLES, SCHOOL_ROLES, Role
from tenants.registry.models import School

ROLE_CHOICES = [(role.value, role.label) for role in Role]


class Account(AbstractBaseUser):
    """One person, one account, many memberships. No password is set until the first sign-in."""

    login = models.CharField("логин", max_length=64, unique=True)
    display_name = models.CharField("имя", max_length=200)
    is_active = models.BooleanField("действует", default=True)
    created_at = models.DateTimeField("создана", db_default=Now())
    identity_digest = models.CharField(
        "отпечаток СНИЛС и даты рождения", max_length=64, null=True, unique=True
    )
    second_factor_since = models.DateTimeField("второй фактор с", null=True)
    blocked_at = models.DateTimeField("закрыта", null=True)
    frozen_at = models.DateTimeField("заморожена", null=True)
    appearance = models.CharField("оформление", max_length=40, blank=True, db_default="")

    objects = BaseUserManager()
    # (role, school, card) of each membership when they were read along, see `visitor.READ`.
    held: "tuple[tuple[str, int | None, int | None], ...] | None" = None

    USERNAME_FIELD = "login"
    personal_data: ClassVar[dict[str, str]] = {
        "login": "identity",
        "display_name": "name",
        "identity_digest": "identity",
    }

    def __str__(self) -> str:
        return self.login


class Membership(models.Model):
    """A role of an account: in a school, with the person's card there, or in the district.

    `person_id` lies in the school's schema: no foreign key crosses schemas.
    """

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись"
    )
    school = models.ForeignKey(
        School, models.CASCADE, null=True, related_name="+", verbose_name="школа"
    )
    role = models.CharField("роль", max_length=20, choices=ROLE_CHOICES)
    person_id = models.BigIntegerField("карточка в школе", null=True)
    since_at = models.DateTimeField("с", db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "school", "role"],
                name="membership_once",
                nulls_distinct=False,
            ),
            # Opening accounts twice, or twice at once, gives a card one account only.
            models.UniqueConstraint(
                fields=["school", "role", "person_id"],
                condition=models.Q(person_id__isnull=False),
                name="membership_one_account_a_card",
            ),
            models.CheckConstraint(
                condition=models.Q(school__isnull=False, role__in=sorted(SCHOOL_ROLES))
                | models.Q(school__isnull=True, role__in=sorted(DISTRICT_ROLES)),
                name="membership_role_fits_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"


class ApiToken(models.Model):
    """A key of a program that acts as an account; only its digest is kept.

    `has_passed`: the second factor stood beside the password when the key was asked for.
    """

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="+", verbose_name="учётная запись"
    )
    digest = models.CharField("отпечаток", max_length=64, unique=True)
    created_at = models.DateTimeField("выдан", db_default=Now())
    expires_at = models.DateTimeField("действует до")
    has_passed = models.BooleanField("со вторым фактором", db_default=False)

    def __str__(self) -> str:
        return f"token {self.pk}"
