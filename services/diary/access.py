"""The only ways from an actor to a child's diary (ROL-023, PDP-005).

A guardian needs two things at once: a live grant, and a link to the child that holds today with the
right to read. A pupil reaches himself. Nobody else reaches anybody: neither staff, whose door is
the journal, nor the system. Each condition is a function of its own, so that a test can break it.
Who prints a family's sheet of paper (INF-003) reads that sheet and nothing else of the diary.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from foundation.db.door import planned_cursor
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.names import FullName
from kernel.rights import Right
from kernel.roles import Role
from services.people import queries as people
from services.people.access import check_on_duty, check_towards
from services.people.queries import PupilCard, Ward
from services.regulation import access as rights

# Written out: every page of a family asks it, and building it anew took five times its answer.
GRANTED = "SELECT pupil_id FROM diary_accessgrant WHERE guardian_id = %s AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class ChildView:
    """A child the actor may look at, with the class of the day it was asked for."""

    id: int
    name: FullName
    class_title: str
    level: int | None
    is_self: bool = False
    siblings: tuple["ChildView", ...] = ()


def is_granted(ward: Ward, granted_pupil_ids: Collection[int]) -> bool:
    """Return whether a live grant opens the child."""
    return ward.card.id in granted_pupil_ids


def holds_on(ward: Ward, on: date) -> bool:
    """Return whether the guardian stands for the child on a day."""
    return ward.since_on <= on and (ward.until is None or on < ward.until)


def is_confirmed(ward: Ward) -> bool:
    """Return whether the school has confirmed that the guardian stands for the child."""
    return ward.state != "proposed"  # whether one that ended still holds, its days say


def may_read(ward: Ward) -> bool:
    """Return whether the guardian has the right to read the diary."""
    return ward.may_read_diary


def is_asked_for(child: ChildView, pupil_id: int) -> bool:
    """Return whether this is the child somebody asks for."""
    return child.id == pupil_id


def list_children(*, actor: Actor, on: date) -> list[ChildView]:
    """Return the children whose diaries are open to the actor on a day, the eldest first."""
    found = [*_list_wards(actor, on), *_list_himself(actor, on)]
    return list({child.id: child for child in found}.values())


def get_child(*, actor: Actor, pupil_id: int, on: date) -> ChildView:
    """Return the child with the actor's others beside it, or raise `NotFound`.

    `on` is today, whatever day of the diary is looked at.
    """
    children = list_children(actor=actor, on=on)
    for child in children:
        if is_asked_for(child, pupil_id):
            siblings = tuple(other for other in children if other is not child)
            return ChildView(
                child.id, child.name, child.class_title, child.level, child.is_self, siblings
            )
    raise NotFound


def get_child_on_paper(*, actor: Actor, pupil_id: int, on: date) -> ChildView:
    """Return the child whose sheet the actor prints and hands over, or raise `NotFound`."""
    check_towards(actor=actor, right=Right.PRINTOUTS_HAND, pupil_id=pupil_id, on=on)
    card = people.find_pupil_card(pupil_id=pupil_id, on=on)
    if card is None:
        raise NotFound
    return _view(card)


def check_may_open_access(actor: Actor) -> None:
    """Raise `NotFound` unless the actor gives and takes back the access of families."""
    rights.check(actor=actor, right=Right.DIARY_OPEN)


def check_may_see_progress(actor: Actor, on: date) -> None:
    """Raise `NotFound` unless the actor follows how the access of families is opened."""
    check_on_duty(actor=actor, right=Right.ACCOUNTS_READ, on=on)


def _list_wards(actor: Actor, on: date) -> list[ChildView]:
    guardian_id = actor.person(Role.GUARDIAN)
    if guardian_id is None:
        return []
    granted = _read_granted(guardian_id)
    open_wards = [
        ward
        for ward in people.list_wards(guardian_id=guardian_id, on=on)
        if is_granted(ward, granted)
        and holds_on(ward, on)
        and is_confirmed(ward)
        and may_read(ward)
    ]
    return [_view(ward.card) for ward in open_wards]


def _read_granted(guardian_id: int) -> set[int]:
    """Return the pupils whose diaries are open to a guardian."""
    with planned_cursor() as cursor:
        cursor.execute(GRANTED, [guardian_id])
        return {pupil_id for (pupil_id,) in cursor.fetchall()}


def _list_himself(actor: Actor, on: date) -> list[ChildView]:
    pupil_id = actor.person(Role.PUPIL)
    card = None if pupil_id is None else people.find_pupil_card(pupil_id=pupil_id, on=on)
    return [] if card is None else [_view(card, is_self=True)]


def _view(card: PupilCard, *, is_self: bool = False) -> ChildView:
    return ChildView(card.id, card.name, card.class_title, card.level, is_self)
