"""Sending a letter, to a listed server only."""

import smtplib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from foundation.transport.hosts import WayOutIsClosed, check_host


class UnableToSend(Exception):
    """The server does not answer or says «later»: try again."""


class MailIsRefused(Exception):
    """This letter will never go: the address is wrong or the server refuses it for good."""


def is_mail_open() -> bool:
    """Return whether letters can go out at all: a server is set, and it is listed."""
    if not settings.EMAIL_HOST:
        return False
    try:
        check_host(scheme="smtp", host=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    except WayOutIsClosed:
        return False
    return True


def send_mail(*, to: str, subject: str, text: str) -> None:
    """Send one letter to one address.

    Never inside a transaction. Raise `WayOutIsClosed`, `UnableToSend`, `MailIsRefused`.
    """
    if not settings.EMAIL_HOST:
        raise WayOutIsClosed(scheme="smtp")
    check_host(scheme="smtp", host=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    try:
        validate_email(to)
    except ValidationError as error:
        raise MailIsRefused from error
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _meaning(max(code for code, _ in error.recipients.values())) from error
    except smtplib.SMTPDataError as error:
        raise _meaning(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        raise UnableToSend from error


def _meaning(code: int) -> Exception:
    """Return what the answer about a letter means: 5xx is for good, anything else for now.

    A wrong password of ours or a refused sender is no fault of the letter: it waits.
    """
    return MailIsRefused() if 500 <= code < 600 else UnableToSend()
