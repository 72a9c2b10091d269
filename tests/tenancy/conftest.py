"""A database of its own for tests that open and break schools for good."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from infra.local.bootstrap import TestCluster
from services.regulation.queries import forget_settings
from tenants.registry.queries import forget_schools
from tests.conftest import create_database, drop_database


@contextmanager
def own_database(cluster: TestCluster, blocker: Any, suffix: str) -> Iterator[str]:
    """Work in a fresh database with a public schema and no school; then drop it."""
    with _database(cluster, blocker, suffix, "") as name:
        call_command("migrate_public", verbosity=0)
        call_command("sync_roles", verbosity=0)
        yield name


@contextmanager
def copied_database(cluster: TestCluster, blocker: Any, suffix: str, source: str) -> Iterator[str]:
    """Work in a copy of a database, with roles of its own; then drop it."""
    with _database(cluster, blocker, suffix, source) as name:
        call_command("sync_roles", verbosity=0)
        yield name


@contextmanager
def _database(cluster: TestCluster, blocker: Any, suffix: str, source: str) -> Iterator[str]:
    name = f"okrug_test_{os.getpid()}_{suffix}"
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    create_database(cluster, name, source)
    try:
        with blocker.unblock():
            point_at(dict.fromkeys(before, name))
            yield name
    finally:
        with blocker.unblock():
            point_at(before)
        drop_database(cluster, name)


def point_at(names: dict[str, str]) -> None:
    """Let the connections lead to these databases, by alias."""
    connections.close_all()
    for alias, name in names.items():
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
    forget_schools()
    forget_settings()
