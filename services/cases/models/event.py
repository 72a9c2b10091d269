"""The log of a case: a row per step, never changed (a trigger of the database refuses)."""

from django.db import models

from services.cases.models.application import Application


class CaseEvent(models.Model):
    """A step of a case: who, when, on what ground, which document, what became of the term."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="log", verbose_name="заявление"
    )
    at = models.DateTimeField("когда")
    action = models.CharField("действие", max_length=20)
    from_state = models.CharField("было", max_length=16, choices=Application.States.choices)
    to_state = models.CharField("стало", max_length=16, choices=Application.States.choices)
    party = models.CharField("кто", max_length=16)
    account_id = models.BigIntegerField("учётная запись", null=True)
    ground = models.CharField("основание", max_length=30, blank=True)
    ground_clause = models.CharField("пункт регламента", max_length=200, blank=True)
    note = models.CharField("примечание", max_length=500, blank=True)
    paper = models.CharField("документ", max_length=12, blank=True)
    paper_number = models.CharField("номер документа", max_length=20, blank=True)
    due_on = models.DateField("срок после шага", null=True)

    class Meta:
        indexes = [models.Index(fields=["application", "at"], name="cases_log")]
        constraints = [
            models.UniqueConstraint(
                fields=["paper_number"],
                condition=~models.Q(paper_number=""),
                name="cases_paper_number_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"
