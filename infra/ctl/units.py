"""The unit files of `infra/systemd`, read: what systemd would start, for whoever starts it instead.

Only what our units use is understood; anything else that decides what runs is refused, so that
the keeper never starts something other than systemd would.
"""

import re
import shlex
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.ctl import envfile
from infra.ctl.errors import Refusal

SERVERS = ("okrug-postgres", "okrug-valkey")
SINGLES = ("okrug-worker", "okrug-beat", "okrug-outbox")
VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
# Of [Service]: what this reader obeys, and what only bounds, paces or secures the process.
OBEYED = {"ExecStart", "Environment", "EnvironmentFile", "WorkingDirectory", "KillSignal"}
HARMLESS = {
    "Type", "User", "Group", "Restart", "RestartSec", "TimeoutStopSec", "TimeoutStartSec",
    "KillMode", "OOMScoreAdjust", "Nice", "IOSchedulingClass", "SyslogIdentifier",
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """One service, ready to be started: `name` without `.service`."""

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    user: str
    stop_signal: int


def read_unit(folder: Path, name: str) -> Unit:
    """Return the service `name` (also `okrug-web@8001`) from its file. Raises `Refusal`."""
    template, _, instance = name.partition("@")
    file = folder / (f"{template}@.service" if instance else f"{name}.service")
    if not file.exists():
        raise Refusal(f"Нет файла службы {file}: выполните okrugctl install ещё раз.")
    lines = _lines(file, instance)
    service = [(key, value) for section, key, value in lines if section == "Service"]
    strange = {key for key, _ in service} - OBEYED - HARMLESS
    if strange:
        raise Refusal(f"{file}: строки {', '.join(sorted(strange))} известны только systemd.")
    environment = _environment(service)
    whose = [*lines, *_of_drop_ins(folder, template)]
    starts = [value for key, value in service if key == "ExecStart"]
    if len(starts) != 1:
        raise Refusal(f"{file}: нужна ровно одна строка ExecStart.")
    return Unit(
        name=name,
        title=_last(lines, "Unit", "Description", name),
        command=tuple(_expanded(word, environment) for word in shlex.split(starts[0])),
        environment=environment,
        folder=Path(_last(whose, "Service", "WorkingDirectory", "/")),
        user=_last(whose, "Service", "User", "root"),
        stop_signal=signal.Signals[_last(lines, "Service", "KillSignal", "SIGTERM")],
    )


def names_of(settings: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the servers and the processes an installation with these settings consists of."""
    embedded = settings.get("OKRUG_EMBEDDED", "").split()
    servers = [name for name in SERVERS if name.removeprefix("okrug-") in embedded]
    ports = settings.get("OKRUG_PORTS", "").split()
    return servers, [*(f"okrug-web@{port}" for port in ports), *SINGLES]


def _lines(file: Path, instance: str) -> list[tuple[str, str, str]]:
    section, found = "", []
    for line in file.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            found.append((section, key.strip(), value.strip().replace("%i", instance)))
    return found


def _of_drop_ins(folder: Path, template: str) -> list[tuple[str, str, str]]:
    """Of `<name>.service.d` the account and its folder count; the rest bounds and secures."""
    files = sorted((folder / f"{template}.service.d").glob("*.conf"))
    return [line for file in files for line in _lines(file, "")]


def _last(lines: list[tuple[str, str, str]], section: str, key: str, default: str) -> str:
    found = [value for where, name, value in lines if (where, name) == (section, key)]
    return found[-1] if found else default


def _environment(service: list[tuple[str, str]]) -> dict[str, str]:
    """As systemd: files come after `Environment`, a later one wins; `-` forgives an absent file."""
    told: dict[str, str] = {}
    for key, value in service:
        if key == "Environment":
            told |= dict(word.split("=", 1) for word in shlex.split(value))
    for key, value in service:
        if key == "EnvironmentFile":
            file = Path(value.removeprefix("-"))
            if not file.exists() and not value.startswith("-"):
                raise Refusal(f"Нет файла {file}: выполните okrugctl install ещё раз.")
            told |= envfile.read(file)
    return told


def _expanded(word: str, environment: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: environment.get(found[1] or found[2], ""), word)
