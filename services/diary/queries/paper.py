"""The diary on a sheet of paper (распечатка): what a family without the portal is told.

Source: INF-003…006, INF-016. Read by who prints it; of one child only (PDP-005).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from kernel.actor import Actor
from services.diary import access
from services.diary.access import ChildView
from services.diary.models import AdultAgreement
from services.diary.queries.span import (
    REASON_UNKNOWN,
    DiaryLesson,
    FreshMark,
    Span,
    Task,
    read_span,
)
from services.diary.rules import LOOK_AHEAD, LOOK_BACK
from services.people import queries as people

Pair = tuple[int, int | None]  # pupil, guardian; None: the pupil himself


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What stands on a child's sheet; the days are from `since` to `last`, both included.

    `marks` by subject, with those put late for earlier days; `absences` with earlier ones nobody
    has explained; `tasks` and `changes` of the timetable lie ahead.
    """

    child: ChildView
    since: date
    last: date
    marks: tuple[tuple[str, tuple[FreshMark, ...]], ...]
    absences: tuple[DiaryLesson, ...]
    tasks: tuple[Task, ...]
    changes: tuple[DiaryLesson, ...]


def get_sheet(*, actor: Actor, pupil_id: int, since: date, last: date, today: date) -> PaperSheet:
    """Return what a child's sheet tells; raise `NotFound` for who does not print it."""
    child = access.get_child_on_paper(actor=actor, pupil_id=pupil_id, on=today)
    span = read_span(actor, child, since - LOOK_BACK, last + LOOK_AHEAD)
    return PaperSheet(
        child=child,
        since=since,
        last=last,
        marks=_by_subject(span, since, last),
        absences=tuple(
            one
            for one in _lessons(span)
            if one.code and one.date <= last and (one.date >= since or one.code in REASON_UNKNOWN)
        ),
        tasks=tuple(_tasks_ahead(span, since, last)),
        changes=tuple(
            one
            for one in _lessons(span)
            if one.date > last and (one.is_cancelled or one.is_substituted)
        ),
    )


def list_receivers(*, pairs: Collection[Pair], on: date) -> set[Pair]:
    """Return the pairs in which the person may learn of the child's marks on a day.

    A confirmed link with the right to read, and of a pupil of age his agreement. A sheet needs no
    live access to the portal: paper is for who has none.
    """
    readable = people.list_readable_pairs(on=on)
    adults = people.list_of_age(on=on, pupil_ids={pupil for pupil, _ in pairs})
    agreed = set(
        AdultAgreement.objects.filter(pupil_id__in=adults, withdrawn_at=None).values_list(
            "pupil_id", "guardian_id"
        )
    )
    return {
        (pupil, guardian)
        for pupil, guardian in pairs
        if guardian is None
        or ((guardian, pupil) in readable and (pupil not in adults or (pupil, guardian) in agreed))
    }


def _lessons(span: Span) -> Iterator[DiaryLesson]:
    for day in sorted(span.lessons):
        yield from span.lessons[day]


def _by_subject(
    span: Span, since: date, last: date
) -> tuple[tuple[str, tuple[FreshMark, ...]], ...]:
    found: dict[str, list[FreshMark]] = defaultdict(list)
    for mark in span.marks:
        is_late = mark.day < since <= mark.put_on
        if is_late or since <= mark.day <= last:
            found[mark.subject].append(mark)
    return tuple(
        (subject, tuple(sorted(found[subject], key=lambda one: one.day)))
        for subject in sorted(found)
    )


def _tasks_ahead(span: Span, since: date, last: date) -> Iterator[Task]:
    """Yield the tasks due after the last day, then those whose lesson is not in sight."""
    ahead = {*span.lessons, *span.tasks}
    for day in sorted(one for one in ahead if one > last):
        yield from (task for task in span.day(day).all_tasks if task.due_on is not None)
    for day in sorted(one for one in span.tasks if since <= one <= last):
        yield from (task for task in span.tasks[day] if task.due_on is None)
