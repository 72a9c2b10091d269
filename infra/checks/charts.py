"""`make charts`: the chart linted, rendered with every values file, held against schemas and rules;
the compose file resolved by Compose itself and held against ours.

Runs in .venv-infra. `--render` prints what was rendered as JSON, for the tests. No cluster and no
Docker engine are needed, and nothing of either is claimed.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import yaml
from yamllint import linter
from yamllint.config import YamlLintConfig

from infra.checks import compose, kubernetes

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm" / "okrug"
COMPOSE = ROOT / "infra" / "compose"
VERSIONS = ("1.29.0", "1.35.0")  # the oldest the chart admits, and a fresh one
CUSTOM = {"ServiceMonitor", "ExternalSecret"}  # their schemas are not Kubernetes'


def values_files() -> list[Path]:
    """Return the files a town begins with; values.yaml alone is incomplete on purpose."""
    return sorted(CHART.glob("values-*.yaml"))


def render(values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a release «okrug»."""
    with helm_python.Chart.load(CHART) as chart:
        rendered = chart.render(values, name="okrug", namespace="okrug")
    texts = [text for path, text in sorted(rendered.items()) if path.endswith(".yaml")]
    for text in texts:
        refuse_doubled_keys(text)
    return [thing for text in texts for thing in yaml.safe_load_all(text) if thing]


def refuse_doubled_keys(text: str) -> None:
    """Raise `ValueError` on a key that stands twice: the parser would silently take the last."""
    config = YamlLintConfig("{rules: {key-duplicates: enable}}")
    for problem in linter.run(text, config):
        raise ValueError(f"{problem}\n{text}")


def lint(values: dict[str, Any]) -> Iterator[str]:
    """Yield what Helm's own linter warns of."""
    report = helm_python.lint(CHART, values, strict=True)
    yield from (
        f"lint: {one['path']}: {one['error']}" for one in report["messages"] if one["severity"] > 1
    )
    yield from (f"lint: {one}" for one in report["errors"])


def validate(things: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what the schemas of Kubernetes refuse."""
    for thing in things:
        if thing["kind"] in CUSTOM:
            continue
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(thing, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                where = ".".join(map(str, error.path))
                yield f"schema {version}: {kubernetes.name_of(thing)}: {where}: {error.message}"


def resolve() -> dict[str, Any]:
    """Return the compose file as Compose understands it with the settings of .env.example.

    Raises `CalledProcessError`; Compose has said why.
    """
    refuse_doubled_keys((COMPOSE / "compose.yaml").read_text("utf-8"))
    program = Path(sys.executable).with_name("docker-compose")
    done = subprocess.run(  # noqa: S603 a program of the lock file
        [
            *(str(program), "--file", str(COMPOSE / "compose.yaml")),
            *("--env-file", str(COMPOSE / ".env.example"), "--profile", "*"),
            *("config", "--no-env-resolution", "--format", "json"),
        ],
        stdout=subprocess.PIPE,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main(arguments: list[str]) -> int:
    """Print what is wrong; return 1 when there is anything."""
    values = {file.name: yaml.safe_load(file.read_text("utf-8")) for file in values_files()}
    rendered = {name: render(one) for name, one in values.items()}
    resolved = resolve()
    if arguments == ["--render"]:
        print(json.dumps({"charts": rendered, "compose": resolved}))
        return 0
    count = 0
    for fault in compose.faults(resolved):
        print(f"compose.yaml: {fault}")
        count += 1
    print(f"compose.yaml: services {len(resolved['services'])}")
    for name, things in rendered.items():
        regions = values[name]["regions"]
        for fault in [*lint(values[name]), *validate(things), *kubernetes.faults(things, regions)]:
            print(f"{name}: {fault}")
            count += 1
        print(f"{name}: objects {len(things)}, Kubernetes {', '.join(VERSIONS)}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
