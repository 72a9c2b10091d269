"""What stands around the pages of people: today, addresses, tabs, breadcrumbs."""

from datetime import date

from django.urls import reverse

from foundation import clock
from kernel.actor import Actor
from kernel.rights import Right
from portal.shell.navigation import Crumb, NavItem
from portal.shell.rights import rights_of

STAFF_TABS = (
    ("office:employees", "Работники", {Right.STAFF_LIST}),
    ("office:appointments", "Назначения", {Right.APPOINTMENTS_KEEP}),
    ("office:rights", "Права", {Right.RIGHTS_READ}),
    ("office:rights-history", "История прав", {Right.RIGHTS_READ}),
)


def today_of(actor: Actor) -> date:
    """Return the day it is in the actor's school."""
    return clock.today(actor.school.timezone)


def link(actor: Actor, route: str, **more: int | str) -> str:
    """Return an address of the office in the actor's school."""
    return reverse(f"office:{route}", kwargs={"school": actor.school.slug, **more})


def staff_tabs(actor: Actor, current: str) -> list[NavItem]:
    """Return the tabs of employees, duties and rights that are open to the actor."""
    held = rights_of(actor)
    return [
        NavItem(title, reverse(route, kwargs={"school": actor.school.slug}), "", route == current)
        for route, title, needs in STAFF_TABS
        if not needs.isdisjoint(held)
    ]


def crumbs(actor: Actor, *steps: tuple[str, str], page: str) -> list[Crumb]:
    """Return breadcrumbs: (route, title) pairs, then the page itself."""
    return [*(Crumb(title, link(actor, route)) for route, title in steps), Crumb(page)]
