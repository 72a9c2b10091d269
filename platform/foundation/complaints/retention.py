"""Erasing complaints whose term of keeping is over (152-ФЗ ст. 5 ч. 7, ст. 21 ч. 4)."""

from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Max

from foundation.complaints.models import ComplaintBase
from foundation.files.operations import erase_file
from kernel.complaints import OPEN_STATES
from kernel.errors import NotFound

C = TypeVar("C", bound=ComplaintBase)


def last_kept(today: date, years: int) -> date:
    """Return the day from which what ended is still kept: years run from 1 January after it."""
    return date(today.year - years, 1, 1)


def erase_expired(complaints: type[C], *, years: int, today: date, timezone: str) -> list[int]:
    """Erase the complaints that ended long ago, with steps and attachments; return their ids.

    A complaint nobody has ended is never erased. Repeatable; expects an open transaction.
    """
    edge = datetime.combine(last_kept(today, years), datetime.min.time(), ZoneInfo(timezone))
    ended = complaints._default_manager.exclude(state__in=OPEN_STATES)
    expired = list(ended.annotate(moved_at=Max("steps__at")).filter(moved_at__lt=edge))
    for complaint in expired:
        for file_id in complaint.file_ids:
            try:
                erase_file(file_id=file_id)
            except NotFound:
                continue
    ids = sorted(complaint.pk for complaint in expired)
    complaints._default_manager.filter(pk__in=ids).delete()
    return ids
