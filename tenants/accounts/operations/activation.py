"""Activation (активация): a code of paper is changed for a password of one's own, once.

Nobody else ever chooses or sees the password (ACC-002, ACC-003). The code has 120 bits; only its
digest is kept; a later code kills the earlier one.
"""

from datetime import datetime, timedelta

from kernel.codes import make_code, read_code
from kernel.errors import DomainError
from tenants.accounts.digests import plain_digest
from tenants.accounts.models import Account, ActivationCode
from tenants.accounts.operations.passwords import choose_password

VALID_DAYS = 30  # what `access.activation_days` ships with


class ActivationCodeIsOfNoUse(DomainError):
    """Unknown, used, killed by a later one, too old, or of a closed account: nobody hears which."""

    code = "activation-code-is-of-no-use"
    message = (
        "Код не подходит. Проверьте, всё ли набрано верно. Код действует один раз и до дня, что "
        "стоит на листе, новый лист отменяет прежний. Новый лист даст классный руководитель или "
        "администратор."
    )


def issue_activation_code(
    *, account_id: int, issued_by: int | None, now: datetime, valid_days: int = VALID_DAYS
) -> str:
    """Return a new code of an account, shown this once; the earlier ones die.

    Raise `ActivationCodeIsOfNoUse` for an account that is closed or frozen.
    """
    account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
    if account is None:
        raise ActivationCodeIsOfNoUse("Учётная запись закрыта или заморожена: код не выдан.")
    ActivationCode.objects.filter(account_id=account_id, used_at=None).delete()
    code = make_code()
    ActivationCode.objects.create(
        account_id=account_id,
        digest=plain_digest(read_code(code)),
        issued_at=now,
        issued_by=issued_by,
        expires_at=now + timedelta(days=valid_days),
    )
    return code


def activate(*, code: str, password: str, now: datetime) -> int:
    """Choose a password by a code and return the account; the code is used up.

    Of two at once one gets in. Raise `ActivationCodeIsOfNoUse`, `UnsuitablePassword`.
    """
    known = ActivationCode.objects.filter(
        digest=plain_digest(read_code(code)), used_at=None, expires_at__gt=now
    )
    account_id = known.values_list("account_id", flat=True).first()
    # The account first, as everybody locks: a theft reported at this moment must not be refused.
    accounts = Account.objects.select_for_update().filter(pk=account_id or 0, is_active=True)
    if accounts.first() is None:
        raise ActivationCodeIsOfNoUse
    waiting = known.select_for_update(of=("self",)).first()
    if waiting is None:
        raise ActivationCodeIsOfNoUse
    waiting.used_at = now
    waiting.save(update_fields=["used_at"])
    choose_password(account_id=waiting.account_id, password=password)
    return waiting.account_id
