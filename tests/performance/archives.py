"""How long a school takes to go into its archive and to come out, and in how much memory.

Each in a process of its own, as the operator starts it: its peak is the kernel's word.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from foundation.db.backend.base import quoted
from foundation.db.door import role_of, schema_of
from infra.local.paths import ROOT
from tenants.archive.loading import forget_files
from tenants.archive.models import SchoolImport
from tenants.provisioning.schema import admin, drop_schema
from tenants.registry.models import School
from tests.performance.figures import Fact

MOST_MEMORY = 200.0  # MB of the process, whatever the school's size
MOST_SECONDS = 60.0  # a school of a thousand pupils, a year of its work
COPY = "bench-copy"


@dataclass(frozen=True, slots=True)
class Run:
    """A command that ended well: seconds, and the most memory it held, in megabytes."""

    seconds: float
    memory: float


def measure_archive() -> list[Fact]:
    """Return the facts of exporting the district's first school and importing the copy."""
    slug = School.objects.order_by("pk").values_list("slug", flat=True)[0]
    _forget_copy()
    with tempfile.TemporaryDirectory() as folder:
        out = _run("export_school", slug, "--to", folder)
        [archive] = Path(folder).glob("*.zip")
        size = archive.stat().st_size / 1024**2
        back = _run("import_school", str(archive), "--slug", COPY)
    _forget_copy()
    return [
        _fact("Архив школы: выгрузка", out, f", {size:.0f} МБ"),
        _fact("Архив школы: загрузка", back),
    ]


def _run(*command: str) -> Run:
    began = time.perf_counter()
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"}
    arguments = [sys.executable, "-W", "ignore", "-m", "config", "manage", *command]
    process = os.posix_spawn(sys.executable, arguments, environment)
    _, status, used = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{command[0]} failed")
    return Run(time.perf_counter() - began, used.ru_maxrss / 1024)


def _fact(title: str, run: Run, more: str = "") -> Fact:
    return Fact(
        title,
        f"{run.seconds:.1f} с, {run.memory:.0f} МБ памяти{more}",
        f"≤ {MOST_SECONDS:g} с, ≤ {MOST_MEMORY:g} МБ",
        run.seconds <= MOST_SECONDS and run.memory <= MOST_MEMORY,
        {"seconds": round(run.seconds, 2), "memory": round(run.memory, 1)},
    )


def _forget_copy() -> None:
    """Take the copy away as if it had never been."""
    school_id = School.objects.filter(slug=COPY).values_list("pk", flat=True).first()
    if school_id is None:
        return
    SchoolImport.objects.filter(school_id=school_id).delete()
    drop_schema(schema_of(school_id))
    forget_files(schema_of(school_id))
    School.objects.filter(pk=school_id).delete()
    if role := role_of(school_id):
        with admin().cursor() as cursor:
            cursor.execute(f"DROP ROLE IF EXISTS {quoted(role)}")
