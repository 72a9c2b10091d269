"""Tasks and commands carry their school: nothing is asked of a school they were not sent to."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.roles import Role
from services.regulation.models import RegulationSetting
from tenants.registry.jobs import SchoolCommand, school_task
from tenants.registry.models import School
from tenants.registry.queries import forget_schools

pytestmark = [pytest.mark.postgresql15, pytest.mark.django_db]
CALLS: list[tuple[Any, ...]] = []
TROUBLES: list[Exception] = []
KEY = "jobs.note"


def note_day(*, actor: Actor, day: str, **_: object) -> None:
    """Note where it ran, after the troubles that were prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        CALLS.append((actor.school.slug, actor.roles, actor.request_id, day, *cursor.fetchone()))
    RegulationSetting.objects.create(key=KEY, source="school", since_on=day, value=1)
    if TROUBLES:
        raise TROUBLES.pop()


TASK = school_task(note_day)


@pytest.fixture(autouse=True)
def _nothing_happened_yet() -> None:
    CALLS.clear()
    TROUBLES.clear()


def count_notes(school: SchoolRef) -> int:
    """Return how many notes a school has."""
    with school_transaction(Actor.system(school), school.id):
        return RegulationSetting.objects.filter(key=KEY).count()


def send(school_id: int, **more: Any) -> None:
    """Send the task the way a door does; it runs at once in tests."""
    TASK.delay(school_id=school_id, day="2026-11-20", **more)


def test_task_opens_its_own_school_as_the_system(school, other_school):
    send(school.id, request_id="r-1")

    (call,) = CALLS
    assert call[:4] == ("alpha", frozenset({Role.SYSTEM}), "r-1", "2026-11-20")
    assert call[4:] == (school.schema, school.db_role)
    assert (count_notes(school), count_notes(other_school)) == (1, 0)


def test_task_bears_the_name_of_its_function():
    assert TASK.name == f"{__name__}.note_day"
    assert TASK.__doc__ == note_day.__doc__


def test_argument_of_a_newer_sender_is_taken(school):
    send(school.id, colour="green")

    assert len(CALLS) == 1


def test_task_of_a_school_that_is_not_there_does_nothing(schools):
    with pytest.raises(NotFound):
        send(10_000)

    assert CALLS == []


def test_task_of_a_frozen_school_does_nothing(school):
    School.objects.filter(pk=school.id).update(state=School.State.FROZEN)
    forget_schools()

    with pytest.raises(NotFound):
        send(school.id)


def test_task_without_a_school_is_refused(schools):
    with pytest.raises(TypeError, match="school_id"):
        TASK.delay(day="2026-11-20")


@pytest.fixture
def _as_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a retry end where a worker would end it, not in the sender."""
    monkeypatch.setitem(TASK.app.conf, "task_eager_propagates", False)


@pytest.mark.usefixtures("_as_a_worker")
@pytest.mark.parametrize("trouble", [OperationalError("deadlock"), ConnectionError("reset")])
def test_what_can_heal_is_tried_again_and_done_once(school, trouble):
    TROUBLES.extend([trouble, trouble])

    send(school.id)

    assert len(CALLS) == 3
    assert count_notes(school) == 1


def test_what_cannot_heal_stops_and_leaves_nothing(school):
    TROUBLES.append(ValueError("a defect"))

    with pytest.raises(ValueError, match="a defect"):
        send(school.id)

    assert len(CALLS) == 1
    assert count_notes(school) == 0


@pytest.mark.usefixtures("_as_a_worker")
def test_tries_end(school):
    TROUBLES.extend(OperationalError() for _ in range(20))

    send(school.id)

    assert len(CALLS) == 6
    assert count_notes(school) == 0


class Command(SchoolCommand):
    """Notes where it ran."""

    def handle_school(self, actor: Actor, school: SchoolRef, **options: Any) -> None:
        """Work in the school."""
        note_day(actor=actor, day="2026-11-20")


def test_command_opens_the_school_it_was_told(school, other_school):
    call_command(Command(), "--school", "alpha")

    assert [(call[0], call[4]) for call in CALLS] == [("alpha", school.schema)]
    assert (count_notes(school), count_notes(other_school)) == (1, 0)


def test_command_says_that_there_is_no_such_school(schools):
    with pytest.raises(CommandError, match=r"^Школы «nowhere» нет или она не открыта\.$"):
        call_command(Command(), "--school", "nowhere")

    assert CALLS == []


def test_command_asks_for_a_school(schools):
    with pytest.raises(CommandError, match="--school"):
        call_command(Command())


def test_command_of_a_school_just_opened_is_not_too_early(school):
    """What is kept in process for some seconds does not hide a school from a command."""
    School.objects.filter(pk=school.id).update(slug="renamed")

    call_command(Command(), "--school", "renamed")

    assert [call[0] for call in CALLS] == ["renamed"]
