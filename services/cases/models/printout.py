"""Распечатка: who gets the diary on paper, and every sheet that was printed and handed over.

Source: INF-003…006, SRV-028, SRV-032. `guardian` is empty for a pupil who applied for himself.
"""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from services.cases.printout_rules import Reason

Pair = tuple[int, int | None]  # pupil, guardian


class SubscriptionQuerySet(models.QuerySet["PrintoutSubscription"]):
    """Filters of families on paper."""

    def of_pair(self, pair: Pair) -> Self:
        """Keep what is of one pupil and one guardian; None: of the pupil himself."""
        pupil_id, guardian_id = pair
        rows = self.filter(pupil_id=pupil_id)
        if guardian_id is None:
            return rows.filter(guardian_id__isnull=True)
        return rows.filter(guardian_id=guardian_id)


class PrintoutQuerySet(models.QuerySet["Printout"]):
    """Filters of sheets."""

    def of_pair(self, pair: Pair) -> Self:
        """Keep what is of one pupil and one guardian; None: of the pupil himself."""
        pupil_id, guardian_id = pair
        rows = self.filter(pupil_id=pupil_id)
        if guardian_id is None:
            return rows.filter(guardian_id__isnull=True)
        return rows.filter(guardian_id=guardian_id)


class PrintoutSubscription(models.Model):
    """A family gets paper from a day on; a pair has one live row and any number of ended ones."""

    class Reasons(models.TextChoices):
        DELIVERY = Reason.DELIVERY, "выбрано в заявлении"
        CONSENT = Reason.CONSENT, "отозвано согласие"
        REQUEST = Reason.REQUEST, "письменное заявление"
        ONCE = Reason.ONCE, "разовый запрос"

    pupil = models.ForeignKey(
        "people.Pupil", models.PROTECT, related_name="+", verbose_name="обучающийся"
    )
    guardian = models.ForeignKey(
        "people.Guardian", models.PROTECT, null=True, related_name="+", verbose_name="кому"
    )
    reason = models.CharField("почему на бумаге", max_length=8, choices=Reasons.choices)
    since_on = models.DateField("с какого дня")
    until = models.DateField("до какого дня", null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "guardian"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="cases_one_live_paper",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since_on")),
                name="cases_paper_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk}"

    @property
    def pair(self) -> Pair:
        """Return whose sheet it is and who gets it."""
        return self.pupil_id, self.guardian_id


class Printout(models.Model):
    """A printed sheet in the register of what was handed over (SRV-025: number, day, issuer).

    `voided_on`: a newer sheet was printed before this one was handed over.
    """

    subscription = models.ForeignKey(
        PrintoutSubscription, models.PROTECT, related_name="+", verbose_name="кто получает"
    )
    pupil = models.ForeignKey(
        "people.Pupil", models.PROTECT, related_name="+", verbose_name="обучающийся"
    )
    guardian = models.ForeignKey(
        "people.Guardian", models.PROTECT, null=True, related_name="+", verbose_name="кому"
    )
    number = models.CharField("номер", max_length=20, unique=True)
    period_since = models.DateField("сведения с")
    period_last = models.DateField("сведения по")
    printed_on = models.DateField("напечатано")
    printed_by = models.BigIntegerField("кто напечатал", null=True)
    printed_by_name = models.CharField("кто напечатал, имя", max_length=200, blank=True)
    handed_on = models.DateField("вручено", null=True)
    handed_by = models.BigIntegerField("кто вручил", null=True)
    handed_by_name = models.CharField("кто вручил, имя", max_length=200, blank=True)
    voided_on = models.DateField("заменено", null=True)

    objects = PrintoutQuerySet.as_manager()

    personal_data: ClassVar[dict[str, str]] = {
        "printed_by_name": "work",
        "handed_by_name": "work",
    }
    retention: ClassVar[str] = "retention.journal_years"

    class Meta:
        constraints = [
            # One sheet at a time waits for its hand-over.
            models.UniqueConstraint(
                fields=["pupil", "guardian"],
                condition=Q(handed_on__isnull=True, voided_on__isnull=True),
                nulls_distinct=False,
                name="cases_one_waiting_printout",
            ),
            # Printed again the same day it is the same sheet.
            models.UniqueConstraint(
                fields=["pupil", "guardian", "printed_on"],
                nulls_distinct=False,
                name="cases_one_printout_a_day",
            ),
            models.CheckConstraint(
                condition=Q(period_since__lte=F("period_last")), name="cases_printout_has_days"
            ),
            models.CheckConstraint(
                condition=Q(handed_on__isnull=True)
                | Q(voided_on__isnull=True, handed_on__gte=F("printed_on")),
                name="cases_printout_handed_once",
            ),
        ]
        indexes = [models.Index(fields=["-printed_on"], name="cases_printout_register")]

    def __str__(self) -> str:
        return f"printout {self.pk}"

    @property
    def pair(self) -> Pair:
        """Return whose sheet it is and who gets it."""
        return self.pupil_id, self.guardian_id
