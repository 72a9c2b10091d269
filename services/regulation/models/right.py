"""What the school changed in the matrix of rights: each row is a change, the newest one holds."""

from django.db import models
from django.db.models.functions import Now


class RightRule(models.Model):
    """A right given to, or taken from, a role, a hat or one person; kept for ever (ROL-006).

    `subject` is `role:teacher`, `hat:class_teacher` or `account:15`; `is_allowed` None gives the
    cell back to the default.
    """

    right = models.CharField("право", max_length=40)
    subject = models.CharField("кому", max_length=40)
    is_allowed = models.BooleanField("разрешено", null=True)
    changed_at = models.DateTimeField("когда", db_default=Now())
    changed_by = models.BigIntegerField("кто", null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "right"], name="regulation_right_subject")]

    def __str__(self) -> str:
        return f"{self.right} {self.subject}"
