"""The contracts of `.importlinter` hold, and each of them notices a planted breach."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

LINT = Path(sys.executable).with_name("lint-imports")


@dataclass(frozen=True)
class Breach:
    """A forbidden import, written into `module`, and the contract that must refuse it."""

    module: str
    imports: str
    contract: str
    told: str = ""

    @property
    def evidence(self) -> str:
        """Return what the linter must say; of other people's packages it knows the top only."""
        return self.told or f"{self.module} -> {self.imports}"

    @property
    def path(self) -> str:
        """Return the file the import is planted in."""
        top = self.module.partition(".")[0]
        folder = "platform/" if top in {"kernel", "foundation", "portal", "config"} else ""
        return folder + self.module.replace(".", "/") + ".py"


BREACHES = [
    Breach("kernel.planted", "foundation.clock", "Imports go down the floors only"),
    Breach("foundation.planted", "tenants.registry.models", "Imports go down the floors only"),
    Breach("tenants.accounts.planted", "services.people", "Imports go down the floors only"),
    Breach("services.people.planted", "portal.shell", "Imports go down the floors only"),
    Breach("portal.planted", "config.permissions", "Imports go down the floors only"),
    Breach("portal.planted", "api.rest", "Imports go down the floors only"),
    Breach("services.people.planted", "services.journal", "The rooms stand in their order"),
    Breach("services.schedule.planted", "services.monitoring", "The rooms stand in their order"),
    Breach(
        "tenants.registry.planted",
        "tenants.accounts.models",
        "Provisioning stands on accounts, accounts on the registry",
    ),
    Breach(
        "services.planted.queries",
        "services.planted.operations",
        "The shelves of a room stand in their order",
    ),
    Breach(
        "services.planted.operations",
        "services.planted.tasks",
        "The shelves of a room stand in their order",
    ),
    Breach("portal.planted", "services.people.models", "The models of a room are its own"),
    Breach(
        "services.journal.planted", "services.schedule.models", "The models of a room are its own"
    ),
    Breach("api.planted", "tenants.registry.models", "The models of a room are its own"),
    Breach(
        "portal.planted",
        "services.planted.rules",
        "A room is entered through queries, operations, access and events",
    ),
    Breach(
        "services.journal.planted",
        "services.planted.tasks",
        "A room is entered through queries, operations, access and events",
    ),
    Breach(
        "services.journal.planted",
        "services.planted.wire",
        "A room is entered through queries, operations, access and events",
    ),
    Breach("kernel.planted", "django", "The kernel is pure Python"),
    Breach("services.planted.rules", "django", "Rules and events decide and tell without Django"),
    Breach(
        "services.planted.events",
        "foundation.db",
        "Rules and events decide and tell without Django",
    ),
    Breach("services.people.planted", "rest_framework", "No REST framework below the doors"),
    Breach("portal.planted", "rest_framework", "No REST framework below the doors"),
    Breach("foundation.planted", "infra", "The product imports neither its tools nor its tests"),
    Breach("api.planted", "tests", "The product imports neither its tools nor its tests"),
    Breach(
        "services.planted.operations", "foundation.clock", "The clock is asked at the doors only"
    ),
    Breach(
        "services.planted.migrations.planted",
        "services.planted.models",
        "Migrations import no code of a room",
    ),
    Breach(
        "portal.planted",
        "portal.circle",
        "No circles between siblings",
        told="No cycles are allowed in portal.",
    ),
    Breach(
        "portal.circle",
        "portal.planted",
        "No circles between siblings",
        told="- .planted -> .circle (1 import)",
    ),
]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINT), "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}/platform:{root}", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the linter says of a copy of the tree with every breach in it."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / ".importlinter", copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=only_python)
    for shelf in (
        "models",
        "rules",
        "events",
        "queries",
        "operations",
        "tasks",
        "wire",
        "migrations/one",
    ):
        write(copy / f"services/planted/{shelf}.py", "")
    for breach in BREACHES:
        write(copy / breach.path, f"import {breach.imports}\n")
    result = lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout + result.stderr


def only_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_file() and not name.endswith(".py")]


def write(path: Path, line: str) -> None:
    """Add a line to a module, making it and its package where they are not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as module:
        module.write(line)


def test_imports_of_the_tree_keep_the_contracts() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "breach", BREACHES, ids=lambda breach: f"{breach.module} imports {breach.imports}"
)
def test_planted_import_breaks_its_contract(planted: str, breach: Breach) -> None:
    assert f"{breach.contract} BROKEN" in planted
    assert breach.evidence in said_of(breach.contract, planted)


def test_room_that_has_no_place_in_the_order_is_refused(planted: str) -> None:
    said = said_of("The rooms stand in their order", planted)

    assert "The following modules are not listed as layers:\n\n- services.planted\n" in said


def said_of(contract: str, output: str) -> str:
    """Return the part of the linter's report that speaks of one contract."""
    return output.partition(f"\n{contract}\n---")[2].partition("\n---")[0]
