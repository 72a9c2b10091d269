"""What to bring back when a stolen account's changes are void: decisions from plain values.

A thing is void only as far as the thief's hand was the last on it: what somebody honest wrote later
is left, and what he wrote in between is what comes back (ACC-010).
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Touch(Generic[T]):
    """A change of a thing; `before` is what it replaced."""

    entry_id: int
    account_id: int | None
    thing: T
    before: Any


@dataclass(frozen=True, slots=True)
class Restoring(Generic[T]):
    """A thing to bring back to what stood before."""

    thing: T
    before: Any


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    """What to bring back; which entries are reversed by it, which were overtaken by others."""

    restorings: tuple[Restoring[T], ...]
    reversed_entries: frozenset[int]
    overtaken_entries: frozenset[int]


def plan_void(touches: Iterable[Touch[T]], *, thief: int) -> Plan[T]:
    """Return what to bring back; the touches come oldest first."""
    by_thing: dict[T, list[Touch[T]]] = {}
    for touch in touches:
        by_thing.setdefault(touch.thing, []).append(touch)
    restorings = []
    reversed_entries: set[int] = set()
    overtaken: set[int] = set()
    for thing, history in by_thing.items():
        own = {touch.entry_id for touch in history if touch.account_id == thief}
        if not own:
            continue
        if history[-1].account_id != thief:
            overtaken |= own
            continue
        reversed_entries |= own
        restorings.append(Restoring(thing, _first_of_last_run(history, thief).before))
    # An entry may touch several words: one overtaken word is enough to be looked at.
    return Plan(tuple(restorings), frozenset(reversed_entries - overtaken), frozenset(overtaken))


def _first_of_last_run(history: list[Touch[T]], thief: int) -> Touch[T]:
    first = history[-1]
    for touch in reversed(history):
        if touch.account_id != thief:
            break
        first = touch
    return first
