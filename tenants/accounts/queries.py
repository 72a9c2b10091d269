"""Reading accounts and roles."""

from collections.abc import Iterable

from kernel.roles import Role
from tenants.accounts.models import Account, Membership


def count_members(*, school_id: int, role: Role) -> int:
    """Return how many accounts hold a role in a school."""
    return Membership.objects.filter(school_id=school_id, role=role).count()


def get_account_id(login: str) -> int | None:
    """Return the id of an account by its login, or None."""
    return Account.objects.filter(login=login).values_list("pk", flat=True).first()


def get_display_names(account_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of accounts by id."""
    rows = Account.objects.filter(pk__in=set(account_ids))
    return dict(rows.values_list("pk", "display_name"))
