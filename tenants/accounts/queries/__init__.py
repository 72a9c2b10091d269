"""Reading accounts: roles, ways in, sessions."""

from tenants.accounts.queries.accounts import count_members, get_account_id, get_display_names
from tenants.accounts.queries.activation import (
    UnactivatedAccount,
    WaitingAccount,
    find_waiting_account,
    list_unactivated,
)
from tenants.accounts.queries.compromise import (
    TheftCard,
    get_member_id,
    get_noticed_at,
    get_theft,
    list_thefts,
)
from tenants.accounts.queries.contacts import ContactCard, find_addresses, list_contacts
from tenants.accounts.queries.sessions import SessionCard, list_sessions
from tenants.accounts.queries.state import AccountState, get_account_state

__all__ = [
    "AccountState",
    "ContactCard",
    "SessionCard",
    "TheftCard",
    "UnactivatedAccount",
    "WaitingAccount",
    "count_members",
    "find_addresses",
    "find_waiting_account",
    "get_account_id",
    "get_account_state",
    "get_display_names",
    "get_member_id",
    "get_noticed_at",
    "get_theft",
    "list_contacts",
    "list_sessions",
    "list_thefts",
    "list_unactivated",
]
