"""What accounts tell those above: numbers only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResetAsked:
    """Somebody says they forgot a password; whether there is such a login is found out later."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ContactAdded:
    """An address waits for the code that confirms it."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class AccountFrozen:
    """A stolen account was frozen; the case says since when what it did is void."""

    account_id: int
    case_id: int
