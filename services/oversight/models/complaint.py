"""A complaint to the committee (жалоба в комитет), with its steps; SRV-031, ROL-033."""

from typing import ClassVar

from django.db import models

from foundation.complaints.models import ComplaintBase, ComplaintStepBase


class Complaint(ComplaintBase):
    """Considered by the committee; a school knows nothing of it until it is sent there.

    `came_from_school` tells one that a school forwarded; `assigned_to` is the account of the
    officer who works on it.
    """

    school = models.ForeignKey(
        "registry.School", models.PROTECT, related_name="+", verbose_name="школа"
    )
    assigned_to = models.BigIntegerField("исполнитель", null=True)
    assigned_name = models.CharField("исполнитель, имя", max_length=200, blank=True)
    came_from_school = models.BooleanField("переслана школой", default=False)

    personal_data: ClassVar[dict[str, str]] = {
        **ComplaintBase.personal_data,
        "assigned_name": "work",
    }

    class Meta(ComplaintBase.Meta):
        indexes = [
            models.Index(fields=["state", "due_on"], name="oversight_complaint_queue"),
            models.Index(fields=["account_id"], name="oversight_complaint_applicant"),
        ]


class ComplaintStep(ComplaintStepBase):
    """A line of the complaint's journal."""

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="steps", verbose_name="жалоба"
    )
