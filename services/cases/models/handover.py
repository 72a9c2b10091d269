"""What of the school's cases was shown to the committee (передача дела): the operator's own record.

Written when the school may know of the complaint: the committee sent it, asked, or ended it.
"""

from typing import ClassVar

from django.db import models


class CaseHandover(models.Model):
    """A frozen copy of one case left the school: when it was taken, for whom, and its digest."""

    committee_id = models.BigIntegerField("снимок в комитете", unique=True)
    case_number = models.CharField("номер заявления", max_length=20)
    taken_at = models.DateTimeField("передано")
    asked_by_name = models.CharField("кому", max_length=200)
    digest = models.CharField("отпечаток содержания", max_length=64)

    personal_data: ClassVar[dict[str, str]] = {"asked_by_name": "work"}

    def __str__(self) -> str:
        return f"handover {self.committee_id}"
