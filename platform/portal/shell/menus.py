"""The menu of a person at work in a school: what the roles open, the most daily first."""

from django.urls import reverse

from kernel.actor import Actor
from kernel.roles import Role
from portal.shell.navigation import NavItem

# Route, title, icon, the roles it is for.
SCHOOL_MENU = (
    ("teacher:today", "Мой день", "clock", {Role.TEACHER}),
    ("teacher:journals", "Журналы", "journal", {Role.TEACHER, Role.MANAGEMENT}),
    (
        "office:home",
        "Канцелярия",
        "people",
        {Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SECRETARY},
    ),
    ("office:imports", "Загрузка списков", "document", {Role.ADMINISTRATOR, Role.SECRETARY}),
)


def school_menu(actor: Actor, current: str) -> list[NavItem]:
    """Return the items the actor's roles open; `current` is the route of the page."""
    return [
        NavItem(
            title=title,
            url=reverse(route, kwargs={"school": actor.school.slug}),
            icon=icon,
            current=route == current,
        )
        for route, title, icon, roles in SCHOOL_MENU
        if actor.has(*roles)
    ]
