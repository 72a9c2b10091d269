"""Models of the room, private to it."""

from services.cases.models.application import Application, Attachment
from services.cases.models.committee_letter import CommitteeLetter
from services.cases.models.complaint import Complaint, ComplaintStep
from services.cases.models.event import CaseEvent
from services.cases.models.handover import CaseHandover
from services.cases.models.printout import Printout, PrintoutSubscription

__all__ = [
    "Application",
    "Attachment",
    "CaseEvent",
    "CaseHandover",
    "CommitteeLetter",
    "Complaint",
    "ComplaintStep",
    "Printout",
    "PrintoutSubscription",
]
