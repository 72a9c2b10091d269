"""`make bench`: how fast the product is, beside a reference taken in the same run.

    python -m tests.performance.bench [--fresh] [--quick] [--only-build] [--explain NAME]

DISTRICT=1 builds the district of forty schools, ISOLATION=1 sends a million transactions of several
schools through one another and looks for a single foreign answer (another number: so many).
MIGRATE=400 measures an upgrade of so many schools and nothing else.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module

import django

from infra.local.paths import ROOT
from tests.performance.load.shape import TODAY
from tests.performance.stand import Database, bench_environment, open_database


def main() -> int:
    """Measure; return 0 whether or not the goals are kept: a figure is no gate."""
    began = time.monotonic()

    def say(words: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - began:6.1f} с] {words}\n")
        sys.stdout.flush()

    options = _options()
    if schools := os.environ.get("MIGRATE"):
        return _measure_upgrade(int(schools), say)
    is_district = bool(os.environ.get("DISTRICT"))
    with open_database("bench_district" if is_district else "bench_school") as database:
        _prepare_django(database)
        session = import_module("tests.performance.session")
        session.main(database, options, is_district=is_district, say=say)
    return 0


def _measure_upgrade(schools: int, say: Callable[[str], None]) -> int:
    with open_database("bench_upgrade") as database:
        _prepare_django(database)
        upgrade = import_module("tests.performance.upgrade")
        for fact in upgrade.measure_upgrade(database, schools, say):
            say(f"{fact.title}: {fact.value}, цель {fact.goal}: {fact.verdict.text}")
    return 0


def _prepare_django(database: Database) -> None:
    """Set Django up over the bench's database; models may be imported only then."""
    os.environ.update(bench_environment(database, TODAY.isoformat()))
    sys.path.insert(0, str(ROOT / "platform"))
    django.setup()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Замеры скорости.")
    parser.add_argument("--fresh", action="store_true", help="построить данные заново")
    parser.add_argument("--quick", action="store_true", help="коротко: работает ли всё")
    parser.add_argument("--requests", type=int, help="запросов на каждый показатель")
    parser.add_argument("--only-build", action="store_true", help="построить данные и выйти")
    parser.add_argument("--explain", metavar="ИМЯ", help="куда уходит время: journal, save_mark…")
    parser.add_argument("--order", default="tottime", help="порядок профиля: tottime, cumtime")
    parser.set_defaults(load_before=os.getloadavg()[0])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
