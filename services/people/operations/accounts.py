"""Accounts of cards: the number of an account in the public schema, noted on the card."""

from collections.abc import Mapping

from django.db import connection

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import Employee, Guardian, Pupil

PERSON_OF_ROLE: dict[Role, type[Pupil | Guardian | Employee]] = {
    Role.PUPIL: Pupil,
    Role.GUARDIAN: Guardian,
    Role.TEACHER: Employee,
}


# One statement for a whole batch of cards.
NOTE_ACCOUNTS = """
UPDATE {table} AS card SET account_id = v.account_id
FROM unnest(%s::bigint[], %s::bigint[]) AS v (id, account_id)
WHERE card.id = v.id AND card.account_id IS NULL
"""


def set_accounts(*, actor: Actor, role: Role, accounts: Mapping[int, int]) -> None:
    """Note the accounts of cards (card id → account id); a card keeps the account it has."""
    if not actor.has(Role.SYSTEM):
        raise NotFound
    table = connection.ops.quote_name(PERSON_OF_ROLE[role]._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(NOTE_ACCOUNTS.format(table=table), [list(accounts), list(accounts.values())])
