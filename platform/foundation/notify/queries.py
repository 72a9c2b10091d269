"""What an account was told, in the schema that is open."""

from dataclasses import dataclass
from datetime import datetime

from foundation.db.door import planned_cursor
from foundation.notify.models import Notice
from kernel.errors import NotFound

# Every page asks it for the number in the account menu.
UNREAD = "SELECT count(*) FROM notify_notice WHERE account_id = %s AND read_at IS NULL"


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice as its reader sees it."""

    id: int
    kind: str
    title: str
    text: str
    url: str
    created_at: datetime
    is_read: bool


def list_notices(*, account_id: int, limit: int = 50) -> list[NoticeCard]:
    """Return the newest notices of an account."""
    rows = Notice.objects.filter(account_id=account_id).order_by("-created_at", "-pk")[:limit]
    return [_card(row) for row in rows]


def get_notice(*, account_id: int, notice_id: int) -> NoticeCard:
    """Return a notice of this account. Raise `NotFound`, also for somebody else's."""
    row = Notice.objects.filter(account_id=account_id, pk=notice_id).first()
    if row is None:
        raise NotFound
    return _card(row)


def count_unread(*, account_id: int) -> int:
    """Return how many notices of an account wait to be read."""
    with planned_cursor() as cursor:
        cursor.execute(UNREAD, [account_id])
        return int(cursor.fetchone()[0])


def _card(row: Notice) -> NoticeCard:
    return NoticeCard(
        id=row.pk,
        kind=row.kind,
        title=row.title,
        text=row.text,
        url=row.url,
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )
