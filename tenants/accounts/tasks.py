"""Nightly work: ended sessions, forgotten mistakes and old requests are wiped."""

from celery import shared_task

from foundation.db.door import public_transaction
from tenants.accounts.delays import wipe_attempts
from tenants.accounts.operations import wipe_reset_requests
from tenants.accounts.sessions import SessionStore


@shared_task
def wipe_stale_entries_district(**_: object) -> None:
    """Wipe what nobody can use any more: sessions, counted mistakes, requests for a code."""
    with public_transaction():
        SessionStore.clear_expired()
        wipe_attempts()
        wipe_reset_requests()
