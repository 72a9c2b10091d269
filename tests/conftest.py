"""The test harness: a throwaway cluster, a database per process, five schools opened once.

Each test runs in a transaction that is rolled back; `school_transaction` becomes a savepoint.
Tests with the fixture `real_district` really commit, and clean up after themselves.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from psycopg import sql
from pytest_django import DjangoDbBlocker

from config.settings.environment import database
from infra.local.bootstrap import TestCluster, create_cluster_for_tests
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from portal.shell.rights import forget_menus
from services.regulation.access import forget_rights
from services.regulation.queries import forget_settings
from tenants.provisioning.operations import open_school, request_school
from tenants.registry.queries import forget_schools, list_schools
from tests.support import silence as no_network
from tests.support.silence import silence as silence
from tests.support.walls import rooms_kept_apart as rooms_kept_apart

no_network.install()

# About how many seconds a module takes; one not named takes as long as it has tests.
LONG = {
    "infra/test_bare_metal.py": 180,
    "browser/test_accessibility.py": 240,
    "browser/test_service_story.py": 110,
    "doors/test_permission_matrix.py": 110,
    "demo/test_loading.py": 60,
    "infra/test_residency_start.py": 40,
    "tenancy/test_isolation.py": 25,
    "infra/test_containers_start.py": 25,
    "flows/test_dispatcher.py": 20,
}
SECONDS_OF_A_TEST = 0.15
HOUR = 15  # Moscow's, when lessons are over and the day is far from its end


def pytest_configure() -> None:
    """Begin every fixed day at one hour, whenever the run is; a worker does as its master did."""
    here = timezone.localtime()
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    shift = timedelta(hours=HOUR) - (here - midnight)
    os.environ.setdefault("OKRUG_HOUR_SHIFT", str(shift.total_seconds()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long modules first, so that the workers end together (`--no-loadscope-reorder`)."""
    here = Path(__file__).parent
    sizes = Counter(item.path for item in items)

    def seconds(item: pytest.Item) -> float:
        name = item.path.relative_to(here).as_posix()
        return LONG.get(name, sizes[item.path] * SECONDS_OF_A_TEST)

    items.sort(key=lambda item: (-seconds(item), item.path))


@pytest.fixture(scope="session")
def cluster() -> TestCluster:
    """The throwaway PostgreSQL of this run: 18, or what OKRUG_TEST_PG says."""
    return create_cluster_for_tests()


def create_database(cluster: TestCluster, name: str, source: str = "") -> None:
    """Make an empty database or a copy of another, dropping what a killed run left."""
    drop_database(cluster, name)
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if source:
        create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(source))
    with psycopg.connect(cluster.admin, autocommit=True) as migrator:
        migrator.execute(create)


def drop_database(cluster: TestCluster, name: str) -> None:
    """Drop a database and the roles that bear its name."""
    with psycopg.connect(cluster.admin, autocommit=True) as migrator:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        for _ in range(60):
            try:
                migrator.execute(drop)
                break
            except psycopg.errors.InsufficientPrivilege:  # autovacuum is there: not ours to end
                time.sleep(0.5)
        query = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)"
        for (role,) in migrator.execute(query, [f"{name}_"]).fetchall():
            migrator.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """pytest-django's own naming of databases is not used."""


@pytest.fixture(scope="session")
def django_db_setup(cluster: TestCluster, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make this process's database: public schema, roles, template, five empty schools."""
    name = f"okrug_test_{os.getpid()}"
    create_database(cluster, name)
    for alias, url in (("default", cluster.web), ("admin", cluster.admin)):
        new = database(url) | {"NAME": name}
        settings.DATABASES[alias].update(new)
        connections[alias].settings_dict.update(new)
    with django_db_blocker.unblock():
        call_command("migrate_public", verbosity=0)
        call_command("sync_roles", verbosity=0)
        for slug, short_name in (
            ("alpha", "Школа «Альфа»"),
            ("beta", "Школа «Бета»"),
            ("gamma", "Школа «Гамма»"),
            ("delta", "Школа «Дельта»"),
            ("epsilon", "Школа «Эпсилон»"),
        ):
            school_id = request_school(slug=slug, name=f"МБОУ {short_name}", short_name=short_name)
            open_school(school_id=school_id)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop_database(cluster, name)


@pytest.fixture(autouse=True, scope="session")
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.FILES_ROOT = tmp_path_factory.mktemp("files")
    settings.ARCHIVES_ROOT = tmp_path_factory.mktemp("archives")


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    forget_schools()
    forget_settings()
    forget_rights()
    forget_menus()
    yield
    forget_schools()
    forget_settings()
    forget_rights()
    forget_menus()


@pytest.fixture
def schools(db: None) -> dict[str, SchoolRef]:
    """The five working schools by address; all are empty."""
    return {school.slug: school for school in list_schools()}


@pytest.fixture
def real_district(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, SchoolRef]]:
    """The five schools outside any test transaction: what is written is committed."""
    with django_db_blocker.unblock():
        yield {school.slug: school for school in list_schools()}
        connections.close_all()


@pytest.fixture
def school(schools: dict[str, SchoolRef]) -> SchoolRef:
    """The school most tests happen in."""
    return schools["alpha"]


@pytest.fixture
def other_school(schools: dict[str, SchoolRef]) -> SchoolRef:
    """The school Dmitry is from."""
    return schools["beta"]


@pytest.fixture
def make_actor(school: SchoolRef) -> Callable[..., Actor]:
    """Make an actor: `make_actor(Role.TEACHER, person=5)`, `school=` for another school."""

    def make(*roles: Role, person: int | None = None, **more: object) -> Actor:
        where = more.get("school", school)
        assert isinstance(where, SchoolRef)
        persons = {} if person is None else dict.fromkeys(roles, person)
        account_id = more.get("account_id", 1)
        assert account_id is None or isinstance(account_id, int)
        return Actor(account_id, where, frozenset(roles), MappingProxyType(persons), "Анна")

    return make


@pytest.fixture
def system(school: SchoolRef) -> Actor:
    """The system, in the school most tests happen in."""
    return Actor.system(school)
