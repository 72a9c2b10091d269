"""Who has not chosen a password yet, and whose code somebody holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from kernel.codes import read_code
from kernel.roles import Role
from tenants.accounts.digests import plain_digest
from tenants.accounts.models import Account, ActivationCode, Membership


@dataclass(frozen=True, slots=True)
class WaitingAccount:
    """An account whose owner holds a good code."""

    account_id: int
    login: str
    display_name: str

    @property
    def given_name(self) -> str:
        """Return the name and patronymic, as one greets."""
        return " ".join(self.display_name.split()[1:]) or self.display_name


@dataclass(frozen=True, slots=True)
class UnactivatedAccount:
    """An account of a school without a password, and the code it waits with, if any."""

    account_id: int
    login: str
    display_name: str
    role: Role
    person_id: int | None
    code_issued_at: datetime | None
    code_expires_at: datetime | None


def find_waiting_account(*, code: str, now: datetime) -> WaitingAccount | None:
    """Return the account an unused code of today opens, or None."""
    found = (
        ActivationCode.objects.filter(digest=plain_digest(read_code(code)), used_at=None)
        .filter(expires_at__gt=now, account__is_active=True)
        .values_list("account_id", "account__login", "account__display_name")
        .first()
    )
    return WaitingAccount(*found) if found else None


def list_unactivated(
    *, school_id: int, roles: Collection[Role] = tuple(Role)
) -> list[UnactivatedAccount]:
    """Return the accounts of a school that have no password yet, by name; one row a role."""
    rows = (
        Membership.objects.filter(school_id=school_id, role__in=roles, account__is_active=True)
        .filter(Q(account__password="") | Q(account__password__startswith=UNUSABLE_PASSWORD_PREFIX))
        .select_related("account")
        .order_by("account__display_name", "account_id", "pk")
    )
    codes = {
        code.account_id: code
        for code in ActivationCode.objects.filter(
            account_id__in=[row.account_id for row in rows], used_at=None
        )
    }
    return [_row(row, row.account, codes.get(row.account_id)) for row in rows]


def _row(
    membership: Membership, account: Account, code: ActivationCode | None
) -> UnactivatedAccount:
    return UnactivatedAccount(
        account_id=account.pk,
        login=account.login,
        display_name=account.display_name,
        role=Role(membership.role),
        person_id=membership.person_id,
        code_issued_at=code.issued_at if code else None,
        code_expires_at=code.expires_at if code else None,
    )
