"""One run of the bench, once Django is ready; the quiet measurements come before the loud ones."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from tests.performance.archives import measure_archive
from tests.performance.browser import measure_in_browser
from tests.performance.capacity import Servers, measure_capacity
from tests.performance.cast import open_session, read_cast
from tests.performance.figures import Figure
from tests.performance.goals import GOALS, MIX
from tests.performance.measures import (
    OVER_HTTP,
    Ground,
    measure_over_http,
    measure_reference,
)
from tests.performance.passwords import measure_passwords
from tests.performance.report import Report
from tests.performance.rooms import measure_rooms

ACTORS_A_SCHOOL = 60
BROWSER_TIMES = 7


@dataclass(frozen=True, slots=True)
class Effort:
    """How long each part is measured."""

    requests: int = 300
    seconds: float = 15.0
    steady_seconds: float = 30.0
    times: int = 3


QUICK = Effort(requests=40, seconds=3.0, steady_seconds=3.0, times=1)


def run(servers: Servers, reference: int, effort: Effort, say: Callable[[str], None]) -> Report:
    """Measure the product beside the reference on another port, and return the report."""
    cast = read_cast(ACTORS_A_SCHOOL, ACTORS_A_SCHOOL)
    ground = Ground(servers.product.port, reference, cast, open_session(cast.officer))
    report = Report()

    def keep(*figures: Figure) -> None:
        for figure in figures:
            report.figures.append(figure)
            say(f"{GOALS[figure.name].title}: {figure.missing or f'{figure.at(0.5):.1f} мс'}")

    keep(*measure_reference(ground, effort.requests))
    for name in OVER_HTTP:
        keep(measure_over_http(ground, name, effort.requests))
    keep(*measure_rooms(effort.times))
    say("Архив школы")
    report.facts += measure_archive()
    there = [figure.name for figure in report.figures if not figure.missing]
    absent = [GOALS[name].title for name in MIX if name not in there]
    if absent:
        report.notes.append(f"в смешанной нагрузке нет того, чего ещё нет: {', '.join(absent)}")
    say("Пароли")
    report.facts.append(measure_passwords(effort.seconds / 3))
    say("Смешанная нагрузка, память")
    report.facts += measure_capacity(ground, servers, there, effort.seconds, effort.steady_seconds)
    say("Браузер")
    report.facts += measure_in_browser(ground, BROWSER_TIMES)
    connections.close_all()
    return report
