"""Ending sessions and keys: what was signed in is out with its next request."""

from django.db.models.functions import Now

from tenants.accounts.models import ApiToken, Session


def end_sessions(*, account_id: int) -> None:
    """End every session and every program's key of an account."""
    Session.objects.filter(account_id=account_id).delete()
    ApiToken.objects.filter(account_id=account_id).delete()


def end_other_sessions(*, account_id: int, kept: int | None) -> None:
    """End every session but one, and every program's key."""
    Session.objects.filter(account_id=account_id).exclude(pk=kept or 0).delete()
    ApiToken.objects.filter(account_id=account_id).delete()


def end_session(*, account_id: int, session_id: int) -> bool:
    """End one session of the account; return False when there is none such."""
    deleted, _ = Session.objects.filter(account_id=account_id, pk=session_id).delete()
    return deleted > 0


def confirm_session(*, session_id: int) -> None:
    """Note that whoever sits at the session gave a password or a code just now."""
    Session.objects.filter(pk=session_id).update(confirmed_at=Now())
