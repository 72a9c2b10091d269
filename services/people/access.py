"""Who may keep the school's lists (JRN-029)."""

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role

MAY_KEEP_PEOPLE = (Role.ADMINISTRATOR, Role.SECRETARY, Role.SYSTEM)
MAY_KEEP_STAFF = (*MAY_KEEP_PEOPLE, Role.PERSONNEL)


def check_may_keep_people(actor: Actor) -> None:
    """Raise `NotFound` unless the actor keeps the lists of pupils and classes."""
    if not actor.has(*MAY_KEEP_PEOPLE):
        raise NotFound


def check_may_keep_staff(actor: Actor) -> None:
    """Raise `NotFound` unless the actor keeps the list of employees."""
    if not actor.has(*MAY_KEEP_STAFF):
        raise NotFound
