"""A plan that PostgreSQL keeps is of one school: the path and the role are asked at every use."""

from contextlib import suppress

import pytest
from django.db import InternalError, ProgrammingError, connection

from foundation.db.backend.base import PlannedCursor
from foundation.db.door import planned_cursor, public_role, school_transaction
from kernel.actor import Actor
from services.people.models import Pupil

pytestmark = [pytest.mark.postgresql15, pytest.mark.django_db]

NAMES = "SELECT last_name FROM people_pupil WHERE id > %s"
OFTEN = 8  # the first five uses are planned each for itself
KEPT = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT last_name%'"


@pytest.fixture
def schools_with_a_pupil(schools):
    """Return two schools, each with a pupil named like the school."""
    for school in schools.values():
        with school_transaction(Actor.system(school), school.id):
            Pupil.objects.create(last_name=school.slug, first_name="Глеб")
    return list(schools.values())


def _ask_in_turn(schools):
    answers = []
    for _ in range(OFTEN):
        for school in schools:
            with school_transaction(Actor.system(school), school.id), planned_cursor() as cursor:
                cursor.execute(NAMES, [0])
                answers.append((school.slug, [name for (name,) in cursor.fetchall()]))
    return answers


def _count_kept():
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        return cursor.fetchone()[0]


def test_statement_planned_for_one_school_answers_another_with_its_own(schools_with_a_pupil):
    answers = _ask_in_turn(schools_with_a_pupil)

    assert all(names == [slug] for slug, names in answers)
    assert _count_kept() == len(schools_with_a_pupil)


def test_plan_under_the_words_of_another_school_is_made_anew(schools_with_a_pupil, monkeypatch):
    monkeypatch.setattr(PlannedCursor, "mark", property(lambda _: b"", lambda *_: None))

    answers = _ask_in_turn(schools_with_a_pupil)

    assert all(names == [slug] for slug, names in answers)
    assert _count_kept() == 1


def test_kept_plan_gives_no_right_to_another_role(schools_with_a_pupil):
    school = schools_with_a_pupil[0]
    _ask_in_turn([school])

    with (
        suppress(InternalError),
        school_transaction(Actor.system(school), school.id),
        planned_cursor() as cursor,
    ):
        cursor.execute(NAMES, [0])
        cursor.execute(f'SET LOCAL ROLE "{public_role()}"')
        with pytest.raises(ProgrammingError):
            cursor.execute(NAMES, [0])


def test_planned_statement_outside_the_door_raises(schools):
    with pytest.raises(ProgrammingError), planned_cursor() as cursor:
        cursor.execute(NAMES, [0])


def test_connection_keeps_so_many_plans_and_no_more(school, system, monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepared_max", 3)

    with school_transaction(system, school.id), planned_cursor() as cursor:
        for number in range(9):
            for _ in range(3):
                cursor.execute(f"{NAMES} AND id <> {number}", [0])

    assert _count_kept() == 3


def test_portal_behind_a_pooler_keeps_no_plan(schools_with_a_pupil, settings):
    settings.DB_PLANS = 0
    raw = connection.get_new_connection(connection.get_connection_params())
    try:
        with PlannedCursor(raw) as cursor:
            for _ in range(OFTEN):
                cursor.execute("SELECT 1 WHERE %s", [True])
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")

            assert cursor.fetchone() == (0,)
    finally:
        raw.close()
