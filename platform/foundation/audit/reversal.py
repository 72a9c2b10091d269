"""Taking back what a stolen account changed (ACC-010): generic, by the journal of actions.

A room says of each table of its own what may be set back, what undoes a new row, and what follows;
`config.wiring` registers it. A row comes back only while it still holds what the account wrote.
What no room speaks for is left for people to look at.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, models, transaction

from foundation.audit.models import VoidNote
from foundation.audit.operations import void_entries
from foundation.audit.queries import Entry, list_changes_by, list_changes_of
from kernel.actor import Actor
from kernel.days import local_day
from kernel.voiding import Touch, plan_void

REVERSED, CHANGED_SINCE, BY_HAND, IN_USE = (
    one.value
    for one in (
        VoidNote.Outcome.REVERSED,
        VoidNote.Outcome.CHANGED_SINCE,
        VoidNote.Outcome.BY_HAND,
        VoidNote.Outcome.IN_USE,
    )
)


@dataclass(frozen=True, slots=True)
class Voiding:
    """Who takes back, and when."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """Return the day it is in the school."""
        return local_day(self.now, self.actor.school.timezone)


@dataclass(slots=True)
class Step:
    """One thing to bring back: the entries it reverses, and how. False: it no longer holds."""

    entry_ids: list[int]
    act: Callable[[Voiding], bool]


@dataclass(slots=True)
class Reversal:
    """What became, or would become, of each entry, and the steps that do it, oldest first."""

    outcomes: dict[int, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def leave(self, entries: Iterable[Entry], outcome: str) -> None:
        """Note that entries are left as they are."""
        self.outcomes |= {one.id: outcome for one in entries}

    def take_back(self, entries: Iterable[Entry], act: Callable[[Voiding], bool]) -> None:
        """Note that one step takes entries back."""
        entry_ids = [one.id for one in entries]
        self.outcomes |= dict.fromkeys(entry_ids, REVERSED)
        self.steps.append(Step(entry_ids, act))


class Reverser(Protocol):
    """How the changes of one table are taken back."""

    def plan(self, entries: Sequence[Entry], *, thief: int, since: datetime) -> Reversal:
        """Return what would be done about the thief's entries of the table, oldest first."""
        ...


def nothing_follows(by: Voiding, row: Any, columns: frozenset[str]) -> None:
    """Let nothing follow."""


def always(row: Any) -> bool:
    """Let every row be set back."""
    return True


@dataclass(frozen=True, slots=True)
class RowReverser:
    """Sets columns back, one by one; a new row is undone by `undo`, or left for people without it.

    `may` looks at the row: some changes have had their effect already. `follow` tells of what
    came back. Changes of columns not named here are nobody's overtaking, and never set back.
    """

    model: type[models.Model]
    columns: frozenset[str]
    undo: Callable[[Voiding, Any], None] | None = None
    may: Callable[[Any], bool] = always
    follow: Callable[[Voiding, Any, frozenset[str]], None] = nothing_follows

    def plan(self, entries: Sequence[Entry], *, thief: int, since: datetime) -> Reversal:
        """Return what would be done, row by row."""
        plan = Reversal()
        own = _by_row(entries)
        row_ids = sorted(own)
        table = self.model._meta.db_table
        histories = _by_row(list_changes_of(table=table, row_ids=row_ids, since=since))
        rows = self.model._base_manager.in_bulk(row_ids)
        for row_id, mine in own.items():
            self._plan_row(plan, mine, histories[row_id], rows.get(row_id), thief)
        return plan

    def _plan_row(
        self, plan: Reversal, mine: list[Entry], history: list[Entry], row: Any, thief: int
    ) -> None:
        is_new = mine[0].action == "INSERT"
        if row is None or any(one.action == "DELETE" for one in mine) or not self.may(row):
            plan.leave(mine, BY_HAND)
            return
        if is_new:
            after = [one for one in history if one.id > mine[0].id and not one.void]
            if any(one.account_id != thief and self._changed(one) for one in after):
                plan.leave(mine, CHANGED_SINCE)
            elif self.undo is None:
                plan.leave(mine, BY_HAND)
            else:
                plan.take_back(mine, lambda by: self._undo(by, row.pk))
            return
        if any(self._all_changed(one) - self.columns for one in mine):
            plan.leave(mine, BY_HAND)
            return
        self._plan_columns(plan, mine, history, row, thief)

    def _plan_columns(
        self, plan: Reversal, mine: list[Entry], history: list[Entry], row: Any, thief: int
    ) -> None:
        touches = [
            Touch(one.id, None if one.void else one.account_id, name, (one.before or {}).get(name))
            for one in history
            for name in sorted(self._changed(one))
        ]
        decided = plan_void(touches, thief=thief)
        plan.leave(mine, BY_HAND)  # what touches no column of the table's: an erased contact
        plan.leave((one for one in mine if one.id in decided.overtaken_entries), CHANGED_SINCE)
        back = {one.thing: one.before for one in decided.restorings}
        wrote = {name: (mine[-1].after or {}).get(name) for name in back}
        if back:
            plan.take_back(
                [one for one in mine if one.id in decided.reversed_entries],
                lambda by: self._set_back(by, row.pk, back, wrote),
            )

    def _set_back(
        self, by: Voiding, row_id: int, back: Mapping[str, Any], wrote: Mapping[str, Any]
    ) -> bool:
        row: Any = self._lock(row_id)
        fields = {one.column: one for one in self.model._meta.concrete_fields}
        if row is None or any(
            getattr(row, fields[name].attname) != fields[name].to_python(value)
            for name, value in wrote.items()
        ):
            return False
        for name, value in back.items():
            setattr(row, fields[name].attname, fields[name].to_python(value))
        row.save(update_fields=[fields[name].name for name in back])
        self.follow(by, row, frozenset(back))
        return True

    def _undo(self, by: Voiding, row_id: int) -> bool:
        row = self._lock(row_id)
        assert self.undo is not None
        if row is None:
            return False
        self.undo(by, row)
        return True

    def _lock(self, row_id: int) -> Any:
        rows = self.model._base_manager.select_for_update(of=("self",))
        return rows.filter(pk=row_id).first()

    def _changed(self, entry: Entry) -> frozenset[str]:
        return self._all_changed(entry) & self.columns

    @staticmethod
    def _all_changed(entry: Entry) -> frozenset[str]:
        was, became = entry.before or {}, entry.after or {}
        # A name that is gone from one side was forgotten by an act of destruction.
        return frozenset(name for name in was.keys() & became.keys() if was[name] != became[name])


@dataclass(frozen=True, slots=True)
class LogReverser:
    """A table of words said, where the newest word on a key holds: the former word is said again.

    `say` writes it. Nothing said before is `silence`.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    word: str
    silence: Any
    say: Callable[[Voiding, Mapping[str, Any], Any], None]

    def plan(self, entries: Sequence[Entry], *, thief: int, since: datetime) -> Reversal:
        """Return what would be done, key by key."""
        plan = Reversal()
        by_row = {one.row_id: one for one in entries}
        mine = self.model._base_manager.filter(pk__in=by_row)
        for key in sorted(set(mine.values_list(*self.key))):
            place = dict(zip(self.key, key, strict=True))
            self._plan_key(plan, by_row, place, thief)
        return plan

    def _plan_key(
        self, plan: Reversal, by_row: Mapping[int, Entry], place: Mapping[str, Any], thief: int
    ) -> None:
        touches, said = [], self.silence
        for row in self.model._base_manager.filter(**place).order_by("pk"):
            who = thief if row.pk in by_row else None
            touches.append(Touch(row.pk, who, self.key, said))
            said = getattr(row, self.word)
        decided = plan_void(touches, thief=thief)
        plan.leave((by_row[pk] for pk in decided.overtaken_entries), CHANGED_SINCE)
        for one in decided.restorings:
            entries = [by_row[pk] for pk in sorted(decided.reversed_entries)]
            plan.take_back(entries, self._saying(place, one.before))

    def _saying(self, place: Mapping[str, Any], word: Any) -> Callable[[Voiding], bool]:
        def act(by: Voiding) -> bool:
            self.say(by, place, word)
            return True

        return act


_reversers: dict[str, Reverser] = {}


def register_reversers(reversers: Mapping[type[models.Model], Reverser]) -> None:
    """Let a room's tables be taken back."""
    _reversers.update({model._meta.db_table: one for model, one in reversers.items()})


def describe_reversal(*, account_id: int, since: datetime) -> dict[int, str]:
    """Return what `reverse_changes` would make of each change that is not void yet."""
    return _plan(account_id, since).outcomes


def reverse_changes(
    *, actor: Actor, account_id: int, since: datetime, case_id: int, now: datetime
) -> dict[int, str]:
    """Take back in the open school what an account changed since a moment; mark all of it void.

    Return the outcomes by entry. The newest goes first; what others build upon stays. Who may, the
    caller has asked. Safe to repeat: what is void already is left alone.
    """
    plan = _plan(account_id, since)
    for step in sorted(plan.steps, key=lambda one: max(one.entry_ids, default=0), reverse=True):
        try:
            with transaction.atomic():
                holds = step.act(Voiding(actor, now))
        except (IntegrityError, models.ProtectedError):
            plan.outcomes |= dict.fromkeys(step.entry_ids, IN_USE)
        else:
            if not holds:
                plan.outcomes |= dict.fromkeys(step.entry_ids, CHANGED_SINCE)
    void_entries(outcomes=plan.outcomes, case_id=case_id, by=actor.account_id)
    return plan.outcomes


def _plan(account_id: int, since: datetime) -> Reversal:
    by_table: dict[str, list[Entry]] = defaultdict(list)
    for entry in list_changes_by(account_id=account_id, since=since):
        if not entry.void:
            by_table[entry.table].append(entry)
    whole = Reversal()
    for table, entries in by_table.items():
        reverser = _reversers.get(table)
        if reverser is None:
            whole.leave(entries, BY_HAND)
            continue
        part = reverser.plan(entries, thief=account_id, since=since)
        whole.outcomes |= part.outcomes
        whole.steps += part.steps
    return whole


def _by_row(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    rows: dict[int, list[Entry]] = defaultdict(list)
    for one in entries:
        rows[one.row_id].append(one)
    return rows
