"""Where a code may be sent: by letter through the house's post, by SMS through a gateway."""

import logging

from foundation.transport.hosts import WayOutIsClosed
from foundation.transport.mail import MailIsRefused, is_mail_open, send_mail
from foundation.transport.sms import SmsIsRefused, is_sms_open, send_sms
from tenants.accounts.operations import Parcel

logger = logging.getLogger(__name__)

SUBJECT = "Код для входа в школьный портал"
TEXT = (
    "Ваш код: {code}\n\nНикому его не говорите, и работникам школы тоже. "
    "Если вы ничего не просили, ничего не делайте: без кода никто не войдёт."
)


def open_channels() -> frozenset[str]:
    """Return the kinds of addresses a code can be sent to from here: email, phone."""
    kinds = {"email"} if is_mail_open() else set()
    return frozenset(kinds | ({"phone"} if is_sms_open() else set()))


def send(parcel: Parcel) -> None:
    """Send a code, if its channel is open; an address that refuses is nobody's failure.

    Never inside a transaction. Raise `UnableToSend` or `httpx.HTTPError`: try again later.
    """
    if parcel.kind not in open_channels():
        return
    text = TEXT.format(code=parcel.code)
    try:
        if parcel.kind == "email":
            send_mail(to=parcel.address, subject=SUBJECT, text=text)
            return
        send_sms(to=parcel.address, text=text)
    except (MailIsRefused, SmsIsRefused):
        logger.warning("accounts.code_refused")
    except WayOutIsClosed:
        logger.warning("accounts.channel_closed", extra={"channel": parcel.kind})
