"""Closing an account (ACC-006): who left has no way in, what was signed stays signed."""

from datetime import datetime

from kernel.errors import NotFound
from tenants.accounts.models import Account, ActivationCode
from tenants.accounts.operations.sessions import end_sessions


def block_account(*, account_id: int, now: datetime) -> None:
    """Close an account at once: no sign-in, no session, no key, no code; the row stays.

    Authorship in journals and in the journal of actions is by the account's number and remains.
    Safe to repeat. Raise `NotFound`.
    """
    account = _lock(account_id)
    if account.blocked_at is None:
        account.blocked_at, account.is_active = now, False
        account.save(update_fields=["blocked_at", "is_active"])
    ActivationCode.objects.filter(account_id=account_id, used_at=None).delete()
    end_sessions(account_id=account_id)


def unblock_account(*, account_id: int) -> None:
    """Open a closed account again, with the password it had; a frozen one stays frozen.

    Safe to repeat. Raise `NotFound`.
    """
    account = _lock(account_id)
    if account.blocked_at is not None:
        account.blocked_at, account.is_active = None, account.frozen_at is None
        account.save(update_fields=["blocked_at", "is_active"])


def _lock(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account
