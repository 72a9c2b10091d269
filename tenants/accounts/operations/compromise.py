"""A stolen sign-in (компрометация, ACC-009, ACC-010): the account is frozen at once.

What the account changed since the notice is void; each of its schools lists and reverses it
(`portal.office.thefts`). The account comes back with a new activation code only.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from foundation.notify.operations import notify
from foundation.outbox.operations import record
from kernel.errors import DomainError, NotFound
from kernel.roles import Role
from tenants.accounts.events import AccountFrozen
from tenants.accounts.models import (
    Account,
    ActivationCode,
    Compromise,
    Contact,
    Membership,
    RecoveryCode,
    ResetRequest,
    SecondFactor,
)
from tenants.accounts.operations.sessions import end_sessions
from tenants.registry.models import School

HEADS = (Role.ADMINISTRATOR, Role.MANAGEMENT)


class NoticeIsAhead(DomainError):
    """The notice is said to have come later than now."""

    code = "notice-is-ahead"
    message = "Это время ещё не наступило."


def freeze_account(
    *,
    account_id: int,
    noticed_at: datetime,
    reported_by: int | None,
    now: datetime,
    due_on: date,
    learned_at: datetime | None = None,
) -> int:
    """Freeze an account whose sign-in was stolen; return the number of the case.

    Sessions, keys, codes and unconfirmed addresses end at once, and what a thief could come back
    by: codes printed for others since the notice, a factor and outside sign-ins joined since. The
    heads of its schools are told.
    A second report joins the first and may only move the notice back. `reported_by` is the account
    that reports: the owner's own, or somebody's of the school. Raise `NotFound`, `NoticeIsAhead`.
    """
    if noticed_at > now:
        raise NoticeIsAhead
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    account.frozen_at = account.frozen_at or now
    account.is_active = False
    account.save(update_fields=["frozen_at", "is_active"])
    _end_ways_in(account, noticed_at)
    is_own = reported_by == account_id
    case, is_new = Compromise.objects.get_or_create(
        account_id=account_id,
        closed_at=None,
        defaults={
            "noticed_at": noticed_at,
            "learned_at": learned_at or noticed_at,
            "due_on": due_on,
            "reported_at": now,
            "reported_by": reported_by,
            "reporter": Compromise.Reporter.OWNER if is_own else Compromise.Reporter.HEAD,
        },
    )
    record(AccountFrozen(account_id, case.pk))
    if not is_new and noticed_at < case.noticed_at:
        case.noticed_at = noticed_at
        case.save(update_fields=["noticed_at"])
    for school_id in _schools_of(account_id):
        _tell_heads(case.pk, account_id, school_id)
    return case.pk


def unfreeze_account(*, account_id: int, by: int | None, now: datetime) -> None:
    """Give an account back to its owner: without a password, a new activation code lets in.

    The case is closed. An account that is blocked besides stays closed. What slipped in while it
    was being frozen ends once more. Raise `NotFound`.
    """
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    account.frozen_at, account.is_active = None, account.blocked_at is None
    account.save(update_fields=["frozen_at", "is_active"])
    open_cases = Compromise.objects.filter(account_id=account_id, closed_at=None)
    for case in open_cases:
        _end_ways_in(account, case.noticed_at)
        record(AccountFrozen(account_id, case.pk))
    open_cases.update(closed_at=now, closed_by=by)


def _end_ways_in(account: Account, noticed_at: datetime) -> None:
    """End password, sessions, codes, also those given to others, and what a thief confirmed."""
    account_id = account.pk
    account.set_unusable_password()
    account.save(update_fields=["password"])
    end_sessions(account_id=account_id)
    ResetRequest.objects.filter(account_id=account_id, used_at=None).update(digest="")
    Contact.objects.filter(account_id=account_id).filter(
        Q(confirmed_at=None) | Q(confirmed_at__gte=noticed_at)
    ).delete()
    waiting = ActivationCode.objects.filter(used_at=None)
    waiting.filter(
        Q(account_id=account_id) | Q(issued_by=account_id, issued_at__gte=noticed_at)
    ).delete()
    RecoveryCode.objects.filter(account_id=account_id, created_at__gte=noticed_at).delete()
    factor = SecondFactor.objects.filter(account_id=account_id)
    if factor.filter(Q(confirmed_at=None) | Q(confirmed_at__gte=noticed_at)).delete()[0]:
        Account.objects.filter(pk=account_id).update(second_factor_since=None)


def _schools_of(account_id: int) -> Iterable[int]:
    held = Membership.objects.filter(account_id=account_id, school_id__isnull=False)
    return sorted({row for row in held.values_list("school_id", flat=True) if row is not None})


def _tell_heads(case_id: int, account_id: int, school_id: int) -> None:
    """Tell who answers for the school and for its support (ACC-009), at once."""
    heads = Membership.objects.filter(school_id=school_id, role__in=HEADS, account__is_active=True)
    slug = School.objects.values_list("slug", flat=True).get(pk=school_id)
    notify(
        account_ids=heads.exclude(account_id=account_id).values_list("account_id", flat=True),
        kind="theft",
        title="Сообщили о краже входа",
        text="Учётная запись заморожена. Посмотрите, что через неё изменили, и отмените это.",
        url=f"/s/{slug}/office/thefts/{case_id}/",
        key=f"theft-{case_id}-{school_id}",
    )
