"""An adult pupil lets a parent go on reading the diary (ГК РФ ст. 21: at 18 parents' right ends).

The pupil gives it and takes it back alone; without one the nightly task closes the access.
"""

from django.db import models
from django.db.models import Q


class AdultAgreement(models.Model):
    """A pupil's word about one guardian; a pair has one live word at a time."""

    pupil = models.ForeignKey(
        "people.Pupil", models.PROTECT, related_name="+", verbose_name="обучающийся"
    )
    guardian = models.ForeignKey(
        "people.Guardian", models.PROTECT, related_name="+", verbose_name="родитель"
    )
    given_at = models.DateTimeField("дано")
    withdrawn_at = models.DateTimeField("взято назад", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "guardian"],
                condition=Q(withdrawn_at__isnull=True),
                name="diary_one_live_agreement",
            )
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"
