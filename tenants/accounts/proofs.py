"""Proving who sits there: a password, a code. Every mistake counts, also when nothing else is kept.

The count is written before the proof is looked at, in a transaction of its own: these functions
are called outside any other.
"""

from collections.abc import Callable
from typing import TypeVar

from foundation.db.door import public_transaction
from tenants.accounts import operations
from tenants.accounts.delays import begin_attempt, forgive

Found = TypeVar("Found")


def prove_password(*, account_id: int, password: str) -> None:
    """Raise `PresentPasswordIsWrong` or `TooManyAttempts` unless the password is the account's."""

    def look() -> None:
        operations.check_present_password(account_id=account_id, password=password)

    _prove("present", account_id, look)


def prove_factor(*, account_id: int, code: str) -> None:
    """Take a code of the second factor. Raise `CodeIsWrong` or `TooManyAttempts`.

    Mistakes are counted by account, wherever they come from: who is here knows the password.
    """

    def look() -> None:
        operations.pass_second_factor(account_id=account_id, code=code)

    _prove("factor", account_id, look)


def prove_new_factor(*, account_id: int, code: str, kept: int | None) -> list[str]:
    """Put a new factor in force by its first code; return the paper codes.

    Raise `CodeIsWrong` or `TooManyAttempts`.
    """

    def look() -> list[str]:
        return operations.confirm_second_factor(account_id=account_id, code=code, kept=kept)

    return _prove("factor", account_id, look)


def _prove(door: str, account_id: int, look: Callable[[], Found]) -> Found:
    attempt = begin_attempt(door=door, subject=str(account_id), network="")
    with public_transaction(account_id):
        found = look()
    forgive(attempt)
    return found
