"""Models of the single login, private to it."""

from tenants.accounts.models.account import Account, ApiToken, Membership
from tenants.accounts.models.compromise import Compromise
from tenants.accounts.models.contact import Contact
from tenants.accounts.models.entry import ActivationCode, Attempt, ResetRequest
from tenants.accounts.models.factor import RecoveryCode, SecondFactor
from tenants.accounts.models.session import Device, Session

__all__ = [
    "Account",
    "ActivationCode",
    "ApiToken",
    "Attempt",
    "Compromise",
    "Contact",
    "Device",
    "Membership",
    "RecoveryCode",
    "ResetRequest",
    "SecondFactor",
    "Session",
]
