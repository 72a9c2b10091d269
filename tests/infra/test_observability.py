"""Alerts and dashboards speak of what is measured; every alert and every fault has its sheet."""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from foundation.metrics import FAMILIES
from infra.backup.__main__ import _parser as backup_parser
from infra.ctl.__main__ import _parser as ctl_parser
from tests.architecture.tree import ROOT

PLACE = ROOT / "infra" / "observability"
BOOKS = ROOT / "infra" / "runbooks"
ALERTS = [
    rule
    for group in yaml.safe_load((PLACE / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
SHEETS = {path.stem: path.read_text(encoding="utf-8") for path in BOOKS.glob("F*.md")}
HEADINGS = (
    "Как выглядит",
    "Что посмотреть",
    "Что сделать",
    "Когда и кого звать",
    "Чем доказано",
)


def measured(expression: str) -> set[str]:
    """Return the families an expression names."""
    names = set(re.findall(r"\bokrug_\w+", expression))
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}


def dashboards() -> Iterator[tuple[str, str]]:
    """Yield (panel, expression) of every dashboard."""
    for path in sorted(PLACE.glob("*.json")):
        board = json.loads(path.read_text(encoding="utf-8"))
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", target["expr"]


def test_dashboards_show_what_is_measured():
    shown = list(dashboards())

    assert [
        one for one in shown if not measured(one[1]) or measured(one[1]) - FAMILIES.keys()
    ] == []
    assert {name.split(":")[0] for name, _ in shown} == {"background.json", "portal.json"}


def test_every_metric_is_on_a_dashboard():
    assert FAMILIES.keys() - set().union(*(measured(text) for _, text in dashboards())) == set()


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_alert_speaks_of_what_is_measured_and_names_its_sheet(rule):
    assert measured(rule["expr"])
    assert measured(rule["expr"]) <= FAMILIES.keys()
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    sheet = ROOT / rule["annotations"]["runbook"]
    assert sheet.is_file()
    assert re.search("[а-я]", rule["annotations"]["summary"])


def test_sheets_name_only_alerts_that_exist():
    known = {rule["alert"] for rule in ALERTS}
    named = {name for text in SHEETS.values() for name in re.findall(r"`(Okrug\w+)`", text)}

    assert named <= known
    assert {"OkrugDown", "OkrugBackupLate"} <= named


def test_every_fault_has_a_sheet():
    assert SHEETS.keys() == {f"F{number:02}" for number in range(1, 20)}


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_sheet_is_whole(name):
    text = SHEETS[name]

    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == HEADINGS
    assert all(part.strip() for part in re.split(r"^## .+$", text, flags=re.MULTILINE))
    assert len(text) < 3000  # it is read at night


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_what_a_sheet_names_is_there(name):
    text = SHEETS[name]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    files = re.findall(r"`((?:tests|infra)/[\w/.-]+)`", text)
    links = re.findall(r"\]\(([^)]+)\)", text)

    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= targets
    assert set(re.findall(r"(?:manage\.py|config manage|okrugctl manage) (\w+)", text)) <= set(
        get_commands()
    )
    assert set(re.findall(r"\bokrugctl ([a-z]+)", text)) <= verbs_of(ctl_parser())
    assert set(re.findall(r"\bokrugctl backup ([a-z]+)", text)) <= verbs_of(backup_parser())
    assert [one for one in files if not (ROOT / one).exists()] == []
    assert [one for one in links if not (BOOKS / one).is_file()] == []


def verbs_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the verbs of a command."""
    (verbs,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return set(verbs.choices)


def test_units_named_in_sheets_are_shipped():
    shipped = {Path(path).stem.rstrip("@") for path in (ROOT / "infra/systemd").glob("*.service")}
    named = set().union(*(re.findall(r"okrug-[a-z]+", text) for text in SHEETS.values()))

    assert named <= shipped
