"""A pupil's line in a table of pupils, and the figures every such table asks for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from kernel.periods import ONE_DAY
from services.journal.queries import Tally
from services.people import queries as people
from services.records.access import get_scope, opens_class
from services.records.rules import Missed, Score, count_missed


@dataclass(frozen=True, slots=True)
class PupilHead:
    """Who stands in a line; `since` and `last` limit him when he was there for a part only.

    `may_open` says whether his own report is in reach.
    """

    id: int
    name: str
    since: date | None
    last: date | None
    may_open: bool


def score_of(tally: Tally) -> Score:
    """Return the marks of a tally."""
    return Score(sum(tally.marks.values()), tally.points, tally.weights)


def by_pupil(tallies: Iterable[Tally]) -> dict[int, list[Tally]]:
    """Return the tallies of each pupil."""
    found: dict[int, list[Tally]] = defaultdict(list)
    for tally in tallies:
        found[tally.pupil_id].append(tally)
    return dict(found)


def missed_of(tallies: Iterable[Tally], expected: int = 0) -> Missed:
    """Return what a pupil missed in all the subjects told."""
    own = list(tallies)
    codes: dict[str, int] = defaultdict(int)
    for tally in own:
        for code, number in tally.codes.items():
            codes[code] += number
    return count_missed(
        codes, absent=sum(tally.absent_recorded for tally in own), expected=expected
    )


def list_in_reach(*, actor: Actor, pupil_ids: Collection[int], on: date) -> set[int]:
    """Return the pupils whose own reports are open to the actor on a day."""
    scope = get_scope(actor=actor, on=on)
    cards = people.get_pupil_cards(pupil_ids=pupil_ids, on=on)
    return {pk for pk, card in cards.items() if opens_class(scope, card.class_id)}


def heads_of_stays(stays: Iterable[people.ClassStay], in_reach: Collection[int]) -> list[PupilHead]:
    """Return a head for each pupil of a class, in order; two stays of one pupil are one head."""
    found: dict[int, PupilHead] = {}
    for stay in stays:
        before = found.get(stay.pupil_id)
        found[stay.pupil_id] = PupilHead(
            stay.pupil_id,
            stay.name,
            before.since if before else stay.since if stay.came else None,
            stay.until - ONE_DAY if stay.left else None,
            stay.pupil_id in in_reach,
        )
    return list(found.values())
