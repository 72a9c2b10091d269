"""Resetting a password by oneself: a code to a confirmed address, then a new password.

Asking costs the same for every login, known or not: one row and one event. Who it is and where the
code goes is found out afterwards, out of the asker's sight (ASVS 5.0 §6.3.8).
"""

from hmac import compare_digest

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from foundation.outbox.operations import record
from kernel.errors import DomainError
from tenants.accounts.digests import keyed_digest
from tenants.accounts.events import ResetAsked
from tenants.accounts.models import Account, Contact, ResetRequest
from tenants.accounts.operations.contacts import Parcel, make_digits
from tenants.accounts.operations.passwords import choose_password

LIFE = "10 minutes"
TRIES = 5
MOST_AN_HOUR = 5  # codes to one person, whoever asks for them

TAKE = f"""
UPDATE accounts_resetrequest SET tries = tries + 1
WHERE id = %s AND digest <> '' AND used_at IS NULL AND tries < {TRIES}
    AND asked_at > now() - interval '{LIFE}'
RETURNING account_id, digest
"""
WIPE = "DELETE FROM accounts_resetrequest WHERE asked_at < now() - interval '1 day'"
LATELY = """
SELECT count(*) FROM accounts_resetrequest
WHERE account_id = %s AND digest <> '' AND asked_at > now() - interval '1 hour'
"""


class ResetCodeIsWrong(DomainError):
    """Not the code that was sent, or too late, or tried too often, or none was sent at all."""

    code = "reset-code-is-wrong"
    message = (
        "Код не подошёл. Он действует 10 минут и пять попыток. Проверьте письмо или начните заново."
    )


def ask_reset(*, login: str) -> int:
    """Note that somebody forgot the password of a login; return the number of the request."""
    typed = login.strip().lower()[:64]
    asked = ResetRequest.objects.create(login=typed if typed.isprintable() else "")
    record(ResetAsked(asked.pk))
    return asked.pk


def prepare_reset_code(*, request_id: int) -> list[Parcel]:
    """Make the code of a request and return where to send it: nowhere for an unknown login.

    Safe to repeat: a new code takes the place of one that was not sent.
    """
    asked = ResetRequest.objects.select_for_update().filter(pk=request_id, used_at=None).first()
    if asked is None:
        return []
    account = Account.objects.filter(login=asked.login, is_active=True).first()
    if account is None or not account.has_usable_password():
        return []
    contacts = Contact.objects.filter(account=account, confirmed_at__isnull=False).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute(LATELY, [account.pk])
        (sent,) = cursor.fetchone()
    if sent >= MOST_AN_HOUR or not contacts:
        return []
    code = make_digits()
    asked.account, asked.digest = account, keyed_digest("reset", f"{asked.pk} {code}")
    asked.save(update_fields=["account", "digest"])
    return [Parcel(one.kind, one.value, code) for one in contacts]


def take_reset_code(*, request_id: int, code: str) -> int:
    """Return the account whose code this is; the try is counted. Raise `ResetCodeIsWrong`.

    Called outside a transaction: a wrong try must stay counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [request_id])
        row = cursor.fetchone()
    account_id, digest = row or (None, "")
    typed = keyed_digest("reset", f"{request_id} {''.join(code.split())}")
    if not compare_digest(typed, digest) or account_id is None:
        raise ResetCodeIsWrong
    return int(account_id)


def reset_password(*, request_id: int, account_id: int, password: str) -> None:
    """Choose a new password by a request whose code was taken; the request is used up.

    Raise `ResetCodeIsWrong` when another was faster, `UnsuitablePassword`.
    """
    open_request = ResetRequest.objects.filter(pk=request_id, account_id=account_id, used_at=None)
    if not open_request.exclude(digest="").update(used_at=Now()):
        raise ResetCodeIsWrong
    choose_password(account_id=account_id, password=password)


def wipe_reset_requests() -> None:
    """Delete requests of yesterday: what was typed there may be a login, or anything."""
    with connection.cursor() as cursor:
        cursor.execute(WIPE)


def give_try_back(*, request_id: int) -> None:
    """Forgive a try whose code was right and whose new password was not."""
    ResetRequest.objects.filter(pk=request_id, tries__gt=0).update(tries=F("tries") - 1)
