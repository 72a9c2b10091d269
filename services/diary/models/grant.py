"""A guardian's access to one child's diary (предоставление доступа), with its ground.

Source: ROL-023, PDP-005. Given by the import of lists now, by the municipal service's case later:
the case adds a ground, and no way to the child changes.
"""

from django.db import models
from django.db.models import Q


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    """Filters of grants."""

    def live(self) -> "AccessGrantQuerySet":
        """Keep the grants nobody has taken back."""
        return self.filter(revoked_at=None)


class AccessGrant(models.Model):
    """Access of a guardian to a child; a pair has one live grant and any number of ended ones."""

    class Ground(models.TextChoices):
        IMPORT = "import", "списки школы"
        CASE = "case", "заявление"
        AGREEMENT = "agreement", "согласие совершеннолетнего обучающегося"

    class EndGround(models.TextChoices):
        CONSENT = "consent", "отозвано согласие"
        STOPPED = "stopped", "заявление о прекращении"
        RIGHTS = "rights", "прекращены права представителя"
        LEFT = "left", "обучающийся выбыл"
        MISTAKE = "mistake", "предоставлен по ошибке"
        OF_AGE = "of_age", "обучающийся стал совершеннолетним"
        PUPIL = "pupil", "решение совершеннолетнего обучающегося"

    pupil = models.ForeignKey(
        "people.Pupil", models.PROTECT, related_name="+", verbose_name="ребёнок"
    )
    guardian = models.ForeignKey(
        "people.Guardian",
        models.PROTECT,
        related_name="+",
        verbose_name="представитель",
        db_index=False,
    )
    granted_at = models.DateTimeField("предоставлен")
    ground = models.CharField("основание", max_length=20, choices=Ground.choices)
    revoked_at = models.DateTimeField("прекращён", null=True)
    revoked_ground = models.CharField(
        "основание прекращения", max_length=20, choices=EndGround.choices, blank=True, default=""
    )

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "pupil"],
                condition=Q(revoked_at__isnull=True),
                name="diary_one_live_grant",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_ground="")
                | Q(revoked_at__isnull=False) & ~Q(revoked_ground=""),
                name="diary_grant_ends_with_a_ground",
            ),
        ]
        indexes = [models.Index(fields=["guardian"], name="diary_grant_guardian")]

    def __str__(self) -> str:
        return f"grant {self.pk}"
