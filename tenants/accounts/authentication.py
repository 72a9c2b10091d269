"""Signing in by login and password (ACC-001), and by a program's token."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from tenants.accounts.delays import begin_attempt, forgive, note_failure
from tenants.accounts.digests import plain_digest
from tenants.accounts.models import Account, ApiToken
from tenants.accounts.visitor import find_account

TOKEN_LIFE = timedelta(hours=12)
LONGEST = 1024  # nobody's password; what is longer costs no more than any other


class PasswordBackend(BaseBackend):
    """Django's door to `Account`; an unknown login costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, login: str = "", password: str = "", **_: Any
    ) -> Account | None:
        """Return the account whose password this is, or None."""
        account = _find(login.strip().lower())
        known = account is not None and account.has_usable_password()
        if account is None or not known or len(password) > LONGEST:
            make_password(password[:LONGEST])
            return None
        if account.check_password(password) and account.is_active:
            return account
        return None

    def get_user(self, user_id: int) -> Account | None:
        """Return an account that may still work, or None."""
        return find_account(user_id)


def check_password(*, login: str, password: str, network: str, device: str = "") -> int | None:
    """Return the account whose password this is, or None; the only door for passwords.

    Raise `TooManyAttempts` before any password is looked at.
    """
    attempt = begin_attempt(door="password", subject=login, network=network, device=device)
    account = PasswordBackend().authenticate(None, login=login, password=password)
    if account is None:
        note_failure(attempt)
        return None
    forgive(attempt)
    return account.pk


def _find(login: str) -> Account | None:
    """Return the account of a login; what cannot be printed PostgreSQL may refuse to compare."""
    return Account.objects.filter(login=login).first() if login.isprintable() else None


def issue_token(
    *, account_id: int, now: datetime, has_passed: bool = False
) -> tuple[str, datetime]:
    """Return a new token of the account, shown this once, and the moment it ends."""
    token = secrets.token_urlsafe(32)
    expires_at = now + TOKEN_LIFE
    ApiToken.objects.create(
        account_id=account_id,
        digest=plain_digest(token),
        expires_at=expires_at,
        has_passed=has_passed,
    )
    return token, expires_at


def revoke_token(*, token: str) -> bool:
    """End a token at once; return False when there was none."""
    deleted, _ = ApiToken.objects.filter(digest=plain_digest(token)).delete()
    return deleted > 0
