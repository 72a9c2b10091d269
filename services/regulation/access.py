"""Who may do what (ROL-004…010): the shipped matrix, what the school changed in it, per person.

Every access function of the rooms asks `may`. The school's changes are few and every save of a
mark asks: they are kept in the process for some seconds, like settings.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from foundation.db.kept import is_written_here
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.rights import Hat, Right
from kernel.roles import STAFF_ROLES, Role
from services.regulation.models import RightRule
from services.regulation.queries import get_settings
from services.regulation.rights import ONLY_FOR, SETTINGS, SHIPPED, Subject

TTL_SECONDS = 10.0
NO_HATS: frozenset[Hat] = frozenset()
# Who edits the matrix and who gives roles are settings themselves (ROL-005, ROL-007).
EDITORS, GIVERS = "rights.matrix_editors", "rights.role_givers"
ROLES_OFF = "rights.roles_off"
DECIDERS = (Role.ADMINISTRATOR, Role.MANAGEMENT, Hat.TECHNICAL)

Rules = Mapping[tuple[str, str], bool]  # (subject, right) → allowed
_kept: dict[str, tuple[float, Rules]] = {}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix: what holds, and whether the school's own word says so."""

    is_allowed: bool
    is_own: bool


def subject_of(one: Role | Hat | int) -> str:
    """Return how a role, a hat or an account is named in the rules."""
    if isinstance(one, Role):
        return f"role:{one.value}"
    if isinstance(one, Hat):
        return f"hat:{one.value}"
    return f"account:{one}"


def may(
    *, actor: Actor, right: Right, hats: Collection[Hat] = NO_HATS, on: date = date.max
) -> bool:
    """Return whether the actor has the right, by a role, by a hat worn here, or in person.

    `hats` are those the actor wears towards the object at hand: the class teacher of this very
    class, a member of the working group today. `on` matters to the two rights that are settings.
    Inside the school's transaction.
    """
    if Role.SYSTEM in actor.roles:
        return True
    held = (actor.roles & STAFF_ROLES) - list_roles_off(on=on)
    if not held:
        return False  # a family's rights stand in no matrix
    rules = _rules()
    if actor.account_id is not None:
        own = rules.get((subject_of(actor.account_id), right))
        if own is not None:
            return own and (right not in ONLY_FOR or ONLY_FOR[right] in hats)
    subjects: set[Subject] = {*held, *hats}
    return any(_cell(rules, right, subject, on) for subject in subjects)


def list_roles_off(*, on: date = date.max) -> frozenset[Role]:
    """Return the roles the school has switched off: they give nothing (ROL-001)."""
    names = get_settings(keys=[ROLES_OFF], on=on)[ROLES_OFF].value
    return frozenset(Role(name) for name in names)


def check(
    *, actor: Actor, right: Right, hats: Collection[Hat] = NO_HATS, on: date = date.max
) -> None:
    """Raise `NotFound` unless the actor has the right."""
    if not may(actor=actor, right=right, hats=hats, on=on):
        raise NotFound


def may_edit_matrix(*, actor: Actor, hats: Collection[Hat], on: date) -> bool:
    """Return whether the actor sets the rights of others (ROL-007)."""
    return _is_among(actor, hats, EDITORS, on)


def may_give_roles(*, actor: Actor, hats: Collection[Hat], on: date) -> bool:
    """Return whether the actor gives roles and takes them (ROL-005)."""
    return _is_among(actor, hats, GIVERS, on)


def get_matrix(*, on: date) -> dict[Right, dict[Subject, Cell]]:
    """Return the matrix as it holds in this school on a day: every right, every role and hat."""
    rules = _rules()
    subjects: list[Subject] = [*sorted(STAFF_ROLES), *Hat]
    return {
        right: {
            one: Cell(
                _cell(rules, right, one, on),
                (subject_of(one), right.value) in rules or _is_changed_setting(right, one, on),
            )
            for one in subjects
        }
        for right in Right
    }


@dataclass(frozen=True, slots=True)
class RightChange:
    """Somebody changed a cell: to whom, what it became (None: the default), when, who."""

    right: Right
    subject: str
    is_allowed: bool | None
    changed_at: datetime
    changed_by: int | None


def list_right_changes(*, limit: int = 200) -> list[RightChange]:
    """Return the latest changes of the matrix, newest first; those of settings stand elsewhere."""
    known = set(Right)
    return [
        RightChange(Right(row.right), row.subject, row.is_allowed, row.changed_at, row.changed_by)
        for row in RightRule.objects.order_by("-pk")[:limit]
        if row.right in known
    ]


def get_own_rights(*, account_id: int) -> dict[Right, bool]:
    """Return what one person was given or denied apart from the roles."""
    rules = _rules()
    found = {right: rules.get((subject_of(account_id), right.value)) for right in Right}
    return {right: value for right, value in found.items() if value is not None}


def is_possible(right: Right, subject: Subject) -> bool:
    """Return whether a right may be given to a role or a hat at all."""
    return right not in ONLY_FOR or subject is ONLY_FOR[right]


def forget_rights() -> None:
    """Read every school's changes anew at the next question."""
    _kept.clear()


def _is_among(actor: Actor, hats: Collection[Hat], key: str, on: date) -> bool:
    if Role.SYSTEM in actor.roles:
        return True
    named = set(get_settings(keys=[key], on=on)[key].value)
    return not named.isdisjoint({*(role.value for role in actor.roles), *(h.value for h in hats)})


def _cell(rules: Rules, right: Right, subject: Subject, on: date) -> bool:
    if right in ONLY_FOR and subject is not ONLY_FOR[right]:
        return False
    key = SETTINGS.get((right, subject))
    if key is not None:
        return bool(get_settings(keys=[key], on=on)[key].value)
    return rules.get((subject_of(subject), right.value), subject in SHIPPED[right])


def _is_changed_setting(right: Right, subject: Subject, on: date) -> bool:
    key = SETTINGS.get((right, subject))
    return key is not None and get_settings(keys=[key], on=on)[key].source != "shipped"


def _rules() -> Rules:
    """Return the school's word by (subject, right); the newest word holds."""
    if is_written_here(forget_rights):
        return _read_rules()
    schema = str(getattr(connection, "schema_name", ""))
    read_at, rules = _kept.get(schema, (float("-inf"), {}))
    if time.monotonic() - read_at > TTL_SECONDS:
        rules = _read_rules()
        _kept[schema] = (time.monotonic(), rules)
    return rules


def _read_rules() -> Rules:
    rows = RightRule.objects.order_by("pk").values_list("subject", "right", "is_allowed")
    newest = {(subject, right): value for subject, right, value in rows}
    return {key: value for key, value in newest.items() if value is not None}
