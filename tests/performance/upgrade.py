"""`make bench MIGRATE=400`: an upgrade of so many schools, with nothing to do and with a column.

Empty schools on a cluster with fsync; nobody works meanwhile. That work goes on during an upgrade,
and that no lock is waited for longer than a second, is shown by tests/tenancy/test_upgrade.py.
"""

import tempfile
import time
import uuid
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from tenants.provisioning.operations import open_school, request_school
from tenants.registry.queries import forget_schools, list_schools
from tests.performance.figures import Fact
from tests.performance.stand import Database
from tests.tenancy.planting import plant_migration

# Seconds for 40 and for 400 schools (goals.md); between them, and beyond, by proportion.
NOTHING = {40: 1.0, 400: 2.0}
COLUMN_PER_SCHOOL = 45 / 400
Say = Callable[[str], None]


def measure_upgrade(database: Database, schools: int, say: Say) -> list[Fact]:
    """Open what schools are missing, upgrade them twice; return seconds beside the goals."""
    if not database.is_filled:
        database.make_anew()
        call_command("migrate_public", verbosity=0)
        call_command("sync_roles", verbosity=0)
        database.note_filled(0)
    forget_schools()
    for number in range(len(list_schools()), schools):
        slug = f"school-{number + 1}"
        open_school(school_id=request_school(slug=slug, name=slug, short_name=slug))
        if number % 50 == 49:
            say(f"Открыто школ: {number + 1}")
    _upgrade()  # what an earlier run has left behind
    nothing = _upgrade()
    with tempfile.TemporaryDirectory() as folder:
        name = f"bench_{uuid.uuid4().hex[:8]}"
        column = f'migrations.AddField("mark", "{name}", models.IntegerField(null=True))'
        plant_migration(Path(folder), settings, column, name=f"9001_{name}")
        added = _upgrade()
    database.forget_filled()  # its schools have a column no code knows
    return [
        _fact(f"Обновление без изменений, школ {schools}", nothing, _goal_of_nothing(schools)),
        _fact(f"Новый столбец, школ {schools}", added, COLUMN_PER_SCHOOL * schools),
    ]


def _upgrade() -> float:
    began = time.perf_counter()
    call_command("migrate_schools", verbosity=0, stdout=StringIO())
    return time.perf_counter() - began


def _goal_of_nothing(schools: int) -> float:
    return next((goal for most, goal in NOTHING.items() if schools <= most), NOTHING[400])


def _fact(title: str, seconds: float, goal: float) -> Fact:
    said = f"{seconds:.2f} с".replace(".", ",")
    return Fact(title, said, f"{goal:g} с".replace(".", ","), seconds <= goal, {"seconds": seconds})
