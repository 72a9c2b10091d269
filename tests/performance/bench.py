"""`make bench`: how fast the product is, beside a reference taken in the same run.

    python -m tests.performance.bench [--fresh] [--quick] [--only-build] [--explain NAME]

DISTRICT=1 builds the district of forty schools, ISOLATION=1 sends a million transactions of several
schools through one another and looks for a single foreign answer (another number: so many).
"""

import argparse
import os
import sys
import time
from importlib import import_module

import django

from infra.local.paths import ROOT
from tests.performance.load.shape import TODAY
from tests.performance.stand import bench_environment, open_database


def main() -> int:
    """Measure; return 0 whether or not the goals are kept: a figure is no gate."""
    began = time.monotonic()

    def say(words: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - began:6.1f} с] {words}\n")
        sys.stdout.flush()

    options = _options()
    is_district = bool(os.environ.get("DISTRICT"))
    with open_database("bench_district" if is_district else "bench_school") as database:
        os.environ.update(bench_environment(database, TODAY.isoformat()))
        sys.path.insert(0, str(ROOT / "platform"))
        django.setup()
        # Models may be imported only now.
        session = import_module("tests.performance.session")
        session.main(database, options, is_district=is_district, say=say)
    return 0


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
