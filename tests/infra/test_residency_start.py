"""The real processes: with the shipped manifest all start, with a foreign address none does."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from infra.local.bootstrap import TestCluster
from infra.local.paths import ROOT
from kernel.actor import SchoolRef
from tests.browser.stack import free_port
from tests.support.cleaning import empty_monitoring

SHIPPED = ROOT / "infra" / "residency" / "local.toml"
PROCESSES = {
    "web": ("web", "--workers", "1"),
    "worker": ("worker", "--concurrency", "1"),
    "beat": ("beat",),
    "outbox": ("outbox",),
    "manage": ("manage", "check"),
}
SECONDS = 240


def environment(**changes: str) -> dict[str, str]:
    """Return production's environment with the shipped manifest, and the changes."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": "not-a-secret-of-anybody-" * 3,
        "OKRUG_IDENTITY_KEY": "not-a-key-of-anybody-" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": "postgresql://web@/okrug",
        "BROKER_URL": "memory://",
        "OKRUG_RESIDENCY": str(SHIPPED),
        **changes,
    }


@contextmanager
def started(
    folder: Path, environ: dict[str, str], processes: dict[str, tuple[str, ...]]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start all at once, each writing to `<name>.log` of the folder; end what is left."""
    running = {}
    for name, words in processes.items():
        with (folder / f"{name}.log").open("wb") as log:
            running[name] = subprocess.Popen(
                [sys.executable, "-m", "config", *words],
                cwd=folder,
                env=environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    try:
        yield running
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def elsewhere(folder: Path) -> str:
    """Return a copy of the shipped manifest whose processor sits in a region not listed."""
    text = SHIPPED.read_text(encoding="utf-8")
    moved = text.replace('\nregion = "Свердловская область"', '\nregion = "Уусимаа"')
    assert moved != text
    (folder / "elsewhere.toml").write_text(moved, encoding="utf-8")
    return str(folder / "elsewhere.toml")


@pytest.mark.requirement("PDP-002")
@pytest.mark.parametrize("what", ["foreign addresses", "region"])
def test_nothing_starts_with_what_the_manifest_does_not_name(tmp_path: Path, what: str) -> None:
    changes, words = {
        "foreign addresses": (
            {
                "OKRUG_SENTRY_DSN": "https://key@o1.ingest.sentry.io/2",
                "OKRUG_SMTP_HOST": "smtp.example.com",
            },
            (
                "OKRUG_SENTRY_DSN (o1.ingest.sentry.io:443) — этого узла нет среди записей",
                "OKRUG_SMTP_HOST (smtp.example.com:587) — этого узла нет среди записей",
            ),
        ),
        "region": (
            {"OKRUG_RESIDENCY": elsewhere(tmp_path)},
            ("региона «Уусимаа» нет среди разрешённых",),
        ),
    }[what]

    with started(tmp_path, environment(**changes), PROCESSES) as running:
        codes = {name: process.wait(timeout=SECONDS) for name, process in running.items()}

    assert codes == dict.fromkeys(PROCESSES, 1)
    for name in PROCESSES:
        said = (tmp_path / f"{name}.log").read_text(encoding="utf-8")
        assert said.startswith("Округ не запущен: "), said
        assert all(one in said for one in words)
        assert said.count("\n") == 1


@pytest.mark.requirement("PDP-002", part=True)
def test_whoever_loads_django_beside_our_programs_is_refused_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env=environment(
            DJANGO_SETTINGS_MODULE="config.settings.production", OKRUG_SMTP_HOST="smtp.example.com"
        ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "OKRUG_SMTP_HOST (smtp.example.com:587)" in done.stderr


@pytest.fixture
def counted(real_district: dict[str, SchoolRef]) -> Iterator[None]:
    """The district's numbers emptied afterwards: a dispatcher that works counts every school."""
    yield
    empty_monitoring()


@pytest.mark.timeout(700)
@pytest.mark.requirement("PDP-002", part=True)
def test_everything_starts_with_the_shipped_manifest(
    tmp_path: Path, cluster: TestCluster, counted: None
) -> None:
    name = settings.DATABASES["default"]["NAME"]
    port = free_port()
    url = f"http://127.0.0.1:{port}/health/live"
    environ = environment(
        DATABASE_URL=f"postgresql://okrug_web@/{name}?host={quote(cluster.host)}",
        OKRUG_FILES=str(tmp_path),
    )
    processes = {**PROCESSES, "web": (*PROCESSES["web"], "--port", str(port))}
    signs = {
        "worker": " ready.",
        "beat": "beat: Starting",
        "outbox": "dispatcher.works",
        "manage": "no issues",
    }

    with started(tmp_path, environ, processes) as running:
        waiting = set(processes)
        deadline = time.monotonic() + SECONDS
        while waiting and time.monotonic() < deadline:
            time.sleep(0.2)
            if answers(url):
                waiting.discard("web")
            for one, sign in signs.items():
                if sign in (tmp_path / f"{one}.log").read_text(encoding="utf-8"):
                    waiting.discard(one)
        words = {one: (tmp_path / f"{one}.log").read_text(encoding="utf-8") for one in waiting}
        ended = {one for one, process in running.items() if process.poll() is not None}

    assert words == {}
    assert ended <= {"manage"}


def answers(url: str) -> bool:
    """Return whether somebody listens there and is well."""
    try:
        with urllib.request.urlopen(url, timeout=15) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
