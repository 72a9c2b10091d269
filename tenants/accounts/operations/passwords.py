"""Choosing and changing a password; the rules are `tenants.accounts.rules.passwords`."""

from kernel.errors import DomainError, NotFound
from tenants.accounts.models import Account, ActivationCode, ResetRequest
from tenants.accounts.operations.sessions import end_other_sessions, end_sessions
from tenants.accounts.passwords import check_password_of


class PresentPasswordIsWrong(DomainError):
    """Whoever changes the password does not know the present one."""

    code = "present-password-is-wrong"
    message = "Нынешний пароль введён неверно."


def set_password(*, account_id: int, password: str) -> None:
    """Set the password of an account as it is; every session and every key it had ends."""
    _write(Account.objects.select_for_update().get(pk=account_id), password)
    end_sessions(account_id=account_id)


def choose_password(*, account_id: int, password: str) -> None:
    """Let a person who proved who they are choose a password; waiting codes die.

    Raise `UnsuitablePassword`, `NotFound` for a closed account.
    """
    account = _lock_open(account_id)
    check_password_of(password, login=account.login, name=account.display_name)
    _write(account, password)
    end_sessions(account_id=account_id)
    ActivationCode.objects.filter(account_id=account_id, used_at=None).delete()
    ResetRequest.objects.filter(account_id=account_id, used_at=None).update(digest="")


def change_password(*, account_id: int, new: str, kept: int | None) -> None:
    """Change the password of who has just given the present one; other sessions and keys end.

    Raise `UnsuitablePassword`, `NotFound` for a closed account.
    """
    account = _lock_open(account_id)
    check_password_of(new, login=account.login, name=account.display_name)
    _write(account, new)
    end_other_sessions(account_id=account_id, kept=kept)


def check_present_password(*, account_id: int, password: str) -> None:
    """Raise `PresentPasswordIsWrong` unless this is the password of the account.

    Called through `tenants.accounts.proofs`, where mistakes are counted.
    """
    if not Account.objects.get(pk=account_id).check_password(password):
        raise PresentPasswordIsWrong


def _write(account: Account, password: str) -> None:
    account.set_password(password)
    account.save(update_fields=["password"])


def _lock_open(account_id: int) -> Account:
    """Return the account, locked; raise `NotFound` for one that was closed or frozen meanwhile.

    A request that was on its way when the account was frozen must not give it a password.
    """
    accounts = Account.objects.select_for_update().filter(pk=account_id, is_active=True)
    account = accounts.first()
    if account is None:
        raise NotFound
    return account
