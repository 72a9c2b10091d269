"""Telling accounts something, and marking what was read."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from foundation.db.door import public_transaction, school_transaction
from foundation.notify.models import Notice
from kernel.actor import Actor, SchoolRef

# Told more than a year ago, it is about another school year.
KEPT = timedelta(days=400)


def notify(
    *, account_ids: Iterable[int], kind: str, title: str, text: str, url: str = "", key: str
) -> None:
    """Tell each account once: the same key again says nothing.

    The title may leave the portal in a letter, so it names nobody; `url` is a path of ours.
    Expects an open transaction; the notices lie in its schema.
    """
    _check_is_ours(url)
    Notice.objects.bulk_create(
        [
            Notice(account_id=one, key=key, kind=kind, title=title[:200], text=text, url=url)
            for one in sorted(set(account_ids))
        ],
        ignore_conflicts=True,
    )


def notify_address(*, address: str, kind: str, title: str, text: str, url: str, key: str) -> None:
    """Tell somebody who has no account, by e-mail or SMS, once: the same key again says nothing.

    Title and text both leave the portal, to an address nobody has proven: they name nobody and
    confirm nothing but what the writer himself did. Expects an open transaction.
    """
    _check_is_ours(url)
    Notice.objects.bulk_create(
        [Notice(address=address, key=key, kind=kind, title=title[:200], text=text, url=url)],
        ignore_conflicts=True,
    )


def _check_is_ours(url: str) -> None:
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError("a notice leads to a page of ours")


def mark_read(*, account_id: int, now: datetime, notice_id: int | None = None) -> int:
    """Mark one notice of the account, or all, as read; return how many were unread."""
    unread = Notice.objects.filter(account_id=account_id, read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=now)


def sweep_old_notices(school: SchoolRef | None, now: datetime) -> int:
    """Delete what was told long ago in one schema (None: the public one); return how many."""
    door = (
        public_transaction()
        if school is None
        else school_transaction(Actor.system(school), school.id)
    )
    with door:
        deleted, _ = Notice.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted
