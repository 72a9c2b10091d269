"""The card of a school tells a teacher what the day asks for."""

from datetime import UTC, datetime

import pytest
import time_machine

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.roles import Role
from portal.teacher.today import facts_of_day
from services.schedule.models import Lesson

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 20, 4, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)


def facts(actor: Actor) -> list[tuple[str, str, str]]:
    return [(fact.value, fact.label, fact.state) for fact in facts_of_day(actor)]


@pytest.fixture
def anna(two, schools, monkeypatch) -> Actor:
    monkeypatch.delenv("OKRUG_HOUR_SHIFT")  # the hours are named here
    person = {Role.TEACHER: two.alpha.anna}
    return Actor(1, schools["alpha"], frozenset({Role.TEACHER}), person)


def test_card_counts_lessons_and_those_not_filled_once_they_have_begun(anna):
    with time_machine.travel(MORNING):
        assert facts(anna) == [("1", "урок сегодня", "")]
    with time_machine.travel(NOON):
        assert facts(anna) == [("1", "урок сегодня", ""), ("1", "урок не заполнен", "warn")]


def test_cancelled_lesson_is_not_counted(anna, two):
    with school_transaction(anna, anna.school.id):
        lesson = Lesson.objects.filter(pk=two.alpha.lessons[4])
        lesson.update(state=Lesson.State.CANCELLED)

    with time_machine.travel(NOON):
        assert facts(anna) == [("0", "уроков сегодня", "")]


def test_on_a_free_day_card_tells_of_the_next_lessons(anna, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", "2026-11-15")  # Sunday

    assert facts(anna) == [("1", "урок 16\xa0ноября, пн", "")]


def test_who_does_not_teach_has_no_such_facts(schools):
    director = Actor(1, schools["alpha"], frozenset({Role.MANAGEMENT}), {Role.MANAGEMENT: 1})

    assert facts(director) == []
