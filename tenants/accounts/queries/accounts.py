"""Accounts and roles by number and by login."""

from collections.abc import Iterable
from datetime import datetime

from kernel.roles import Role
from tenants.accounts.models import Account, Membership


def count_members(*, school_id: int | None, role: Role) -> int:
    """Return how many accounts hold a role in a school (None: in the district)."""
    rows = Membership.objects.filter(role=role)
    if school_id is None:
        return rows.filter(school_id__isnull=True).count()
    return rows.filter(school_id=school_id).count()


def get_account_id(login: str) -> int | None:
    """Return the id of an account by its login, or None."""
    return Account.objects.filter(login=login).values_list("pk", flat=True).first()


def get_display_names(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of accounts by id."""
    rows = Account.objects.filter(pk__in=set(account_ids))
    return dict(rows.values_list("pk", "display_name"))


def list_active_accounts(*, account_ids: Iterable[int], since: datetime) -> set[int]:
    """Return those of the accounts that signed in since a moment."""
    rows = Account.objects.filter(pk__in=set(account_ids), last_login__gte=since)
    return set(rows.values_list("pk", flat=True))
