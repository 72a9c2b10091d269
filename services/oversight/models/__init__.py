"""Models of the room, private to it."""

from services.oversight.models.check import Check, Finding
from services.oversight.models.complaint import Complaint, ComplaintStep
from services.oversight.models.inquiry import Inquiry
from services.oversight.models.snapshot import CaseSnapshot, SnapshotLook

__all__ = [
    "CaseSnapshot",
    "Check",
    "Complaint",
    "ComplaintStep",
    "Finding",
    "Inquiry",
    "SnapshotLook",
]
