"""Who is signed in, with every role: resolved in the public schema before a school is opened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings

from foundation.db.door import planned_cursor
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.roles import DISTRICT_ROLES, FAMILY_ROLES, STAFF_ROLES, Role
from tenants.accounts.digests import plain_digest
from tenants.accounts.models import Account, Membership
from tenants.registry.queries import get_school, get_school_by_id

# Every request asks this: one exchange, and no half millisecond of building a statement.
FIELDS = [  # in the order of the model
    "id",
    "password",
    "login",
    "display_name",
    "is_active",
    "second_factor_since",
]
COLUMNS = ", ".join([*(f"a.{name}" for name in FIELDS), "m.role, m.school_id, m.person_id"])
MEMBERSHIPS = "LEFT JOIN accounts_membership m ON m.account_id = a.id"
WIDTH = len(FIELDS) + 3
BY_ID = f"""
SELECT {COLUMNS} FROM accounts_account a {MEMBERSHIPS}
WHERE a.id = %s AND a.is_active
ORDER BY m.id
"""
BY_TOKEN = f"""
SELECT t.has_passed, {COLUMNS}
FROM accounts_apitoken t JOIN accounts_account a ON a.id = t.account_id AND a.is_active
{MEMBERSHIPS}
WHERE t.digest = %s AND t.expires_at > %s
ORDER BY m.id
"""

Held = tuple[str, int | None, int | None]  # role, school, card in the school


@dataclass(frozen=True, slots=True)
class Place:
    """A role in a school, with the id of the person's card there."""

    school: SchoolRef
    role: Role
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody proved who they are: in which session, how lately, with which factors.

    `is_fresh`: a password or a code was given within the last minutes (`require_fresh_confirmation`
    asks for it); `has_passed`: the second factor was given too.
    """

    session_id: int | None = None
    is_fresh: bool = False
    has_passed: bool = False


NO_PROOF = Proof()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in."""

    account_id: int
    login: str
    display_name: str
    memberships: tuple[Place, ...]
    district_roles: frozenset[Role]
    has_second_factor: bool = False
    proof: Proof = NO_PROOF

    @property
    def schools(self) -> list[SchoolRef]:
        """Return the schools in which the visitor holds a role, each once."""
        return list({place.school.id: place.school for place in self.memberships}.values())

    @property
    def roles(self) -> frozenset[Role]:
        """Return every role the visitor holds anywhere."""
        return frozenset(place.role for place in self.memberships) | self.district_roles

    @property
    def must_have_second_factor(self) -> bool:
        """Return whether the district asks this person for a second factor: staff, committee."""
        is_required = settings.OKRUG_SECOND_FACTOR == "required"
        return is_required and not self.roles.isdisjoint(STAFF_ROLES | DISTRICT_ROLES)

    @property
    def is_halfway(self) -> bool:
        """Return whether a password is not enough and the second factor is still to come."""
        if settings.OKRUG_SECOND_FACTOR == "off" or self.proof.has_passed:
            return False
        return self.has_second_factor or self.must_have_second_factor

    def actor_in(self, slug: str, request_id: str = "") -> Actor:
        """Return the visitor as an actor of a school; raise `NotFound` without a membership."""
        school = get_school(slug)
        places = [place for place in self.memberships if place.school.id == school.id]
        if not places:
            raise NotFound
        persons = {p.role: p.person_id for p in places if p.person_id is not None}
        return Actor(
            account_id=self.account_id,
            school=school,
            roles=frozenset(place.role for place in places),
            persons=MappingProxyType(persons),
            name=self.display_name,
            request_id=request_id,
        )

    def family_actors(self, request_id: str = "") -> list[Actor]:
        """Return the visitor as an actor of each school where a child, or the pupil, is."""
        slugs = {p.school.slug: None for p in self.memberships if p.role in FAMILY_ROLES}
        return [self.actor_in(slug, request_id) for slug in slugs]


def account_of_rows(rows: Sequence[Sequence[Any]]) -> Account:
    """Return the account of rows of `COLUMNS`, its memberships read along."""
    account = Account.from_db("default", FIELDS, rows[0][: len(FIELDS)])
    account.held = tuple((role, school, card) for *_, role, school, card in rows if role)
    return account


def find_account(account_id: int) -> Account | None:
    """Return an account that may still work, its memberships read along, or None: one query."""
    with planned_cursor() as cursor:
        cursor.execute(BY_ID, [account_id])
        rows = cursor.fetchall()
    return account_of_rows(rows) if rows else None


def find_visitor_of_token(*, token: str, now: datetime) -> Visitor | None:
    """Return whom a program's key acts for, or None: one query."""
    with planned_cursor() as cursor:
        cursor.execute(BY_TOKEN, [plain_digest(token), now])
        rows = cursor.fetchall()
    if not rows:
        return None
    account = account_of_rows([row[-WIDTH:] for row in rows])
    return get_visitor(account, Proof(has_passed=rows[0][0]))


def get_visitor(account: Account, proof: Proof = NO_PROOF) -> Visitor:
    """Return the visitor behind an account; roles in closed schools are left out.

    One query, none for an account of `find_account`.
    """
    places, district_roles = [], set()
    for name, school_id, person_id in _held_by(account):
        role = Role(name)
        if school_id is None:
            district_roles.add(role)
            continue
        try:
            school = get_school_by_id(school_id)
        except NotFound:
            continue
        places.append(Place(school, role, person_id))
    return Visitor(
        account_id=account.pk,
        login=account.login,
        display_name=account.display_name,
        memberships=tuple(places),
        district_roles=frozenset(district_roles),
        has_second_factor=account.second_factor_since is not None,
        proof=proof,
    )


def _held_by(account: Account) -> Iterable[Held]:
    if account.held is not None:
        return account.held
    rows = Membership.objects.filter(account=account).order_by("pk")
    return rows.values_list("role", "school_id", "person_id")
