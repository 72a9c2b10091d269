"""How an account stands: what its owner and the administrator see."""

from dataclasses import dataclass
from datetime import datetime

from kernel.errors import NotFound
from tenants.accounts.models import Account, Contact, RecoveryCode


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account: closed or frozen since, its second factor, its addresses, unused paper codes."""

    account_id: int
    login: str
    display_name: str
    is_activated: bool
    blocked_at: datetime | None
    frozen_at: datetime | None
    second_factor_since: datetime | None
    paper_codes_left: int
    email: str
    phone: str


def get_account_state(*, account_id: int) -> AccountState:
    """Return how an account stands; only confirmed addresses count. Raise `NotFound`."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    confirmed = Contact.objects.filter(account_id=account_id, confirmed_at__isnull=False)
    contacts = dict(confirmed.values_list("kind", "value"))
    codes = RecoveryCode.objects.filter(account_id=account_id, used_at=None)
    return AccountState(
        account_id=account.pk,
        login=account.login,
        display_name=account.display_name,
        is_activated=account.has_usable_password() and bool(account.password),
        blocked_at=account.blocked_at,
        frozen_at=account.frozen_at,
        second_factor_since=account.second_factor_since,
        paper_codes_left=codes.count(),
        email=contacts.get(Contact.Kind.EMAIL, ""),
        phone=contacts.get(Contact.Kind.PHONE, ""),
    )
