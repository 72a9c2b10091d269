"""How the first administrator gets in, said by the commands that open a place."""

from collections.abc import Callable

from kernel.roles import Role
from tenants.accounts.queries.members import list_members
from tenants.accounts.queries.roles import get_logins


def tell_entries(say: Callable[[str], object], *, school_id: int | None, role: Role) -> None:
    """Say the logins of a role in a school (None: in the district) and where the code comes from.

    Inside a transaction of the public schema.
    """
    members = list_members(school_id=school_id, roles=[role])
    logins = get_logins(account_ids=list(members))
    for account_id, name in members.items():
        login = logins[account_id]
        say(f"{role.label}: {name}, логин {login}; код для входа: manage activation_code {login}")
