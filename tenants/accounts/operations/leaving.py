"""Leaving a place: the roles there go, authorship stays; a school keeps an administrator (ACC-006).

Expects an open transaction on the public schema. Each call is safe to repeat.
"""

from collections.abc import Collection
from datetime import datetime

from kernel.roles import Role
from tenants.accounts.models import Account, Membership
from tenants.accounts.operations.blocking import block_account, unblock_account
from tenants.accounts.operations.sessions import end_sessions


def take_role_but_the_last(*, account_id: int, role: Role, school_id: int) -> bool:
    """Take a role unless no other working account holds it; return whether it is gone.

    The rows are locked in one order: of two who give the role up at once, one keeps it.
    """
    held = Membership.objects.select_for_update(of=("self",)).filter(role=role, school_id=school_id)
    rows = list(held.select_related("account").order_by("pk"))
    mine = [row for row in rows if row.account_id == account_id]
    others = [row for row in rows if row.account_id != account_id and row.account.is_active]
    if not mine:
        return True
    if not others:
        return False
    Membership.objects.filter(pk__in=[row.pk for row in mine]).delete()
    return True


def block_but_the_last(*, account_id: int, school_id: int, now: datetime) -> bool:
    """Close an account unless it is the last administrator's of a school; return whether it is.

    The rows are locked in one order: of two who close each other, one stays.
    """
    held = Membership.objects.select_for_update(of=("self",)).filter(
        role=Role.ADMINISTRATOR, school_id=school_id
    )
    holders = set(held.order_by("pk").values_list("account_id", flat=True))
    others = Account.objects.filter(pk__in=holders - {account_id}, is_active=True)
    if account_id in holders and not others.exists():
        return False
    block_account(account_id=account_id, now=now)
    return True


def leave_school(
    *, account_id: int, roles: Collection[Role], school_id: int, now: datetime
) -> bool:
    """Take the roles of an account in a school; return False when the last administrator remains.

    Who holds nothing anywhere afterwards has the account closed, with every session and key.
    """
    plain = [role for role in roles if role is not Role.ADMINISTRATOR]
    Membership.objects.filter(account_id=account_id, school_id=school_id, role__in=plain).delete()
    is_gone = Role.ADMINISTRATOR not in roles or take_role_but_the_last(
        account_id=account_id, role=Role.ADMINISTRATOR, school_id=school_id
    )
    if not Membership.objects.filter(account_id=account_id).exists():
        block_account(account_id=account_id, now=now)
    else:
        end_sessions(account_id=account_id)
    return is_gone


def open_for_newcomer(*, account_id: int) -> None:
    """Open an account that was closed because its owner left everywhere and now comes back.

    Closed by somebody's word while it still held roles, it stays closed.
    """
    account = Account.objects.filter(pk=account_id).first()
    if account is None or account.blocked_at is None:
        return
    if not Membership.objects.filter(account_id=account_id).exists():
        unblock_account(account_id=account_id)
