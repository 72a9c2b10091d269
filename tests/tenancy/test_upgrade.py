"""An upgrade goes school by school while everybody works: NFR-006, goals.md F17."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connections
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from foundation.db.door import schema_of, school_transaction
from infra.local.bootstrap import TestCluster
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.journal.models import Mark
from tenants.provisioning import recipes, schema, upgrading
from tenants.provisioning.models import SchoolUpgrade
from tenants.provisioning.operations import open_school, request_school
from tenants.registry.models import School
from tenants.registry.queries import list_schools
from tests.factories.district import sign_in
from tests.factories.school import SmallSchool, make_small_school
from tests.tenancy.conftest import own_database
from tests.tenancy.planting import plant_migration

SCHOOLS = 11
COLUMN = """migrations.AddField("mark", "{name}", models.IntegerField(null=True))"""
CHECK = """migrations.RunSQL("ALTER TABLE journal_mark ADD CONSTRAINT {name} CHECK (value > 1)")"""
TABLE = """migrations.CreateModel("{name}", [("id", models.BigAutoField(primary_key=True))])"""
INDEX = """AddIndexConcurrently("mark", models.Index(fields=["put_at"], name="{name}"))"""
ROWS = """migrations.RunPython(lambda apps, editor: editor.execute("SELECT 1")), """ + COLUMN
FRIDAY = "2026-11-20"


@pytest.fixture(scope="module")
def database(cluster: TestCluster, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A district of its own: eleven schools, the first three at work."""
    with own_database(cluster, django_db_blocker, "upgrade") as name:
        for number in range(1, SCHOOLS + 1):
            slug = f"school-{number}"
            open_school(school_id=request_school(slug=slug, name=slug, short_name=slug))
        yield name


@pytest.fixture(scope="module")
def small(database: str) -> dict[str, SmallSchool]:
    """The people of the first three schools, by address."""
    people = {}
    for school in list_schools()[:3]:
        with school_transaction(Actor.system(school), school.id):
            people[school.slug] = make_small_school(Actor.system(school))
    return people


@pytest.fixture
def plant(database: str, tmp_path: Any, settings: Any) -> Callable[..., str]:
    """Add a migration of the next release: `plant(COLUMN)`; names in it are made unique."""

    def plant(operations: str, **how: Any) -> str:
        name = f"planted_{uuid.uuid4().hex[:8]}"
        migration = f"9001_{name}"
        plant_migration(tmp_path, settings, operations.format(name=name), name=migration, **how)
        return name

    return plant


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "PAUSES", (0.05, 0.1))


def ask(query: str, *values: str) -> list[Any]:
    """Return rows as the migrator sees them."""
    with connections["admin"].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def schools_with(column: str) -> int:
    """Return how many schools have the planted column."""
    query = "SELECT count(*) FROM information_schema.columns WHERE column_name = %s"
    ((count,),) = ask(query + " AND table_schema ~ '^s[0-9]+$'", column)
    return int(count)


def heads() -> list[str]:
    """Return the heads of the schools in the order they were opened."""
    return list(School.objects.order_by("pk").values_list("schema_head", flat=True))


# --- Waves ----------------------------------


@pytest.mark.requirement("NFR-006", part=True)
def test_waves_are_one_then_a_tenth_then_the_rest(plant, capsys):
    column = plant(COLUMN)

    reached = []
    for wave in ("one", "one", "tenth", "rest", "rest"):
        call_command("migrate_schools", wave=wave)
        reached.append((schools_with(column), heads().count(schema.code_head())))

    assert reached == [(1, 1), (1, 1), (2, 2), (SCHOOLS, SCHOOLS), (SCHOOLS, SCHOOLS)]
    assert capsys.readouterr().out.splitlines() == [
        f"school-{number}: обновлена" for number in range(1, SCHOOLS + 1)
    ]
    assert SchoolUpgrade.objects.filter(head=schema.code_head(), failure="").count() == SCHOOLS


def test_one_school_may_go_first(plant):
    column = plant(COLUMN)

    call_command("migrate_schools", only="school-7")

    assert schools_with(column) == 1
    assert [head == schema.code_head() for head in heads()].index(True) == 6
    with pytest.raises(CommandError, match="Школы «nowhere» нет"):
        call_command("migrate_schools", only="nowhere")


def test_migration_that_fails_everywhere_touches_one_school(plant):
    plant("""migrations.RunSQL("ALTER TABLE journal_no_such ADD x int")""")
    before = heads()

    with pytest.raises(CommandError, match=r"^Не обновлены школы: school-1\. Они работают"):
        call_command("migrate_schools")

    assert heads() == before
    (note,) = SchoolUpgrade.objects.exclude(failure="")
    assert note.head == schema.code_head()
    assert "journal_no_such" in note.failure


# --- One school stays behind ----------------------------------


@pytest.mark.requirement("NFR-006", part=True)
def test_failed_school_stays_on_its_head_and_works_and_a_second_run_finishes(
    plant, small, monkeypatch, capsys
):
    monkeypatch.setenv("OKRUG_TODAY", FRIDAY)
    schools = {school.slug: school for school in list_schools()}
    people = {slug: Worker(schools[slug], small[slug]) for slug in ("school-1", "school-3")}
    old_head = School.objects.get(slug="school-3").schema_head
    assert people["school-3"].put("1") == 200  # what the new rule of the schema refuses
    column = plant(f"{COLUMN}, {CHECK.replace('{name}', '{name}_check')}")

    with pytest.raises(CommandError, match=r"^Не обновлены школы: school-3\. Они работают"):
        call_command("migrate_schools")

    heads_now = dict(School.objects.values_list("slug", "schema_head"))
    assert heads_now.pop("school-3") == old_head
    assert set(heads_now.values()) == {schema.code_head()}
    assert schools_with(column) == SCHOOLS - 1  # nothing half done
    note = SchoolUpgrade.objects.get(school_id=schools["school-3"].id)
    assert note.migration == f"journal.9001_{column}"
    assert note.failure.startswith("CheckViolation (23514)")
    assert f"school-3: journal.9001_{column}: CheckViolation" in capsys.readouterr().err
    # The same code works in a school of either head.
    for worker in people.values():
        assert (worker.put("4"), worker.read_week()) == (200, 200)

    call_command("migrate_schools")

    assert schools_with(column) == SCHOOLS
    assert School.objects.get(slug="school-3").schema_head == schema.code_head()
    assert not SchoolUpgrade.objects.exclude(failure="").exists()
    assert people["school-3"].put("5") == 200


class Worker:
    """Anna who puts marks and Vera who reads the diary, in one school."""

    def __init__(self, school: SchoolRef, small: SmallSchool, lesson: int = 0) -> None:
        self.small, self.lesson_id, self.seen = small, small.lessons[lesson], 0
        self.teacher = sign_in((Role.TEACHER, school, small.anna), raise_request_exception=False)
        self.mother = sign_in((Role.GUARDIAN, school, small.vera), raise_request_exception=False)
        self.saving = reverse("teacher:save-cells", kwargs={"school": school.slug})
        self.week = reverse("guardian:week", kwargs={"school": school.slug, "child": small.gleb})

    def put(self, value: str) -> int:
        """Put a mark to Gleb and return the status; a refused cell is 409 to us."""
        cell = {"pupil": self.small.gleb, "value": value, "seen": self.seen}
        body = {"key": str(uuid.uuid4()), "lesson": self.lesson_id, "cells": [cell]}
        answer = self.teacher.post(self.saving, body, content_type="application/json")
        if answer.status_code == 200:
            written = answer.json()["cells"]
            if len(written) != 1:
                return 409
            self.seen = written[0]["version"]
        return answer.status_code

    def read_week(self) -> int:
        """Read the diary and return the status."""
        return self.mother.get(self.week).status_code


# --- Whatever a migration may be ----------------------------------


def test_recorded_sql_gives_what_django_gives(plant):
    plant(f"{COLUMN}, {TABLE}")
    call_command("migrate_schools")
    migrated = "migrated_for_comparison"
    schema.migrate_schema(migrated)
    query = (
        "SELECT table_name, column_name, data_type, is_nullable, column_default IS NULL "
        "FROM information_schema.columns WHERE table_schema = %s ORDER BY 1, 2"
    )
    known = f"SELECT app, name FROM {migrated}.django_migrations"

    try:
        replayed = set(ask(query, schema_of(1)))
        made = set(ask(query, migrated))
        missing = set(ask(known)) - set(schema.list_applied(schema_of(1)))
    finally:
        schema.drop_schema(migrated)

    assert made - replayed == set() != made
    assert missing == set()


def test_table_of_a_migration_is_open_to_its_school(plant):
    table = plant(TABLE)
    call_command("migrate_schools")
    school = list_schools()[0]

    with school_transaction(Actor.system(school), school.id), connections["default"].cursor() as at:
        at.execute(f"SELECT count(*) FROM journal_{table}")
        assert at.fetchone() == (0,)


def test_migration_that_looks_at_rows_goes_school_by_school(plant):
    column = plant(ROWS)

    call_command("migrate_schools")

    assert schools_with(column) == SCHOOLS


def test_index_is_built_beside_the_work_and_a_broken_one_is_built_anew(plant, small, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", FRIDAY)
    school = list_schools()[0]
    assert Worker(school, small[school.slug], lesson=2).put("5") == 200
    index = plant(INDEX, atomic=False)
    broken = f'CREATE INDEX CONCURRENTLY "{index}" ON "{school.schema}".journal_mark '
    with connections["admin"].cursor() as cursor, pytest.raises(DataError):
        cursor.execute(broken + "((1 / (value - value)))")

    call_command("migrate_schools")

    valid = "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid::regclass::text ~ %s"
    assert ask(valid, index) == [(SCHOOLS,)]


def test_killed_between_two_migrations_goes_on(plant, monkeypatch):
    column = plant(COLUMN)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upgrading, "_note_applied", die)
        with pytest.raises(KeyboardInterrupt):
            call_command("migrate_schools")
    assert (schools_with(column), heads().count(schema.code_head())) == (1, 0)

    call_command("migrate_schools")

    assert (schools_with(column), heads().count(schema.code_head())) == (SCHOOLS, SCHOOLS)


def test_two_upgrades_at_once_are_one(plant):
    plant(COLUMN)
    troubles: list[str] = []

    def second() -> None:
        try:
            call_command("migrate_schools")
        except CommandError as error:
            troubles.append(str(error))
        finally:
            connections.close_all()

    with upgrading._alone():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert troubles == ["Школы уже обновляет другой процесс. Дождитесь его конца."]


# --- While people work ----------------------------------


def test_busy_table_is_given_back_to_those_who_wait(plant, monkeypatch):
    """A long transaction holds the marks: the migration stands aside, nobody waits behind it."""
    column = plant(COLUMN)
    school = list_schools()[0]
    actor, held, release = Actor.system(school), threading.Event(), threading.Event()
    attempts: list[int] = []

    class Pauses:
        def __iter__(self) -> Iterator[float]:
            for number in range(100):
                attempts.append(number)
                yield 0.1

    monkeypatch.setattr(upgrading, "PAUSES", Pauses())

    def hold() -> None:
        with school_transaction(actor, school.id):
            Mark.objects.count()
            held.set()
            release.wait(30)
        connections.close_all()

    def read() -> None:
        """Read marks; only after some reads beside a third attempt is the table let go."""
        held.wait(30)
        reads = 0
        while reads < 5:
            with school_transaction(actor, school.id):
                Mark.objects.count()
            reads += len(attempts) > 2
        release.set()
        connections.close_all()

    threads = [threading.Thread(target=hold), threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    held.wait(30)
    call_command("migrate_schools", only=school.slug)
    for thread in threads:
        thread.join()

    assert schools_with(column) == 1
    assert len(attempts) > 2


@pytest.mark.requirement("NFR-006")
def test_district_is_upgraded_under_traffic_without_one_failed_request(plant, small, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", FRIDAY)
    column = plant(COLUMN)
    schools = {school.slug: school for school in list_schools()}
    workers = [Worker(schools[slug], people, lesson=1) for slug, people in small.items()]
    stop = threading.Event()
    answers: list[int] = []

    def work(worker: Worker) -> None:
        for turn in range(100_000):
            if stop.is_set():
                break
            answers.append(worker.put(str(turn % 3 + 2)))
            answers.append(worker.read_week())
        connections.close_all()

    threads = [threading.Thread(target=work, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answers) > 10)
    before = len(answers)
    call_command("migrate_schools")
    during = len(answers) - before
    wait_until(lambda: len(answers) > before + during + 10)
    stop.set()
    for thread in threads:
        thread.join()

    assert schools_with(column) == SCHOOLS
    assert during > 10
    assert set(answers) == {200}


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what the threads do."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# --- What the code knows without asking ----------------------------------


def test_head_is_of_the_files_that_django_would_load(database):
    loader = MigrationLoader(None, ignore_no_migrations=True)
    labels = {app for app, _ in schema.code_migrations()}

    assert schema.code_migrations() == sorted(
        key for key in loader.disk_migrations if key[0] in labels
    )
    assert {"journal", "outbox", "audit"} <= labels


def test_way_of_a_school_at_the_head_has_no_steps(database):
    applied = schema.code_migrations()

    assert recipes.record_recipe("s1", applied) == recipes.Recipe((), tuple(applied))
