"""Throwaway folders with short paths (sockets live there, also those of another account); what Helm
and Compose make of our files."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.paths import ROOT


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="okrug-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def rendered() -> dict[str, Any]:
    """Return `charts` (objects per values file) and `compose`, rendered in .venv-infra."""
    subprocess.run(["sh", "infra/local/venv.sh", "infra"], cwd=ROOT, check=True)
    done = subprocess.run(
        [".venv-infra/bin/python", "-m", "infra.checks.charts", "--render"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
