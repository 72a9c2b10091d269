"""Who stands for a child (законный представитель), since when, with which rights."""

from typing import ClassVar

from django.db import models

from services.people.models.persons import Guardian, Pupil


class GuardianLink(models.Model):
    """A guardian's relation and rights to one child; another parent's rights are another row."""

    class Relation(models.TextChoices):
        MOTHER = "mother", "мать"
        FATHER = "father", "отец"
        GUARDIAN = "guardian", "опекун"
        TRUSTEE = "trustee", "попечитель"
        ADOPTER = "adopter", "усыновитель"
        OTHER = "other", "иной законный представитель"

    class State(models.TextChoices):
        PROPOSED = "proposed", "ждёт подтверждения"
        CONFIRMED = "confirmed", "подтверждён школой"
        ENDED = "ended", "прекращён"

    class EndGround(models.TextChoices):
        COURT = "court", "решение суда"
        GUARDIANSHIP = "guardianship", "прекращены опека или попечительство"
        OF_AGE = "of_age", "обучающийся стал совершеннолетним"
        REFUSED = "refused", "представитель не подтверждён"
        MISTAKE = "mistake", "внесён по ошибке"
        OTHER = "other", "иное основание"

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+", verbose_name="ребёнок")
    guardian = models.ForeignKey(
        Guardian, models.PROTECT, related_name="+", verbose_name="представитель"
    )
    relation = models.CharField("кем приходится", max_length=8, choices=Relation.choices)
    may_read_diary = models.BooleanField("может читать дневник", default=True)
    may_see_contacts = models.BooleanField("может видеть контакты", default=True)
    since_on = models.DateField("с")
    until = models.DateField("по день, не включая", null=True)
    # What the school's own lists bring is confirmed by the school already.
    state = models.CharField(
        "состояние", max_length=9, choices=State.choices, default=State.CONFIRMED
    )
    confirmed_at = models.DateTimeField("подтверждён", null=True)
    confirmed_by = models.BigIntegerField("кем подтверждён", null=True)
    limits_ground = models.CharField(
        "чем ограничены права: судебный акт", max_length=300, blank=True, default=""
    )
    end_ground = models.CharField(
        "основание прекращения", max_length=12, choices=EndGround.choices, blank=True, default=""
    )

    personal_data: ClassVar[dict[str, str]] = {"relation": "family", "limits_ground": "family"}
    retention: ClassVar[str] = "retention.journal_years"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "guardian"],
                condition=models.Q(until__isnull=True),
                name="people_one_link_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended", until__isnull=False) & ~models.Q(end_ground="")
                | ~models.Q(state="ended") & models.Q(end_ground=""),
                name="people_link_ends_with_a_ground",
            ),
        ]
        indexes = [models.Index(fields=["guardian"], name="people_link_guardian")]

    def __str__(self) -> str:
        return f"link {self.pk}"
