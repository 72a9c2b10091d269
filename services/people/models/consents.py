"""Consents to the processing of personal data (согласия) and their register.

Source: 152-ФЗ ст. 9, SRV-010, SRV-014, SRV-015, AUD-005. What was signed never changes: a trigger
lets only the withdrawal, the scan and the erasure after the term be written, each once.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from services.people.models.persons import Employee, Guardian, Pupil

CONSENT_SEAL = "consent"  # the purpose of the seal, docs/adr/0008-sealed-consents.md


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Filters of consents."""

    def live(self) -> "ConsentQuerySet":
        """Keep the consents that nobody withdrew and whose term is not over."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """A signed consent: a row of the register, the sealed snapshot, and how it ended."""

    class Kind(models.TextChoices):
        PARENT = "parent", "родитель (законный представитель)"
        ADULT_PUPIL = "adult_pupil", "совершеннолетний обучающийся"
        PUPIL = "pupil", "обучающийся 14–17 лет"
        EMPLOYEE = "employee", "работник"

    class IdentifiedBy(models.TextChoices):
        IN_PERSON = "in_person", "лично, по документу"
        ESIA = "esia", "через ЕСИА"
        ACCOUNT = "account", "учётной записью, подтверждённой школой"

    class Manner(models.TextChoices):
        DESK = "desk", "письменно, в школе"
        ACCOUNT = "account", "в личном кабинете"
        # Nobody withdrew it: the term that was signed is over (152-ФЗ ст. 21 ч. 4).
        LEFT = "left", "кончилось: человек больше не учится и не работает в школе"
        OF_AGE = "of_age", "кончилось: обучающийся стал совершеннолетним"

    kind = models.CharField("чьё", max_length=11, choices=Kind.choices)
    number = models.CharField("номер в журнале", max_length=20, unique=True)
    pupil = models.ForeignKey(
        Pupil, models.PROTECT, null=True, related_name="+", verbose_name="обучающийся"
    )
    guardian = models.ForeignKey(
        Guardian, models.PROTECT, null=True, related_name="+", verbose_name="представитель"
    )
    employee = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name="работник"
    )
    accepted_on = models.DateField("дата")
    accepted_at = models.DateTimeField("принято")
    accepted_by = models.BigIntegerField("учётная запись принявшего", null=True)
    accepter_name = models.CharField("кто принял", max_length=200)
    identified_by = models.CharField(
        "как установлена личность", max_length=9, choices=IdentifiedBy.choices
    )
    edition = models.CharField("редакция текста", max_length=40)
    digest = models.CharField("отпечаток подписанного", max_length=64)
    snapshot = models.BinaryField("подписанное, зашифровано", null=True)
    request_key = models.UUIDField("ключ запроса", null=True, unique=True)
    scan_id = models.BigIntegerField("скан", null=True)
    withdrawn_at = models.DateTimeField("прекращено", null=True)
    withdrawn_manner = models.CharField(
        "как прекращено", max_length=7, choices=Manner.choices, blank=True, default=""
    )
    withdrawn_by = models.BigIntegerField("учётная запись отозвавшего", null=True)
    withdrawal_number = models.CharField("номер отзыва", max_length=20, blank=True, default="")
    destroy_due_on = models.DateField("уничтожить до", null=True)
    destruction = models.ForeignKey(
        "people.DestructionAct", models.PROTECT, null=True, related_name="+", verbose_name="акт"
    )
    erasure = models.ForeignKey(
        "people.DestructionAct",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="акт об уничтожении самого согласия",
    )

    objects = ConsentQuerySet.as_manager()

    personal_data: ClassVar[dict[str, str]] = {
        "snapshot": "consent",
        "accepter_name": "name",
    }
    sealed: ClassVar[dict[str, str]] = {"snapshot": CONSENT_SEAL}
    retention: ClassVar[str] = "retention.consent_years"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "pupil", "guardian", "employee"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="people_one_live_consent",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["parent", "pupil"],
                    pupil__isnull=False,
                    guardian__isnull=False,
                    employee__isnull=True,
                )
                | Q(
                    kind="adult_pupil",
                    pupil__isnull=False,
                    guardian__isnull=True,
                    employee__isnull=True,
                )
                | Q(
                    kind="employee",
                    pupil__isnull=True,
                    guardian__isnull=True,
                    employee__isnull=False,
                ),
                name="people_consent_is_of_its_people",
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_at__isnull=True,
                    withdrawn_manner="",
                    withdrawal_number="",
                    destroy_due_on__isnull=True,
                    destruction__isnull=True,
                    erasure__isnull=True,
                )
                | Q(withdrawn_at__isnull=False, destroy_due_on__isnull=False)
                & ~Q(withdrawn_manner="")
                & ~Q(withdrawal_number=""),
                name="people_consent_ends_wholly",
            ),
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False) | Q(erasure__isnull=False),
                name="people_consent_keeps_what_was_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["guardian"], name="people_consent_guardian"),
            models.Index(fields=["-accepted_on", "-id"], name="people_consent_register"),
        ]

    def __str__(self) -> str:
        return f"consent {self.number}"

    @property
    def is_live(self) -> bool:
        """Return whether nobody withdrew it and its term is not over."""
        return self.withdrawn_at is None

    @property
    def is_over_by_term(self) -> bool:
        """Return whether it ended by itself, not by anybody's word."""
        return self.withdrawn_manner in (self.Manner.LEFT, self.Manner.OF_AGE)
