"""Production's settings: nothing starts without its secrets, nothing travels without TLS."""

import json
import os
import subprocess
import sys

import pytest

from infra.local.paths import ROOT

ENVIRONMENT = {
    "SECRET_KEY": "not-a-secret-of-anybody-" * 3,
    "OKRUG_IDENTITY_KEY": "not-a-key-of-anybody-" * 3,
    "ALLOWED_HOSTS": "okrug.example",
    "DATABASE_URL": "postgresql://web@/okrug",
    "OKRUG_RESIDENCY": str(ROOT / "infra" / "residency" / "local.toml"),
}
ASK = """
import json, django
from django.conf import settings
django.setup()
from django.core.checks import run_checks
names = [
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE", "OKRUG_DEVICE_COOKIE", "OKRUG_APPEARANCE_COOKIE", "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS", "OKRUG_SECOND_FACTOR", "OKRUG_TRUSTED_PROXIES", "DEBUG",
]
found = run_checks(tags=["security"], include_deployment_checks=True)
told = {name: getattr(settings, name) for name in names}
print(json.dumps({**told, "deploy": sorted(one.id for one in found)}))
"""


def load(**changes: str) -> subprocess.CompletedProcess[str]:
    """Start Python with production's settings and print what matters of them."""
    kept = {name: value for name, value in {**ENVIRONMENT, **changes}.items() if value}
    return subprocess.run(
        [sys.executable, "-c", ASK],
        env={
            **kept,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.requirement("ACC-018", part=True)
def test_cookies_travel_over_tls_to_this_host_only():
    answer = load()
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)

    names = [
        told[name] for name in told if name.endswith("COOKIE_NAME") or name.startswith("OKRUG_")
    ]
    assert [name for name in names if str(name).startswith("__Host-")] == [
        "__Host-okrug",
        "__Host-okrug-csrf",
        "__Host-okrug-device",
        "__Host-okrug-appearance",
    ]
    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is True
    assert told["SESSION_COOKIE_HTTPONLY"] is told["SECURE_SSL_REDIRECT"] is True
    assert told["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert told["DEBUG"] is False


def test_staff_need_a_second_factor_and_one_proxy_is_believed():
    told = json.loads(load().stdout)

    assert (told["OKRUG_SECOND_FACTOR"], told["OKRUG_TRUSTED_PROXIES"]) == ("required", 1)


def test_djangos_own_checks_of_a_deployment_find_nothing_but_what_is_meant():
    told = json.loads(load().stdout)

    # W005, W021: other sites under the same domain are not ours to answer for.
    assert told["deploy"] == ["security.W005", "security.W021"]


@pytest.mark.parametrize("missing", sorted(ENVIRONMENT))
def test_without_a_secret_or_an_address_nothing_starts(missing):
    answer = load(**{missing: ""})

    assert answer.returncode != 0
    assert missing in answer.stderr
