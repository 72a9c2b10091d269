"""Signing in by login and password (ACC-001), and by a program's token."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from tenants.accounts.models import Account, ApiToken
from tenants.accounts.visitor import find_account

TOKEN_LIFE = timedelta(hours=12)


class PasswordBackend(BaseBackend):
    """Django's door to `Account`; an unknown login costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, login: str = "", password: str = "", **_: Any
    ) -> Account | None:
        """Return the account whose password this is, or None."""
        account = _find(login.strip().lower())
        if account is None or not account.has_usable_password():
            make_password(password)
            return None
        if account.check_password(password) and account.is_active:
            return account
        return None

    def get_user(self, user_id: int) -> Account | None:
        """Return an account that may still work, or None."""
        return find_account(user_id)


def _find(login: str) -> Account | None:
    """Return the account of a login; what cannot be printed PostgreSQL may refuse to compare."""
    return Account.objects.filter(login=login).first() if login.isprintable() else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(*, account_id: int, now: datetime) -> tuple[str, datetime]:
    """Return a new token of the account, shown this once, and the moment it ends."""
    token = secrets.token_urlsafe(32)
    expires_at = now + TOKEN_LIFE
    ApiToken.objects.create(account_id=account_id, digest=_digest(token), expires_at=expires_at)
    return token, expires_at


def account_of_token(*, token: str, now: datetime) -> int | None:
    """Return the id of the account a token acts for, or None."""
    return (
        ApiToken.objects.filter(digest=_digest(token), expires_at__gt=now, account__is_active=True)
        .values_list("account_id", flat=True)
        .first()
    )


def revoke_token(*, token: str) -> bool:
    """End a token at once; return False when there was none."""
    deleted, _ = ApiToken.objects.filter(digest=_digest(token)).delete()
    return deleted > 0
