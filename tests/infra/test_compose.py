"""The compose file as Compose resolves it: our rules hold; each, broken on purpose, is noticed."""

import copy
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.checks.compose import MASQUERADE, faults
from infra.local.paths import ROOT

Thing = dict[str, Any]


@pytest.fixture
def project(rendered: dict[str, Any]) -> Thing:
    found: Thing = copy.deepcopy(rendered["compose"])
    return found


@pytest.mark.requirement("NFR-014", part=True)
@pytest.mark.requirement("PDP-002", part=True)
def test_compose_file_keeps_our_rules(project: Thing) -> None:
    assert faults(project) == []


ADMIN_FILE = {"path": "/srv/secrets/admin.env"}
SOCKET = {"type": "bind", "source": "/var/run/docker.sock", "target": "/x"}

BREAKS: list[tuple[str, str, Callable[[Thing], Any]]] = [
    ("digest", "by a tag", lambda s: s["web"].update(image="okrug/okrug:1.0")),
    ("root", "nobody said who", lambda s: s["proxy"].pop("user")),
    ("root", "a name", lambda s: s["broker"].update(user="valkey")),
    ("readonly", "a writable root", lambda s: s["postgres"].pop("read_only")),
    ("privileges", "kept", lambda s: s["web"].pop("cap_drop")),
    ("privileges", "added", lambda s: s["egress"].update(cap_add=["NET_ADMIN"])),
    ("privileges", "gained", lambda s: s["mail"].pop("security_opt")),
    ("host", "the engine's socket", lambda s: s["proxy"]["volumes"].append(SOCKET)),
    ("host", "processes", lambda s: s["web"].update(pid="host")),
    ("limits", "memory", lambda s: s["worker"]["deploy"]["resources"]["limits"].pop("memory")),
    ("logs", "endless", lambda s: s["web"].pop("logging")),
    ("restart", "stays down", lambda s: s["outbox"].pop("restart")),
    ("health", "nobody looks", lambda s: s["beat"].pop("healthcheck")),
    ("ports", "the database", lambda s: s["postgres"].update(ports=[{"target": 5432}])),
    ("secrets", "in plain text", lambda s: s["web"]["environment"].update(SECRET_KEY="abc")),
    ("admin", "the portal", lambda s: s["web"]["env_file"].append(ADMIN_FILE)),
    ("network", "the portal is let out", lambda s: s["web"]["networks"].update(outside=None)),
    ("network", "it comes from the front", lambda s: s["worker"]["networks"].update(front=None)),
    ("beat", "two", lambda s: s["beat"]["deploy"].update(replicas=2)),
    ("beat", "two by another name", lambda s: s.update(again=s["beat"])),
    ("migrations", "at once", lambda s: s["sync-roles"].update(depends_on={})),
    ("migrations", "after", lambda s: s["web"]["depends_on"].pop("migrate-schools")),
]


@pytest.mark.parametrize(
    ("rule", "spoil"), [pytest.param(r, s, id=f"{r}: {what}") for r, what, s in BREAKS]
)
def test_broken_rule_is_noticed(project: Thing, rule: str, spoil: Callable[[Thing], Any]) -> None:
    spoil(project["services"])

    assert {fault.split(":")[0] for fault in faults(project)} == {rule}


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("data", lambda network: network.pop("internal")),
        ("front", lambda network: network["driver_opts"].update({MASQUERADE: "true"})),
    ],
)
def test_opened_network_is_noticed(
    project: Thing, name: str, spoil: Callable[[Thing], Any]
) -> None:
    spoil(project["networks"][name])

    assert [fault.split(":")[:2] for fault in faults(project)] == [["network", f" {name}"]]


def test_every_rule_is_broken_once() -> None:
    source = (ROOT / "infra/checks/compose.py").read_text(encoding="utf-8")

    assert {rule for rule, _, _ in BREAKS} == set(re.findall(r'yield f?"(\w+)[":]', source))


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    script = tmp_path / "secrets.sh"
    script.write_text((ROOT / "infra/compose/secrets.sh").read_text("utf-8"), encoding="utf-8")

    subprocess.run(["sh", str(script)], check=True)
    first = {file.name: file.read_text("utf-8") for file in (tmp_path / "secrets").iterdir()}
    subprocess.run(["sh", str(script)], check=True)
    second = {file.name: file.read_text("utf-8") for file in (tmp_path / "secrets").iterdir()}

    assert first == second
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "secrets").iterdir())
    assert f":{first['database_web']}@postgres" in first["okrug.env"]
    assert "DATABASE_ADMIN_URL" not in first["okrug.env"]
    assert len({value for name, value in first.items() if not name.endswith(".env")}) == 5
