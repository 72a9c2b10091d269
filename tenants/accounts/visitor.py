"""Who is signed in, with every role: resolved in the public schema before a school is opened."""

from dataclasses import dataclass
from types import MappingProxyType

from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.roles import FAMILY_ROLES, Role
from tenants.accounts.models import Account, Membership
from tenants.registry.queries import get_school, get_school_by_id


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


def get_visitor(account: Account) -> Visitor:
    """Return the visitor behind an account: one query; roles in closed schools are left out."""
    places, district_roles = [], set()
    for membership in Membership.objects.filter(account=account).order_by("pk"):
        role = Role(membership.role)
        if membership.school_id is None:
            district_roles.add(role)
            continue
        try:
            school = get_school_by_id(membership.school_id)
        except NotFound:
            continue
        places.append(Place(school, role, membership.person_id))
    return Visitor(
        account.pk, account.login, account.display_name, tuple(places), frozenset(district_roles)
    )
