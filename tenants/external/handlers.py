"""What follows outside from what happens to an account."""

from foundation.db.door import public_transaction
from kernel.actor import SchoolRef
from tenants.accounts.events import AccountFrozen
from tenants.accounts.queries import get_noticed_at
from tenants.external.operations import forget_since


def on_account_frozen(school: SchoolRef | None, event: AccountFrozen) -> None:
    """End the ways in that a thief made: sign-ins joined and invitations given since the notice."""
    with public_transaction():
        since = get_noticed_at(case_id=event.case_id)
        forget_since(account_id=event.account_id, since=since)
