"""The second factor: setting one up, asking it, paper codes for a lost phone, taking it off.

TOTP of RFC 6238 by django-otp: six digits, half a minute, a neighbouring step is taken too, none
twice. The secret is sealed; the paper codes are kept as passwords are.
"""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.contrib.auth.hashers import check_password, make_password
from django.db.models.functions import Now
from django_otp.oath import TOTP

from foundation.notify.operations import notify
from foundation.sealing import seal, unseal
from kernel.codes import make_code, read_code
from kernel.errors import DomainError
from tenants.accounts.models import Account, RecoveryCode, SecondFactor
from tenants.accounts.operations.sessions import end_other_sessions, end_sessions

PURPOSE = "second factor"
TOLERANCE = 1  # steps of half a minute, for clocks that go astray
PAPER_CODES = 10
PAPER_LENGTH, LEAD = 16, 4


class CodeIsWrong(DomainError):
    """Neither the application's code of this minute nor an unused paper code."""

    code = "code-is-wrong"
    message = "Код не подошёл. Возьмите новый: код меняется каждые полминуты и берётся один раз."


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an application is told of a new factor: the secret to type, the address to scan."""

    secret: str
    address: str


def begin_second_factor(*, account_id: int) -> None:
    """Make a secret that waits for its first code; one that waited before is forgotten."""
    sealed = seal(secrets.token_bytes(20).hex(), purpose=PURPOSE)
    SecondFactor.objects.filter(account_id=account_id, confirmed_at=None).delete()
    SecondFactor.objects.get_or_create(account_id=account_id, defaults={"secret": sealed})


def find_set_up(*, account_id: int, issuer: str) -> SetUp | None:
    """Return what to show of a secret that waits for its first code, or None."""
    waiting = SecondFactor.objects.filter(account_id=account_id, confirmed_at=None)
    factor = waiting.select_related("account").first()
    if factor is None:
        return None
    text = b32encode(_key_of(factor)).decode()
    label = quote(f"{issuer}:{factor.account.login}", safe="")
    query = urlencode({"secret": text, "issuer": issuer}, quote_via=quote)
    groups = " ".join(text[at : at + 4] for at in range(0, len(text), 4))
    return SetUp(groups, f"otpauth://totp/{label}?{query}")


def confirm_second_factor(*, account_id: int, code: str, kept: int | None) -> list[str]:
    """Put the factor in force by its first code; return the paper codes, shown this once.

    The other sessions of the account end. Raise `CodeIsWrong`.
    """
    waiting = SecondFactor.objects.select_for_update().filter(account_id=account_id)
    factor = waiting.filter(confirmed_at=None).first()
    if factor is None or not _takes(factor, code):
        raise CodeIsWrong
    SecondFactor.objects.filter(pk=account_id).update(confirmed_at=Now())
    Account.objects.filter(pk=account_id).update(second_factor_since=Now())
    end_other_sessions(account_id=account_id, kept=kept)
    return renew_paper_codes(account_id=account_id)


def renew_paper_codes(*, account_id: int) -> list[str]:
    """Return new paper codes; the old ones die."""
    RecoveryCode.objects.filter(account_id=account_id).delete()
    codes: dict[str, str] = {}
    while len(codes) < PAPER_CODES:
        code = make_code(PAPER_LENGTH)
        codes[read_code(code)[:LEAD]] = code
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account_id=account_id, lead=lead, hash=make_password(read_code(code)[LEAD:]))
        for lead, code in codes.items()
    )
    return list(codes.values())


def pass_second_factor(*, account_id: int, code: str) -> None:
    """Take a code of the application or of paper; each is taken once.

    Raise `CodeIsWrong`. Called through `tenants.accounts.proofs`, where mistakes are counted.
    """
    factors = SecondFactor.objects.select_for_update().filter(account_id=account_id)
    factor = factors.exclude(confirmed_at=None).first()
    if factor is None or not (_takes(factor, code) or _takes_paper(account_id, code)):
        raise CodeIsWrong


def drop_second_factor(*, account_id: int) -> None:
    """Take the factor off (the phone is lost, or the person does not want it); sessions end."""
    SecondFactor.objects.filter(account_id=account_id).delete()
    RecoveryCode.objects.filter(account_id=account_id).delete()
    Account.objects.filter(pk=account_id).update(second_factor_since=None)
    end_sessions(account_id=account_id)


def take_factor_off(*, account_id: int, where: str, key: str) -> bool:
    """Take the factor off at the school's word and tell the person; return whether it was there.

    Expects an open public transaction in the name of who does it: the journal of actions keeps it.
    """
    if not SecondFactor.objects.select_for_update().filter(account_id=account_id).exists():
        return False
    drop_second_factor(account_id=account_id)
    notify(
        account_ids=[account_id],
        kind="second-factor",
        title="С вашего входа сняли второй фактор",
        text=f"Это сделала школа: {where}. Если вы об этом не просили, сразу смените пароль и "
        "сообщите директору.",
        url="/account/",
        key=f"second-factor-off-{account_id}-{key}",
    )
    return True


def _key_of(factor: SecondFactor) -> bytes:
    return bytes.fromhex(unseal(bytes(factor.secret), purpose=PURPOSE))


def _takes(factor: SecondFactor, code: str) -> bool:
    """Return whether the code is of about now and of no step taken before; expects the lock."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 6):
        return False
    totp = TOTP(_key_of(factor))
    if not totp.verify(int(digits), tolerance=TOLERANCE, min_t=factor.last_step + 1):
        return False
    SecondFactor.objects.filter(pk=factor.pk).update(last_step=totp.t())
    return True


def _takes_paper(account_id: int, code: str) -> bool:
    """Return whether the paper code was unused; one hash, whether or not it is known."""
    typed = read_code(code)
    if len(typed) != PAPER_LENGTH:
        return False
    unused = RecoveryCode.objects.select_for_update().filter(account_id=account_id, used_at=None)
    found = unused.filter(lead=typed[:LEAD]).first()
    if found is None or not check_password(typed[LEAD:], found.hash):
        return False
    RecoveryCode.objects.filter(pk=found.pk).update(used_at=Now())
    return True
