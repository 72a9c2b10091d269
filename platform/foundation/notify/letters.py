"""Letters about notices: one each, to an account whose address is confirmed, or to an address.

The letter to an account says the title and leads to the portal; the text, which may name a child,
stays inside. A letter to an address, by e-mail or SMS, says what it was given to say.
A letter is lent to one worker for some minutes: two never send the same one. It counts as attempted
before it goes and as sent after; one that broke off in between is tried again, a few times only.
What is days old when the post opens says nothing new: it is not sent.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from foundation.notify.models import Notice
from foundation.transport.http import HTTPError
from foundation.transport.mail import MailIsRefused, UnableToSend, is_mail_open, send_mail
from foundation.transport.sms import SmsIsRefused, is_sms_open, send_sms

logger = logging.getLogger(__name__)

BATCH = 50
ATTEMPTS = 5
LENT = timedelta(minutes=15)
STALE = timedelta(days=3)

Door = Callable[[], AbstractContextManager[None]]
AddressBook = Callable[[list[int]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that waits."""

    notice_id: int
    account_id: int | None
    title: str
    address: str = ""
    text: str = ""
    url: str = ""

    @property
    def is_sms(self) -> bool:
        """Return whether it goes to a phone."""
        return self.address.startswith("+")


def send_letters(*, door: Door, find_addresses: AddressBook, now: datetime) -> int:
    """Send a batch of waiting letters of one schema; return how many went.

    `door` opens the schema, `find_addresses` the confirmed addresses of accounts: no transaction
    is open while a letter is on its way.
    """
    with door():
        letters = _take(now)
    if not letters:
        return 0
    accounts = {letter.account_id for letter in letters if letter.account_id is not None}
    addresses = find_addresses(sorted(accounts)) if accounts else {}
    states = {letter.notice_id: _send(letter, addresses) for letter in letters}
    with door():
        for state in set(states.values()):
            ids = [one for one, reached in states.items() if reached == state]
            Notice.objects.filter(pk__in=ids).update(letter=state)
        sent = Notice.objects.filter(pk__in=states)
        sent.filter(letter=Notice.Letter.WAITING, mail_attempts__gte=ATTEMPTS).update(
            letter=Notice.Letter.FAILED
        )
        sent.exclude(letter=Notice.Letter.WAITING).exclude(address="").update(address="")
    return sum(state == Notice.Letter.SENT for state in states.values())


def _take(now: datetime) -> list[Letter]:
    waiting = Notice.objects.filter(letter=Notice.Letter.WAITING)
    waiting.filter(created_at__lt=now - STALE).update(letter=Notice.Letter.UNWANTED, address="")
    due = waiting.filter(_is_open()).filter(Q(mail_retry_at=None) | Q(mail_retry_at__lte=now))
    rows = list(due.select_for_update(skip_locked=True).order_by("mail_attempts", "pk")[:BATCH])
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(
        mail_attempts=F("mail_attempts") + 1, mail_retry_at=now + LENT
    )
    return [
        Letter(row.pk, row.account_id, row.title, row.address, row.text, row.url) for row in rows
    ]


def _is_open() -> Q:
    """Return the condition of what can go out from here at all; the rest waits."""
    sms = Q(address__startswith="+")
    return (sms if is_sms_open() else Q(pk=None)) | (~sms if is_mail_open() else Q(pk=None))


def _send(letter: Letter, addresses: Mapping[int, str]) -> str:
    address = letter.address or addresses.get(letter.account_id or 0)
    if not address:
        return Notice.Letter.UNWANTED
    try:
        if letter.is_sms:
            send_sms(to=address, text=_short(letter))
        else:
            send_mail(to=address, subject=letter.title, text=_text(letter))
    except (MailIsRefused, SmsIsRefused):
        logger.warning("notify.letter_refused", extra={"notice_id": letter.notice_id})
        return Notice.Letter.FAILED
    except (UnableToSend, HTTPError):
        logger.warning("notify.letter_delayed", extra={"notice_id": letter.notice_id})
        return Notice.Letter.WAITING
    return Notice.Letter.SENT


def _text(letter: Letter) -> str:
    text, url = "Подробности — в портале, раздел «Уведомления».", "/notices/"
    if letter.address:
        text, url = letter.text, letter.url
    lines = [letter.title, "", text, _where(url), "", "На это письмо отвечать не нужно."]
    return "\n".join(lines)


def _short(letter: Letter) -> str:
    return " ".join(filter(None, (f"{letter.title}.", letter.text, _where(letter.url))))


def _where(url: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{url}" if settings.PORTAL_URL else ""
