"""Addresses of an account: one e-mail, one phone, of use once a code confirmed them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models.functions import Now

from foundation.notify.operations import notify
from foundation.outbox.operations import record
from kernel.errors import DomainError
from tenants.accounts.digests import keyed_digest
from tenants.accounts.events import ContactAdded
from tenants.accounts.models import Contact

DIGITS = 8
LIFE = "30 minutes"
TRIES = 5

TAKE = f"""
UPDATE accounts_contact SET tries = tries + 1
WHERE account_id = %s AND kind = %s AND digest <> '' AND confirmed_at IS NULL AND tries < {TRIES}
    AND sent_at > now() - interval '{LIFE}'
RETURNING id, digest
"""


# When the last role went, the journal of actions says; an account that never had one is as old as
# itself.
DEPARTED = """
SELECT a.id FROM accounts_account a
WHERE EXISTS (SELECT FROM accounts_contact c WHERE c.account_id = a.id)
    AND NOT EXISTS (SELECT FROM accounts_membership m WHERE m.account_id = a.id)
    AND coalesce(
        (
            SELECT max(l.at) FROM audit_log l
            WHERE l.table_name = 'accounts_membership' AND l.action = 'DELETE'
                AND (l.before ->> 'account_id')::bigint = a.id
        ),
        a.created_at
    ) < %s
ORDER BY a.id
"""


class AddressIsUnreadable(DomainError):
    """Neither an e-mail address nor a phone number."""

    code = "address-is-unreadable"
    message = "Адрес не прочитан: нужна почта вида имя@сайт.ру или телефон с кодом."


class ContactCodeIsWrong(DomainError):
    """Not the code that was sent, or too late, or tried too often."""

    code = "contact-code-is-wrong"
    message = "Код не подошёл. Он действует полчаса и пять попыток."


@dataclass(frozen=True, slots=True)
class Parcel:
    """A code on its way: by which channel, where to."""

    kind: str
    address: str
    code: str


def read_address(*, kind: str, text: str) -> str:
    """Return the address in its one form: small letters, or +7…. Raise `AddressIsUnreadable`."""
    value = text.strip()
    try:
        if kind == Contact.Kind.EMAIL:
            validate_email(value)
            return value.lower()
        number = phonenumbers.parse(value, "RU")
    except (ValidationError, phonenumbers.NumberParseException) as error:
        raise AddressIsUnreadable from error
    if not phonenumbers.is_valid_number(number):
        raise AddressIsUnreadable
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def add_contact(*, account_id: int, kind: str, text: str) -> None:
    """Note a new address in place of the old one; a code goes there.

    Of no use until confirmed. Raise `AddressIsUnreadable`.
    """
    value = read_address(kind=kind, text=text)
    Contact.objects.filter(account_id=account_id, kind=kind).delete()
    contact = Contact.objects.create(account_id=account_id, kind=kind, value=value)
    record(ContactAdded(contact.pk))


def prepare_contact_code(*, contact_id: int) -> list[Parcel]:
    """Make the code of a waiting address and return where to send it; safe to repeat."""
    waiting = Contact.objects.select_for_update().filter(pk=contact_id, confirmed_at=None)
    contact = waiting.first()
    if contact is None:
        return []
    code = make_digits()
    digest = keyed_digest("contact", f"{contact.pk} {code}")
    waiting.update(digest=digest, sent_at=Now(), tries=0)
    return [Parcel(contact.kind, contact.value, code)]


def confirm_contact(*, account_id: int, kind: str, code: str) -> None:
    """Put an address in use by the code that was sent there. Raise `ContactCodeIsWrong`.

    Called outside a transaction: a wrong try must stay counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [account_id, kind])
        row = cursor.fetchone()
    number, digest = row or (0, "")
    typed = keyed_digest("contact", f"{number} {''.join(code.split())}")
    if not compare_digest(typed, digest):
        raise ContactCodeIsWrong
    Contact.objects.filter(pk=number).update(confirmed_at=Now(), digest="")
    notify(
        account_ids=[account_id],
        kind="contact-confirmed",
        title="У вашего входа новый адрес для связи",
        text="Через него можно сменить пароль. Если адрес указали не вы, сообщите о краже входа.",
        url="/account/",
        key=f"contact-{number}",
    )


def drop_contact(*, account_id: int, kind: str) -> None:
    """Forget an address."""
    Contact.objects.filter(account_id=account_id, kind=kind).delete()


def forget_contacts_of_departed(*, now: datetime, kept_days: int) -> int:
    """Erase the addresses of accounts that have held no role for some days; return how many.

    A child who moves to another school of the district leaves a gap of days, not of a month. The
    addresses go from the journal of actions as well. Safe to repeat.
    """
    with connection.cursor() as cursor:
        cursor.execute(DEPARTED, [now - timedelta(days=kept_days)])
        departed = [row[0] for row in cursor.fetchall()]
        for account_id in departed:
            Contact.objects.filter(account_id=account_id).delete()
            cursor.execute("SELECT accounts_forget_contacts(%s)", [account_id])
    return len(departed)


def make_digits() -> str:
    """Return a code of digits, as sent by e-mail or SMS."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))
