"""Models of the room, private to it."""

from services.diary.models.agreement import AdultAgreement
from services.diary.models.grant import AccessGrant

__all__ = ["AccessGrant", "AdultAgreement"]
