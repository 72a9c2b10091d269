"""What a person at work may do at all: for the menu. Each page asks its own room again.

Kept in the process for a minute by school and account: the menu stands on every page, and a menu
that is a minute old opens nothing.
"""

import time

from django.db import connection

from foundation import clock
from foundation.db.backend.base import PUBLIC
from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.rights import Right
from kernel.roles import STAFF_ROLES
from services.people.queries import list_hats
from services.regulation import access

TTL_SECONDS = 60.0
_kept: dict[tuple[int, int | None, frozenset[str]], tuple[float, frozenset[Right]]] = {}


def rights_of(actor: Actor) -> frozenset[Right]:
    """Return the rights of an actor, worn towards whatever: own class or whole school."""
    if not actor.has(*STAFF_ROLES):
        return frozenset()
    key = (actor.school.id, actor.account_id, frozenset(role.value for role in actor.roles))
    read_at, found = _kept.get(key, (float("-inf"), frozenset()))
    if time.monotonic() - read_at > TTL_SECONDS:
        found = _read(actor)
        if len(_kept) > 5000:
            _kept.clear()
        _kept[key] = (time.monotonic(), found)
    return found


def forget_menus() -> None:
    """Ask everybody's rights anew."""
    _kept.clear()


def _read(actor: Actor) -> frozenset[Right]:
    if getattr(connection, "schema_name", PUBLIC) == PUBLIC:
        with school_transaction(actor, actor.school.id):
            return _ask(actor)
    return _ask(actor)


def _ask(actor: Actor) -> frozenset[Right]:
    on = clock.today(actor.school.timezone)
    hats = list_hats(actor=actor, on=on)
    return frozenset(
        right for right in Right if access.may(actor=actor, right=right, hats=hats, on=on)
    )
