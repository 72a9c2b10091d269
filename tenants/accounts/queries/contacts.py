"""The addresses of accounts."""

from dataclasses import dataclass

from tenants.accounts.models import Contact


@dataclass(frozen=True, slots=True)
class ContactCard:
    """An address as its owner sees it."""

    kind: str
    value: str
    is_confirmed: bool


def list_contacts(*, account_id: int) -> list[ContactCard]:
    """Return the addresses of an account, e-mail first."""
    rows = Contact.objects.filter(account_id=account_id).order_by("kind")
    return [ContactCard(row.kind, row.value, row.confirmed_at is not None) for row in rows]


def find_addresses(account_ids: list[int]) -> dict[int, str]:
    """Return the confirmed e-mail addresses of accounts: what letters of notices ask for."""
    rows = Contact.objects.filter(account_id__in=account_ids, kind=Contact.Kind.EMAIL)
    return dict(rows.exclude(confirmed_at=None).values_list("account_id", "value"))
