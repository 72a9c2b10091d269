"""Taking back what a stolen account wrote (ACC-010, AUD-006): one act for the whole journal.

Each change is marked void in the journal of actions. A value comes back with its author and day.
A period that was closed meanwhile is no obstacle: what is void was never there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from foundation.audit import queries as audit
from foundation.audit.operations import void_entries
from foundation.outbox.operations import record as record_event
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from kernel.voiding import Plan, Restoring, plan_void
from services.journal.events import LessonChanged
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.journal.operations.writing import lock_column
from services.journal.voiding import (
    ABSENCE,
    HOMEWORK,
    MARK,
    PLACES,
    RECORD,
    Thing,
    list_touches,
)
from services.schedule import queries as schedule

MAY_VOID = (Role.ADMINISTRATOR, Role.MANAGEMENT)
REVERSED, OVERTAKEN = "reversed", "changed"


@dataclass(frozen=True, slots=True)
class VoidReport:
    """What became of the void changes: by entry, and the lessons they lie in."""

    outcomes: Mapping[int, str]
    lesson_ids: frozenset[int]

    @property
    def reversed_count(self) -> int:
        """Return how many changes were taken back."""
        return sum(outcome == REVERSED for outcome in self.outcomes.values())

    @property
    def overtaken_count(self) -> int:
        """Return how many were overtaken by somebody honest."""
        return sum(outcome == OVERTAKEN for outcome in self.outcomes.values())


def describe_void(*, actor: Actor, account_id: int, since: datetime) -> VoidReport:
    """Return what `void_changes` would do now. Raise `NotFound`."""
    return _report(_plan(actor, account_id, since))


def void_changes(*, actor: Actor, account_id: int, since: datetime, case_id: int) -> VoidReport:
    """Bring back what stood in the journal before an account wrote since a moment.

    Safe to repeat: what is void already is left alone. Raise `NotFound`.
    """
    plan = _plan(actor, account_id, since)
    lessons = sorted({one.thing.lesson_id for one in plan.restorings})
    revisions = {}
    for lesson_id in lessons:
        lesson = schedule.get_lesson(lesson_id=lesson_id)
        record_event(LessonChanged(lesson.id, lesson.date))
        revisions[lesson_id] = lock_column(lesson)
    # Locked now: a teacher who wrote in between is seen, and not overwritten.
    plan = _plan(actor, account_id, since)
    for one in plan.restorings:
        if one.thing.lesson_id in revisions:
            _restore(one, revisions[one.thing.lesson_id])
    report = _report(plan)
    void_entries(outcomes=report.outcomes, case_id=case_id, by=actor.account_id)
    return report


def _plan(actor: Actor, account_id: int, since: datetime) -> Plan[Thing]:
    if not actor.has(*MAY_VOID):
        raise NotFound
    written = audit.list_changes_by(account_id=account_id, since=since)
    own = [one for one in written if one.table in PLACES and not one.void]
    lessons = {one.told(PLACES[one.table]) for one in own}
    # Others' hands matter where the thief's was: a school writes thousands of rows a day.
    entries = sorted(
        (
            entry
            for table, name in PLACES.items()
            for entry in audit.list_changes_about(
                table=table, name=name, values=lessons, since=since
            )
        ),
        key=lambda entry: entry.id,
    )
    touches = [
        touch
        for entry in entries
        for touch in list_touches(
            entry_id=entry.id,
            account_id=None if entry.void else entry.account_id,
            table=entry.table,
            before=entry.before,
            after=entry.after,
        )
    ]
    plan = plan_void(touches, thief=account_id)
    # A record that was opened and says nothing touches nothing: there is nothing to bring back.
    silent = {one.id for one in own} - plan.reversed_entries - plan.overtaken_entries
    return replace(plan, reversed_entries=plan.reversed_entries | silent)


def _report(plan: Plan[Thing]) -> VoidReport:
    outcomes = dict.fromkeys(plan.reversed_entries, REVERSED)
    outcomes |= dict.fromkeys(plan.overtaken_entries, OVERTAKEN)
    return VoidReport(outcomes, frozenset(one.thing.lesson_id for one in plan.restorings))


def _restore(one: Restoring[Thing], revision: int) -> None:
    thing, before = one.thing, one.before
    place = {"record_id": thing.lesson_id, "pupil_id": thing.pupil_id}
    match thing.table:
        case table if table == MARK:
            Mark.objects.filter(**place).delete()
            _insert(Mark, place, before, ("value", "put_at", "put_by"), {"revision": revision})
        case table if table == ABSENCE:
            Absence.objects.filter(**place).delete()
            _insert(Absence, place, before, ("code", "put_at", "put_by"), {"revision": revision})
        case table if table == HOMEWORK:
            Homework.objects.filter(**place).delete()
            words = ("text", "manner", "due_on", "given_at", "given_by")
            _insert(Homework, place, before, words, {})
        case table if table == RECORD:
            LessonRecord.objects.filter(pk=thing.lesson_id).update(**{thing.word: before})


def _insert(
    model: Any,
    place: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    words: Iterable[str],
    more: Mapping[str, Any],
) -> None:
    if before is not None:
        model.objects.create(**place, **{word: before[word] for word in words}, **more)
