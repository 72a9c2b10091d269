"""OKRUG_DB_ROLES=off, for clouds that forbid CREATE ROLE: all works, membership and path hold.

The third wall, the school's own database role, is missing then, and `/health/ready` says so.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections
from django.test import Client, override_settings
from django_tenants.postgresql_backend.base import FakeTenant

from foundation.db.backend.base import DatabaseWrapper, OutsideTheDoor
from foundation.db.door import WrongSchool, role_of, school_transaction
from foundation.outbox.dispatch import deliver_waiting
from infra.local.bootstrap import TestCluster
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.journal.models import Mark
from services.monitoring.models import DirtyDay
from tenants.accounts.models import Account
from tenants.accounts.visitor import get_visitor
from tenants.provisioning.operations import open_school, request_school
from tests.factories.district import (
    ALPHA,
    BETA,
    TwoSchools,
    make_two_schools,
    open_account,
)
from tests.tenancy.conftest import own_database

pytestmark = pytest.mark.postgresql15
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def two(
    cluster: TestCluster, django_db_setup: None, django_db_blocker: Any
) -> Iterator[TwoSchools]:
    """Two small schools in a database without roles."""
    with (
        override_settings(DB_ROLES=False),
        own_database(cluster, django_db_blocker, "bare"),
    ):
        refs = {}
        for slug in (ALPHA, BETA):
            school_id = request_school(slug=slug, name=f"Школа {slug}", short_name=slug)
            refs[slug] = open_school(school_id=school_id, administrator="Админов Антон")
        yield make_two_schools(refs)


@pytest.fixture(autouse=True)
def _friday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKRUG_TODAY", "2026-11-20")


def put_a_five(two: TwoSchools, slug: str, client: Client) -> Any:
    """Send a five for Gleb of a school."""
    small = two.small[slug]
    body = {
        "key": str(uuid.uuid4()),
        "lesson": small.lessons[0],
        "cells": [{"pupil": small.gleb, "value": "5", "seen": 0}],
    }
    return client.post(f"/api/v1/s/{slug}/journal/cells/", body, content_type="application/json")


def test_no_role_was_made(two, cluster):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, current_database())"
        )

        assert cursor.fetchall() == []
    assert {role_of(school.id) for school in two.refs.values()} == {""}


def test_health_says_so(two):
    answer = Client().get("/health/ready")

    said = answer.json()
    assert (said["status"], said["schools"], said["database_roles"]) == ("ok", 2, "off")


def test_mark_goes_all_the_way(two):
    anna = two.sign_in(Role.TEACHER)
    saved = put_a_five(two, ALPHA, anna).json()
    delivered = deliver_waiting(two.refs[ALPHA], NOW)

    assert [cell["value"] for cell in saved["cells"]] == ["5"]
    week = f"/api/v1/s/alpha/diary/{two.alpha.gleb}/week/?day=2026-11-16"
    (lesson,) = two.sign_in(Role.GUARDIAN).get(week).json()["days"][0]["lessons"]
    assert lesson["mark"] == 5
    assert delivered == 1
    assert DirtyDay.objects.filter(school_id=two.refs[ALPHA].id).count() == 1
    # The other school has neither the mark nor the event.
    with school_transaction(Actor.system(two.refs[BETA]), two.refs[BETA].id):
        assert not Mark.objects.exists()
    assert deliver_waiting(two.refs[BETA], NOW) == 0


@pytest.mark.requirement("ACC-018", part=True)
@pytest.mark.parametrize("role", [Role.TEACHER, Role.MANAGEMENT, Role.GUARDIAN, Role.PUPIL])
def test_membership_still_stops_a_stranger(two, role):
    client = two.sign_in(role, ALPHA)
    beta = two.beta
    page = f"{beta.group_id}/{beta.subject_id}/{beta.term_id}"

    assert client.get(f"/api/v1/s/beta/journal/{page}/").status_code == 404
    assert client.get(f"/api/v1/s/beta/diary/{beta.gleb}/week/").status_code == 404
    assert put_a_five(two, BETA, client).status_code == 404
    with pytest.raises(NotFound):
        _visitor(two, role).actor_in(BETA)


def _visitor(two: TwoSchools, role: Role) -> Any:
    return get_visitor(open_account((role, two.refs[ALPHA], two.person_of(role))))


def test_actor_of_another_school_is_still_refused_at_the_door(two):
    with (
        pytest.raises(WrongSchool),
        school_transaction(Actor.system(two.refs[ALPHA]), two.refs[BETA].id),
    ):
        pass


def test_path_still_shows_one_school(two):
    seen = {}
    for slug, school in two.refs.items():
        with school_transaction(Actor.system(school), school.id), connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), current_schemas(false)::text[]")
            seen[slug] = cursor.fetchone()

    assert seen == {
        slug: (school.schema, [school.schema, "ext"]) for slug, school in two.refs.items()
    }


def test_query_outside_the_door_still_raises(two):
    with pytest.raises(ProgrammingError):
        Mark.objects.count()
    web = cast(DatabaseWrapper, connections["default"])
    web.set_tenant(FakeTenant(two.refs[ALPHA].schema))
    try:
        with pytest.raises(OutsideTheDoor):
            Mark.objects.count()
    finally:
        web.set_schema_to_public()


def test_audit_is_still_out_of_reach(two):
    school = two.refs[ALPHA]
    for statement in (
        "DELETE FROM audit_auditrecord",
        "UPDATE audit_auditrecord SET account_id = 1",
        "DELETE FROM audit_log",
        "ALTER TABLE journal_mark DISABLE TRIGGER audit",
    ):
        with (
            pytest.raises(ProgrammingError),
            school_transaction(Actor.system(school), school.id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_third_wall_is_what_this_mode_lacks(two):
    """Said aloud: a lie about the school, or a table named in full, is caught by roles only."""
    beta = two.refs[BETA]
    liar = Actor.system(replace(two.refs[ALPHA], id=beta.id))
    with school_transaction(liar, beta.id), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == (beta.schema,)
        cursor.execute(f'SELECT count(*) FROM "{two.refs[ALPHA].schema}".journal_workkind')
        assert cursor.fetchone()[0] > 0


def test_rights_are_made_again_without_roles(two):
    school = two.refs[ALPHA]
    with connections["admin"].cursor() as cursor:
        cursor.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA "{school.schema}" FROM okrug_web')
    with pytest.raises(ProgrammingError), school_transaction(Actor.system(school), school.id):
        Mark.objects.count()

    call_command("sync_roles", verbosity=0)
    call_command("sync_roles", verbosity=0)

    with school_transaction(Actor.system(school), school.id):
        Mark.objects.count()


def test_administrator_of_each_school_is_there(two):
    assert Account.objects.filter(display_name="Админов Антон").count() == 2
