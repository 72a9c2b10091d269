"""The roles people hold at work in a school, by card and by account."""

from collections import defaultdict
from collections.abc import Collection

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from kernel.roles import FAMILY_ROLES, STAFF_ROLES, Role
from tenants.accounts.models import Account, Membership


def list_staff_roles(*, school_id: int) -> dict[int, frozenset[Role]]:
    """Return the roles of accounts at work in a school, closed accounts left out."""
    rows = Membership.objects.filter(
        school_id=school_id, role__in=sorted(STAFF_ROLES), account__is_active=True
    )
    found: defaultdict[int, set[Role]] = defaultdict(set)
    for account_id, role in rows.order_by("pk").values_list("account_id", "role"):
        found[account_id].add(Role(role))
    return {account_id: frozenset(roles) for account_id, roles in found.items()}


def list_holders(*, school_id: int, role: Role, besides: int | None = None) -> list[int]:
    """Return the working accounts that hold a role in a school, one of them left out."""
    rows = Membership.objects.filter(school_id=school_id, role=role, account__is_active=True)
    rows = rows.exclude(account_id=besides or 0)
    return list(rows.order_by("account_id").values_list("account_id", flat=True))


def list_activated(*, account_ids: Collection[int]) -> set[int]:
    """Return those of the accounts whose owners have chosen a password."""
    rows = Account.objects.filter(pk__in=account_ids).exclude(password="")
    unused = rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).values("pk")
    return set(rows.exclude(pk__in=unused).values_list("pk", flat=True))


def get_logins(*, account_ids: Collection[int]) -> dict[int, str]:
    """Return the logins of accounts by id."""
    rows = Account.objects.filter(pk__in=account_ids)
    return dict(rows.values_list("pk", "login"))


def is_blocked(*, account_id: int) -> bool:
    """Return whether an account is closed."""
    return Account.objects.filter(pk=account_id, blocked_at__isnull=False).exists()


def is_of_one_school(*, account_id: int, school_id: int) -> bool:
    """Return whether an account holds no role outside one school."""
    rows = Membership.objects.filter(account_id=account_id)
    return not rows.exclude(school_id=school_id).exists()


def works_elsewhere(*, account_id: int, school_id: int) -> bool:
    """Return whether an account works, not only has children, outside one school."""
    rows = Membership.objects.filter(account_id=account_id).exclude(school_id=school_id)
    return rows.exclude(role__in=sorted(FAMILY_ROLES)).exists()


def list_with_second_factor(*, account_ids: Collection[int]) -> set[int]:
    """Return those of the accounts that a second factor guards."""
    rows = Account.objects.filter(pk__in=account_ids, second_factor_since__isnull=False)
    return set(rows.values_list("pk", flat=True))
