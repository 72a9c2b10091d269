"""A complaint to the school's head (жалоба директору), with its steps; SRV-030, SRV-031."""

from django.db import models

from foundation.complaints.models import ComplaintBase, ComplaintStepBase


class Complaint(ComplaintBase):
    """Considered by the school. `committee_id` names the committee's own, when it sent this one."""

    committee_id = models.BigIntegerField("жалоба в комитете", null=True, unique=True)

    class Meta(ComplaintBase.Meta):
        indexes = [
            models.Index(fields=["state", "due_on"], name="cases_complaint_queue"),
            models.Index(fields=["account_id"], name="cases_complaint_applicant"),
        ]


class ComplaintStep(ComplaintStepBase):
    """A line of the complaint's journal."""

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="steps", verbose_name="жалоба"
    )
