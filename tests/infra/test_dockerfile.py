"""The images' recipes are read; each of our rules is broken on purpose and must be noticed."""

import re
from pathlib import Path

import pytest

from infra.checks.dockerfile import faults, read

ROOT = Path(__file__).resolve().parents[2]
RECIPE = (ROOT / "infra/docker/Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("recipe", sorted((ROOT / "infra/docker").glob("*Dockerfile")), ids=str)
def test_recipe_keeps_our_rules(recipe: Path) -> None:
    assert faults(recipe.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("rule", "was", "becomes"),
    [
        ("base", "@${BASE_DIGEST} AS build", " AS build"),
        ("base", "python:3.11-slim-bookworm", "python:latest"),
        ("add", "COPY api ./api", "ADD https://example.org/api.tar ./api"),
        ("secret", "ARG PIP_INDEX_URL", "ARG SECRET_KEY=abc"),
        ("secret", "PYTHONUNBUFFERED=1", "DATABASE_PASSWORD=abc"),
        ("fetch", "compileall -q -j 0", "compileall -q && curl -O https://example.org/x &&"),
        ("pip", "--require-hashes ", ""),
        ("pip", "--no-deps ", ""),
        ("epoch", "AS build\nARG SOURCE_DATE_EPOCH", "AS build"),
        ("build", " PIP_BUILD_CONSTRAINT=requirements-build.txt", ""),
        ("user", "USER 10001:10001", "USER okrug"),
        ("user", "USER 10001:10001", "USER 0:0"),
        ("user", "USER 10001:10001\n", ""),
        ("entrypoint", 'ENTRYPOINT ["python", "-m", "config"]', "ENTRYPOINT python -m config"),
        ("health", "HEALTHCHECK --interval", "LABEL interval"),
    ],
)
def test_broken_rule_is_noticed(rule: str, was: str, becomes: str) -> None:
    assert was in RECIPE

    found = faults(RECIPE.replace(was, becomes))

    assert {fault.split(":")[0] for fault in found} == {rule}


def test_image_starts_as_every_other_installation_does() -> None:
    last = {one.word: one.rest for one in read(RECIPE)}

    assert last["ENTRYPOINT"] == '["python", "-m", "config"]'
    assert last["CMD"] == '["web", "--host", "0.0.0.0"]'


def test_only_what_is_copied_is_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    sent = {line[1:] for line in rules if line.startswith("!")}
    copied: set[str] = set()
    for recipe in (ROOT / "infra/docker").glob("*Dockerfile"):
        for one in read(recipe.read_text(encoding="utf-8")):
            if one.word == "COPY" and "--from" not in one.rest:
                copied.update(re.sub(r"--\w+=\S+", "", one.rest).split()[:-1])

    assert rules[0] == "*"
    assert all(path in sent or path.split("/")[0] in sent for path in copied)
    assert sent <= copied
    assert all((ROOT / path).exists() for path in sent)
