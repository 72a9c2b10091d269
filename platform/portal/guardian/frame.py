"""What stands around the pages of a family that are of a school, not of a child."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from foundation import clock
from foundation.db.door import school_transaction
from kernel.roles import FAMILY_ROLES, Role
from portal.guardian.family import Child, list_places, sections, sort_children, switch
from portal.shell.navigation import NavItem
from services.diary import access as diary_access
from tenants.accounts.gate import Request
from tenants.accounts.visitor import Visitor


def family_page(
    request: Request, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page of the family, with the children on top."""
    visitor = request.visitor
    assert visitor is not None
    children = []
    for actor in visitor.family_actors(request.META.get("okrug.request_id", "")):
        on = clock.today(actor.school.timezone)
        with school_transaction(actor, actor.school.id):
            views = diary_access.list_children(actor=actor, on=on)
        children += [Child(view, actor.school) for view in views]
    children = sort_children(children)
    vars(request)["shell_places"] = list_places(visitor, children, "guardian:day")
    nav = _around(children)
    return render(request, f"guardian/{template}", {"nav": nav, **context}, status=status)


def person_menu(visitor: Visitor, current: str) -> list[NavItem]:
    """Return the pages of a person's own papers; the diary only when there is one to read."""
    roles = {one.role for one in visitor.memberships} & FAMILY_ROLES
    diary = "Дневник" if roles == {Role.PUPIL} else "Дети"
    pages = (
        *([("guardian:home", diary, "people")] if roles else []),
        ("guardian:service", "Мои заявления", "document"),
        ("guardian:complaints", "Мои жалобы", "message"),
    )
    return [NavItem(title, reverse(route), icon, route == current) for route, title, icon in pages]


def _around(children: Sequence[Child]) -> list[NavItem]:
    """Return an only child's sections, else one tap to every child: none of them is this page."""
    if len(children) == 1:
        return sections(children[0], "guardian:consents")
    return [replace(one, current=False) for one in switch(children, "guardian:day")]
