"""Stolen sign-ins, as a school that the account belongs to sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from kernel.errors import NotFound
from tenants.accounts.models import Compromise, Membership


@dataclass(frozen=True, slots=True)
class TheftCard:
    """A case: whose account, since when its changes are void, whether the notice came in time."""

    id: int
    account_id: int
    login: str
    display_name: str
    noticed_at: datetime
    reported_at: datetime
    due_on: date
    is_own_report: bool
    closed_at: datetime | None


def list_thefts(*, school_id: int) -> list[TheftCard]:
    """Return the cases of the accounts that hold a role in a school, open ones first."""
    members = Membership.objects.filter(school_id=school_id).values("account_id")
    rows = Compromise.objects.filter(account_id__in=members).select_related("account")
    cards = [_card(row) for row in rows.order_by("-noticed_at", "-pk")]
    return sorted(cards, key=lambda card: card.closed_at is not None)


def get_theft(*, school_id: int, case_id: int) -> TheftCard:
    """Return a case of an account of the school. Raise `NotFound`."""
    for card in list_thefts(school_id=school_id):
        if card.id == case_id:
            return card
    raise NotFound


def get_noticed_at(*, case_id: int) -> datetime:
    """Return since when what the account of a case did is void."""
    return Compromise.objects.values_list("noticed_at", flat=True).get(pk=case_id)


def get_member_id(*, school_id: int, login: str) -> int:
    """Return the account of a login that holds a role in the school. Raise `NotFound`."""
    found = Membership.objects.filter(school_id=school_id, account__login=login.strip().lower())
    account_id = found.values_list("account_id", flat=True).first()
    if account_id is None:
        raise NotFound
    return account_id


def _card(row: Compromise) -> TheftCard:
    return TheftCard(
        id=row.pk,
        account_id=row.account_id,
        login=row.account.login,
        display_name=row.account.display_name,
        noticed_at=row.noticed_at,
        reported_at=row.reported_at,
        due_on=row.due_on,
        is_own_report=row.reporter == Compromise.Reporter.OWNER,
        closed_at=row.closed_at,
    )
