"""The whole product over a throwaway database: web, dispatcher, the people of a story.

No broker is started: the dispatcher alone carries a mark to the district (house.md §4).
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from infra.local.bootstrap import create_cluster_for_tests

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-11-20"
STORY = "tests.browser.story_data"
COLLECT = "import django; django.setup(); from infra.local import prepare; prepare.collect_static()"
PASSWORD = "Проверка-2026"
PATIENCE_SECONDS = 60
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 780}


@dataclass(frozen=True)
class Stack:
    """A running product: its address and the ids of the story."""

    url: str
    ids: dict[str, int]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def empty_database(name: str) -> tuple[str, str]:
    """Create a database anew; return how the web and the administrator reach it."""
    cluster = create_cluster_for_tests()
    with psycopg.connect(cluster.admin, autocommit=True) as migrator:
        target = sql.Identifier(name)
        migrator.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))
        migrator.execute(sql.SQL("CREATE DATABASE {}").format(target))
    web, admin = (url.replace("/okrug?", f"/{name}?") for url in (cluster.web, cluster.admin))
    return web, admin


@contextmanager
def running_stack(
    web: str, admin: str, *, data: str = STORY, today: str = TODAY
) -> Iterator[Stack]:
    """Serve a database on a day until the block ends, filled by the program `data`.

    Without a program the database is served as it was left; the ids are then empty.
    """
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DATABASE_URL": web,
        "DATABASE_ADMIN_URL": admin,
        "SECRET_KEY": "browser-tests-only",
        "BROKER_URL": "memory://",
        "OKRUG_TODAY": today,
    }
    built = _run(environment, "-m", data) if data else "{}"
    _run(environment, "-c", COLLECT)
    processes = [
        _start(environment, "-m", "config", "web", "--port", str(port)),
        _start(environment, "-m", "config", "outbox"),
    ]
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/health/ready")
        yield Stack(url, json.loads(built.splitlines()[-1]))
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def _start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(url)
