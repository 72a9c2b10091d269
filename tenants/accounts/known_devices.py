"""Recognising the devices of an account: a new one is told to the owner."""

from dataclasses import dataclass

from django.db import connection

from foundation.notify.operations import notify
from kernel.errors import NotFound
from tenants.accounts.devices import describe_device
from tenants.accounts.digests import plain_digest
from tenants.accounts.models import Account, Device

SEEN = """
INSERT INTO accounts_device AS d (account_id, digest, label, first_seen_at, last_seen_at)
VALUES (%s, %s, %s, now(), now())
ON CONFLICT (account_id, digest) DO UPDATE SET last_seen_at = now(), label = excluded.label
RETURNING d.id, d.xmax = 0
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the account keeps for its devices."""

    appearance: str


def recognise_device(*, account_id: int, device: str, browser: str) -> Kept:
    """Note the device of a sign-in; tell the owner of one that is new.

    The first device of an account is nobody's news. Raise `NotFound` for a closed account.
    """
    account = Account.objects.filter(pk=account_id, is_active=True).only("appearance").first()
    if account is None:
        raise NotFound
    label = describe_device(browser)
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [account_id, plain_digest(device), label])
        number, is_new = cursor.fetchone()
    if is_new and Device.objects.filter(account_id=account_id).exclude(pk=number).exists():
        notify(
            account_ids=[account_id],
            kind="new-device",
            title="Вход с нового устройства",
            text=f"{label}. Если это были не вы, сообщите о краже входа: мы закроем его сразу.",
            url="/account/",
            key=f"new-device-{number}",
        )
    return Kept(account.appearance)
