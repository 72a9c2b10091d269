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

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+", verbose_name="ребёнок")
    guardian = models.ForeignKey(
        Guardian, models.PROTECT, related_name="+", verbose_name="представитель"
    )
    relation = models.CharField("кем приходится", max_length=8, choices=Relation.choices)
    may_read_diary = models.BooleanField("может читать дневник", default=True)
    may_see_contacts = models.BooleanField("может видеть контакты", default=True)
    since_on = models.DateField("с")
    until = models.DateField("по день, не включая", null=True)

    personal_data: ClassVar[dict[str, str]] = {"relation": "family"}
    retention: ClassVar[str] = "retention.journal_years"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "guardian"],
                condition=models.Q(until__isnull=True),
                name="people_one_link_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["guardian"], name="people_link_guardian")]

    def __str__(self) -> str:
        return f"link {self.pk}"
