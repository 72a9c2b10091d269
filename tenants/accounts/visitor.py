"""Who is signed in, with every role: resolved in the public schema before a school is opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from django.db import connection

from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.roles import FAMILY_ROLES, Role
from tenants.accounts.models import Account, Membership
from tenants.registry.queries import get_school, get_school_by_id

# Every request asks this: one exchange, and no half millisecond of building a statement.
ACCOUNT = """
SELECT a.id, a.password, a.login, a.display_name, a.is_active, m.role, m.school_id, m.person_id
FROM accounts_account a
LEFT JOIN accounts_membership m ON m.account_id = a.id
WHERE a.id = %s AND a.is_active
ORDER BY m.id
"""
FIELDS = ["id", "password", "login", "display_name", "is_active"]  # in the order of the model

Held = tuple[str, int | None, int | None]  # role, school, card in the school


@dataclass(frozen=True, slots=True)
class Place:
    """A role in a school, with the id of the person's card there."""

    school: SchoolRef
    role: Role
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in."""

    account_id: int
    login: str
    display_name: str
    memberships: tuple[Place, ...]
    district_roles: frozenset[Role]

    @property
    def schools(self) -> list[SchoolRef]:
        """Return the schools in which the visitor holds a role, each once."""
        return list({place.school.id: place.school for place in self.memberships}.values())

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


def find_account(account_id: int) -> Account | None:
    """Return an account that may still work, its memberships read along, or None: one query."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNT, [account_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    account = Account.from_db("default", FIELDS, rows[0][: len(FIELDS)])
    account.held = tuple((role, school, card) for *_, role, school, card in rows if role)
    return account


def get_visitor(account: Account) -> Visitor:
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
        account.pk, account.login, account.display_name, tuple(places), frozenset(district_roles)
    )


def _held_by(account: Account) -> Iterable[Held]:
    if account.held is not None:
        return account.held
    rows = Membership.objects.filter(account=account).order_by("pk")
    return rows.values_list("role", "school_id", "person_id")
