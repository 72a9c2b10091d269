"""Two people at once: the timetable changes while a mark is on its way."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError, NotFound
from kernel.roles import Role
from services.journal.operations import CellInput, put_cells, set_work_kind, write_record
from services.journal.rules import LessonIsCancelled, TermIsClosed
from services.schedule.operations import cancel_lesson, close_term, substitute_lesson
from tests.factories.school import SmallSchool, make_small_school
from tests.support.cleaning import empty_school

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
LONG_ENOUGH_TO_BE_FIRST = 0.5


@pytest.fixture
def school(real_district: dict[str, SchoolRef]) -> Iterator[SchoolRef]:
    """A school whose changes are committed, emptied afterwards."""
    school = real_district["alpha"]
    yield school
    empty_school(school)


@pytest.fixture
def small(school: SchoolRef) -> SmallSchool:
    system = Actor.system(school)
    with school_transaction(system, school.id):
        small = make_small_school(system)
        # Oksana stands in for Anna on Tuesday.
        substitute_lesson(actor=system, lesson_id=small.lessons[1], employee_id=small.oksana)
    return small


def in_school(actor: Actor, deed: Callable[[], Any], done: Event, may_end: Event) -> None:
    """Do a deed in a transaction of its own, and end it only when it may end."""
    try:
        with school_transaction(actor, actor.school.id):
            try:
                deed()
            finally:
                done.set()
            may_end.wait(20)
    finally:
        connections.close_all()


def at_once(first: tuple[Actor, Callable[[], Any]], then: tuple[Actor, Callable[[], Any]]) -> Any:
    """Let `then` come while `first` is done but not committed; return what became of `then`."""
    first_done, first_may_end, then_done, at_will = Event(), Event(), Event(), Event()
    at_will.set()
    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(in_school, *first, first_done, first_may_end)
        first_done.wait(20)
        follower: Future[None] = pool.submit(in_school, *then, then_done, at_will)
        then_done.wait(LONG_ENOUGH_TO_BE_FIRST)
        first_may_end.set()
        leader.result(20)
        return follower.exception(20)


def put(actor: Actor, lesson: int, pupil: int) -> tuple[Actor, Callable[[], Any]]:
    def deed() -> None:
        put_cells(
            actor=actor,
            lesson_id=lesson,
            cells=[CellInput(pupil, "5", 0)],
            key=uuid4(),
            now=NOW,
            today=TODAY,
        )

    return actor, deed


def teacher(school: SchoolRef, employee: int) -> Actor:
    persons = MappingProxyType({Role.TEACHER: employee})
    return Actor(1, school, frozenset({Role.TEACHER}), persons, "Учитель")


CHANGES: dict[str, tuple[Callable[[Actor, SmallSchool], None], type[DomainError]]] = {
    "the term is closed": (
        lambda actor, small: close_term(actor=actor, term_id=small.term_id, now=NOW),
        TermIsClosed,
    ),
    "the lesson is cancelled": (
        lambda actor, small: cancel_lesson(
            actor=actor, lesson_id=small.lessons[1], reason="карантин"
        ),
        LessonIsCancelled,
    ),
    "the substitute is sent home": (
        lambda actor, small: substitute_lesson(
            actor=actor, lesson_id=small.lessons[1], employee_id=None
        ),
        NotFound,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_mark_that_comes_while_its_lesson_changes_is_judged_by_the_change(school, small, change):
    system, oksana = Actor.system(school), teacher(school, small.oksana)
    deed, refusal = CHANGES[change]

    outcome = at_once(
        (system, lambda: deed(system, small)), put(oksana, small.lessons[1], small.gleb)
    )

    assert isinstance(outcome, refusal)


@pytest.mark.parametrize("write", ["kind", "record"])
def test_record_that_comes_while_the_term_closes_is_refused(school, small, write):
    system, anna = Actor.system(school), teacher(school, small.anna)
    lesson = small.lessons[0]

    def set_kind() -> None:
        set_work_kind(actor=anna, lesson_id=lesson, work_kind_id=None, key=uuid4())

    def set_topic() -> None:
        write_record(
            actor=anna,
            lesson_id=lesson,
            topic="Тема",
            material="",
            homework_none=True,
            homework=(),
            key=uuid4(),
            now=NOW,
        )

    outcome = at_once(
        (system, lambda: close_term(actor=system, term_id=small.term_id, now=NOW)),
        (anna, set_kind if write == "kind" else set_topic),
    )

    assert isinstance(outcome, TermIsClosed)


def test_term_closes_only_after_the_mark_that_was_first(school, small):
    system, anna = Actor.system(school), teacher(school, small.anna)
    is_waiting = []

    def close() -> None:
        is_waiting.append(True)
        close_term(actor=system, term_id=small.term_id, now=NOW)

    assert at_once(put(anna, small.lessons[0], small.gleb), (system, close)) is None
    assert at_once((system, lambda: None), put(anna, small.lessons[0], small.zoya)) is not None


def test_two_marks_in_one_term_do_not_wait_for_each_other(school, small):
    anna, oksana = teacher(school, small.anna), teacher(school, small.oksana)
    both_in, may_end, done, at_will = Event(), Event(), Event(), Event()
    at_will.set()

    with ThreadPoolExecutor(2) as pool:
        first = put(anna, small.lessons[0], small.gleb)
        leader = pool.submit(in_school, *first, both_in, may_end)
        both_in.wait(20)
        second = put(oksana, small.lessons[1], small.gleb)
        follower = pool.submit(in_school, *second, done, at_will)
        try:
            follower.result(10)
        finally:
            may_end.set()
        leader.result(20)
