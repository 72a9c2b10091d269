"""Opening accounts for a whole list at once: pupils, guardians or employees of a school."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from django.contrib.auth.hashers import make_password
from django.db import connection

from kernel.roles import FAMILY_ROLES, Role
from tenants.accounts.models import Account, Membership
from tenants.accounts.operations import login_base

STAFF = "staff"  # every role of an employee leads to one card

# One opening at a time in a school: the second one finds what the first has made.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('accounts.open'), %s)"
# «:» follows the digits: these are the base and the base with numbers, read from the index.
TAKEN = """
SELECT a.login FROM unnest(%s::text[]) AS base
JOIN accounts_account a ON a.login ~>=~ base AND a.login ~<~ (base || ':')
"""
INSERT = """
INSERT INTO accounts_account (login, display_name, identity_digest, password, is_active)
SELECT login, name, nullif(digest, ''), password, true
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS v (login, name, digest, password)
ON CONFLICT DO NOTHING
RETURNING id, login
"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person's card in a school that is to have an account with roles there.

    `account_id` is what the card says already, `identity_digest` finds the person's account from
    another school.
    """

    person_id: int
    name: str
    roles: frozenset[Role]
    identity_digest: str = ""
    account_id: int | None = None


def open_accounts(*, school_id: int, newcomers: Sequence[Newcomer]) -> dict[int, int]:
    """Return accounts by card, opened where there is none, each with its roles in the school.

    Newcomers of one call are of one kind: pupils, guardians or employees. Safe to repeat and to
    interrupt: what the first call made is found by its membership, before the card knows of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [school_id])
    accounts = _find_accounts(school_id, newcomers)
    waiting = [one for one in newcomers if one.person_id not in accounts]
    while waiting:
        accounts |= _insert_accounts(waiting)
        waiting = [one for one in waiting if one.person_id not in accounts]
        accounts |= _find_by_identity(waiting)
        waiting = [one for one in waiting if one.person_id not in accounts]
    places = {
        (accounts[one.person_id], role): one.person_id
        for one in newcomers
        for role in sorted(one.roles)
    }
    Membership.objects.bulk_create(
        [
            Membership(account_id=account_id, school_id=school_id, role=role, person_id=person_id)
            for (account_id, role), person_id in places.items()
        ],
        update_conflicts=True,
        unique_fields=["account", "school", "role"],
        update_fields=["person_id"],
    )
    return accounts


def _find_accounts(school_id: int, newcomers: Sequence[Newcomer]) -> dict[int, int]:
    """Return the accounts that are there: by membership, by card, by identity, in this order."""
    noted = {one.account_id for one in newcomers if one.account_id is not None}
    there = set(Account.objects.filter(pk__in=noted).values_list("pk", flat=True))
    by_card = {one.person_id: one.account_id for one in newcomers if one.account_id in there}
    kinds = {_kind(role) for one in newcomers for role in one.roles}
    by_membership = {
        person_id: account_id
        for person_id, account_id, role in Membership.objects.filter(
            school_id=school_id, person_id__in=[one.person_id for one in newcomers]
        ).values_list("person_id", "account_id", "role")
        if person_id is not None and _kind(Role(role)) in kinds
    }
    known = {pk: account_id for pk, account_id in by_card.items() if account_id is not None}
    return {**_find_by_identity(newcomers), **known, **by_membership}


def _kind(role: Role) -> str:
    return role if role in FAMILY_ROLES else STAFF


def _find_by_identity(newcomers: Iterable[Newcomer]) -> dict[int, int]:
    wanted = {one.identity_digest: one.person_id for one in newcomers if one.identity_digest}
    rows = Account.objects.filter(identity_digest__in=wanted)
    found = rows.values_list("identity_digest", "pk")
    return {wanted[digest]: pk for digest, pk in found if digest}


def _insert_accounts(newcomers: Sequence[Newcomer]) -> dict[int, int]:
    """Insert accounts without a password; a login somebody takes meanwhile is left for a retry."""
    logins = _choose_logins([login_base(one.name) for one in newcomers])
    by_login = dict(zip(logins, newcomers, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                logins,
                [one.name for one in newcomers],
                [one.identity_digest for one in newcomers],
                [make_password(None) for _ in newcomers],
            ],
        )
        return {by_login[login].person_id: pk for pk, login in cursor}


def _choose_logins(bases: Sequence[str]) -> list[str]:
    """Return a free login for each base: `ivanova.anna`, `ivanova.anna2`…"""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [sorted(set(bases))])
        taken = {login for (login,) in cursor}
    return list(_number_logins(bases, taken))


def _number_logins(bases: Iterable[str], taken: Collection[str]) -> Iterator[str]:
    used = set(taken)
    following: dict[str, Iterator[int]] = {}
    for base in bases:
        numbers = following.setdefault(base, count(1))
        for number in numbers:
            login = base if number == 1 else f"{base}{number}"
            if login not in used:
                used.add(login)
                yield login
                break
