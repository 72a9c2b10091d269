"""Activation sheets (листы активации) given to people: who printed, who handed over (ACC-004…008).

The code stands on the paper only; here is the fact that the paper was made and given.
"""

from django.db import models
from django.db.models.functions import Now


class PersonKind(models.TextChoices):
    """Whose card it is."""

    PUPIL = "pupil", "обучающийся"
    GUARDIAN = "guardian", "родитель"
    EMPLOYEE = "employee", "работник"


class ActivationSheet(models.Model):
    """One printed sheet of a person; printing again makes another and kills the code of this."""

    kind = models.CharField("чей", max_length=8, choices=PersonKind.choices)
    person_id = models.BigIntegerField("карточка")
    account_id = models.BigIntegerField("учётная запись")
    printed_at = models.DateTimeField("напечатан", db_default=Now())
    printed_by = models.BigIntegerField("кто напечатал", null=True)
    handed_at = models.DateTimeField("вручён", null=True)
    handed_by = models.BigIntegerField("кто вручил", null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "person_id"], name="people_sheet_person")]

    def __str__(self) -> str:
        return f"sheet {self.pk}"
