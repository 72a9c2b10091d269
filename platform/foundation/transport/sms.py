"""Sending an SMS through a gateway, to a listed host only.

A gateway is an address in `OKRUG_SMS_URL` that takes `{"phone", "text"}` as JSON; its host must be
listed in `OKRUG_ALLOWED_OUT` as every other.
"""

import httpx
from django.conf import settings

from foundation.transport.hosts import WayOutIsClosed, check_host
from foundation.transport.http import client


class SmsIsRefused(Exception):
    """This message will never go: the gateway refuses the phone or the text for good."""


def is_sms_open() -> bool:
    """Return whether messages can go out at all: a gateway is set, and its host is listed."""
    if not settings.OKRUG_SMS_URL:
        return False
    url = httpx.URL(settings.OKRUG_SMS_URL)
    try:
        check_host(scheme=url.scheme, host=url.host, port=url.port)
    except WayOutIsClosed:
        return False
    return True


def send_sms(*, to: str, text: str) -> None:
    """Send one message to one phone.

    Never inside a transaction. Raise `SmsIsRefused`, `WayOutIsClosed`, or `httpx.HTTPError`: try
    again later.
    """
    with client("sms") as gateway:
        answer = gateway.post(settings.OKRUG_SMS_URL, json={"phone": to, "text": text})
    if httpx.codes.is_client_error(answer.status_code):
        raise SmsIsRefused
    answer.raise_for_status()
