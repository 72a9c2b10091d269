"""The switch in the top bar: every school a person works in, the family, the district.

Which first page a place has is decided here, for the switch, the home page and the landing.
"""

from collections.abc import Sequence

from django.urls import reverse

from kernel.actor import Actor, SchoolRef
from kernel.roles import FAMILY_ROLES, STAFF_ROLES, Role
from portal.shell.navigation import Place
from tenants.accounts.visitor import Visitor

OFFICE_ROLES = (Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SECRETARY)


def school_url(school: SchoolRef, roles: frozenset[Role]) -> str:
    """Return the first page of a person at work in a school."""
    place = {"school": school.slug}
    if Role.TEACHER in roles:
        return reverse("teacher:today", kwargs=place)
    if not roles.isdisjoint(OFFICE_ROLES):
        return reverse("office:home", kwargs=place)
    if Role.PERSONNEL in roles:
        return reverse("office:employees", kwargs=place)
    return reverse("home:home")


def list_work_places(visitor: Visitor, current: Actor | None = None) -> list[Place]:
    """Return the schools a person works in, each once, with the roles there."""
    places = []
    for school in visitor.schools:
        roles = frozenset(
            one.role
            for one in visitor.memberships
            if one.school.id == school.id and one.role in STAFF_ROLES
        )
        if roles:
            places.append(
                Place(
                    kind="school",
                    title=school.short_name,
                    subtitle=", ".join(sorted(role.label for role in roles)),
                    url=school_url(school, roles),
                    icon="school",
                    current=current is not None and current.school.id == school.id,
                    school=school.slug,
                )
            )
    return places


def list_shell_places(visitor: Visitor, current: Actor | None) -> Sequence[Place]:
    """Return the places of the switch: schools, then the family, then the district."""
    at_work = current is not None and current.has(*STAFF_ROLES)
    places = list_work_places(visitor, current if at_work else None)
    if any(one.role in FAMILY_ROLES for one in visitor.memberships):
        is_here = current is not None and not at_work
        url = reverse("guardian:home")
        places.append(Place("child", "Дневник", "дети и уроки", url, "diary", current=is_here))
    if visitor.district_roles:
        roles = ", ".join(sorted(role.label for role in visitor.district_roles))
        places.append(Place("district", "Округ", roles, reverse("district:home"), "map"))
    return places
