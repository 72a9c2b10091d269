"""Who holds a role somewhere: whom news is told to."""

from collections.abc import Iterable
from dataclasses import dataclass

from kernel.roles import Role
from tenants.accounts.models import Membership


@dataclass(frozen=True, slots=True)
class Card:
    """A role in a school that stands on a card there."""

    account_id: int
    role: Role
    person_id: int


def list_members(*, school_id: int | None, roles: Iterable[Role]) -> dict[int, str]:
    """Return the working accounts with one of the roles in a school (None: in the district).

    By id, with the name people read; in the order of names.
    """
    rows = Membership.objects.filter(role__in=list(roles), account__is_active=True)
    if school_id is None:
        rows = rows.filter(school_id__isnull=True)
    else:
        rows = rows.filter(school_id=school_id)
    rows = rows.order_by("account__display_name", "account_id")
    return dict(rows.values_list("account_id", "account__display_name"))


def list_cards(*, school_id: int) -> list[Card]:
    """Return the roles of a school that stand on cards, in the order they were given."""
    rows = Membership.objects.filter(school_id=school_id, person_id__isnull=False).order_by("pk")
    return [
        Card(account, Role(role), person)
        for account, role, person in rows.values_list("account_id", "role", "person_id")
        if person is not None
    ]
