"""The door: a school is seen only inside `school_transaction`, by its own actor."""

import os
import socket

import pytest
from django.db import ProgrammingError, connection

from foundation.db.door import DoorIsOpen, WrongSchool, public_transaction, school_transaction
from kernel.actor import Actor
from services.regulation.models import RegulationSetting

pytestmark = [pytest.mark.postgresql15, pytest.mark.django_db]


def test_query_outside_the_door_raises(schools):
    with pytest.raises(ProgrammingError):
        RegulationSetting.objects.count()


def test_query_inside_the_door_sees_the_school(school, system):
    with school_transaction(system, school.id), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")

        assert cursor.fetchone() == (school.schema, school.db_role)


def test_after_the_door_closes_the_public_schema_is_back(school, system):
    with school_transaction(system, school.id):
        assert RegulationSetting.objects.count() == 0

    with pytest.raises(ProgrammingError):
        RegulationSetting.objects.count()


def test_second_school_needs_the_first_closed(school, other_school, system):
    another = school_transaction(Actor.system(other_school), other_school.id)
    with school_transaction(system, school.id), pytest.raises(DoorIsOpen), another:
        pass


def test_public_schema_needs_the_school_closed(school, system):
    with school_transaction(system, school.id), pytest.raises(DoorIsOpen), public_transaction():
        pass


def test_actor_of_another_school_is_refused(other_school, system):
    with pytest.raises(WrongSchool), school_transaction(system, other_school.id):
        pass


def test_silent_connection_is_usable_until_the_server_goes_away(db):
    idle = connection.copy()
    idle.ensure_connection()
    try:
        assert idle.is_usable()

        with socket.socket(fileno=os.dup(idle.connection.fileno())) as cut:
            cut.shutdown(socket.SHUT_RDWR)
        assert not idle.is_usable()
    finally:
        idle.close()


def test_connection_with_an_error_behind_it_is_asked(db):
    asked = connection.copy()
    asked.ensure_connection()
    asked.errors_occurred = True
    asked.connection.close()

    assert not asked.is_usable()
