"""What compose file and chart tell the product is enough for a start and fits a manifest."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.local.paths import ROOT

SHIPPED = (ROOT / "infra/residency/local.toml").read_text(encoding="utf-8")
SECRETS = {
    "SECRET_KEY": "not-a-secret-of-anybody-" * 3,
    "OKRUG_IDENTITY_KEY": "not-a-key-of-anybody-" * 3,
}


def compose(rendered: dict[str, Any], service: str) -> dict[str, str]:
    found: dict[str, str] = rendered["compose"]["services"][service]["environment"]
    return found | {
        "DATABASE_URL": "postgresql://okrug_web:x@postgres:5432/okrug",
        "BROKER_URL": "redis://:x@broker:6379/0",
    }


def chart(rendered: dict[str, Any], service: str) -> dict[str, str]:
    things = {
        (one["kind"], one["metadata"]["name"]): one
        for one in rendered["charts"]["values-small.yaml"]
    }
    container = things["Deployment", f"okrug-{service}"]["spec"]["template"]["spec"]["containers"][
        0
    ]
    found: dict[str, str] = dict(things["ConfigMap", "okrug"]["data"])
    found |= {one["name"]: one["value"] for one in container["env"] if "value" in one}
    asked = {one["name"] for one in container["env"] if "valueFrom" in one}
    assert {*SECRETS, "DATABASE_URL", "BROKER_URL"} <= asked
    return found | {
        "DATABASE_URL": "postgresql://okrug_web:x@db.zarechny.example:5432/okrug",
        "BROKER_URL": "redis://okrug-broker:6379/0",
    }


def manifest(hosts: dict[str, str]) -> str:
    """Return the shipped manifest with a host beside «local» for each kind."""
    text = SHIPPED
    for kind, host in hosts.items():
        before, found, after = text.partition(f'kind = "{kind}"')
        assert found
        text = before + found + after.replace('["local"]', f'["local", "{host}"]', 1)
    return text


COMPOSE = {
    "database": "postgres",
    "broker": "broker",
    "proxy": "egress",
    "metrics": "web",
    "mail": "mail.zarechny.example",
}
CHART = {
    "database": "db.zarechny.example",
    "broker": "okrug-broker",
    "proxy": "okrug-egress",
    "metrics": "okrug-web",
    "mail": "mail.zarechny.example",
}


@pytest.mark.requirement("NFR-014", part=True)
@pytest.mark.parametrize(("tell", "hosts"), [(compose, COMPOSE), (chart, CHART)])
def test_product_starts_with_what_it_is_told_once_the_manifest_names_the_neighbours(
    rendered: dict[str, Any], tmp_path: Path, tell: Any, hosts: dict[str, str]
) -> None:
    file = tmp_path / "residency.toml"

    def ask(service: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "config", "manage", "residency", "--egress"],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
                **SECRETS,
                **tell(rendered, service),
                "OKRUG_RESIDENCY": str(file),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    file.write_text(SHIPPED, encoding="utf-8")
    refused = ask("outbox")
    file.write_text(manifest(hosts), encoding="utf-8")
    answers = [ask("web"), ask("outbox")]

    assert refused.returncode == 1
    assert all(host in refused.stderr for host in hosts.values())
    assert [(one.returncode, one.stdout) for one in answers] == [
        (0, "mail.zarechny.example:587\n")
    ] * 2, answers[1].stderr
