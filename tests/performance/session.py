"""From a started database to a written report: data, servers, the run, isolation."""

import argparse
import json
import os
import platform
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from django.db import connections

from infra.local.prepare import collect_static
from tenants.registry.queries import list_schools
from tests.performance.capacity import Servers
from tests.performance.cast import read_cast
from tests.performance.figures import Fact
from tests.performance.insight import explain
from tests.performance.load.build import DISTRICT, SCHOOL, Size, build
from tests.performance.load.shape import TODAY
from tests.performance.report import Report, as_json, as_text
from tests.performance.run import QUICK, Effort, run
from tests.performance.stand import BENCH, Database, bench_environment, serve
from tests.tenancy.isolation import Storm, plant_markers, pull_markers

TRANSACTIONS = 1_000_000
QUIET = 0.5  # a load average above it spoils the figures
Say = Callable[[str], None]


def main(database: Database, options: argparse.Namespace, *, is_district: bool, say: Say) -> None:
    """Build what is missing, measure, print, write `.local/bench.json`."""
    size = DISTRICT if is_district else SCHOOL
    if options.fresh or not database.is_filled:
        _fill(database, size, say)
    if options.only_build:
        return
    if options.explain:
        say(explain(read_cast(1, 1), options.explain, options.order))
        return
    effort = QUICK if options.quick else Effort()
    if options.requests:
        effort = replace(effort, requests=options.requests)
    say("Стили и скрипты")
    collect_static()
    report = _measure(database, effort, say)
    if asked := os.environ.get("ISOLATION"):
        report.facts.append(_isolate(TRANSACTIONS if asked == "1" else int(asked), say))
    if options.load_before > QUIET:
        busy = f"{options.load_before:.1f}"
        report.notes.append(f"машина занята и другим: средняя нагрузка до начала {busy}")
    report.notes += _notes(database, size)
    say("Результаты\n\n" + as_text(report) + "\n")
    target = BENCH.parent / "bench.json"
    written = as_json(report, _about(size, effort) | {"load_before": options.load_before})
    target.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    say(f"Записано: {target}")


def _fill(database: Database, size: Size, say: Say) -> None:
    say(f"Данные: школ {size.schools}")
    began = time.monotonic()
    connections.close_all()
    database.make_anew()
    build(database.owner_dsn, size, say)
    database.note_filled(time.monotonic() - began)


def _measure(database: Database, effort: Effort, say: Say) -> Report:
    environment = bench_environment(database, TODAY.isoformat())
    of_reference = environment | {"DJANGO_SETTINGS_MODULE": "tests.performance.reference.settings"}
    postmaster = database.postgres.running_pid()
    assert postmaster is not None
    with ExitStack() as servers:
        product = servers.enter_context(serve("product", environment, "/health/live"))
        reference = servers.enter_context(serve("reference", of_reference, "/bare/"))
        return run(Servers(product, postmaster), reference.port, effort, say)


def _isolate(transactions: int, say: Say) -> Fact:
    """Send the storm of tests/tenancy through the schools; tell how far it is every half minute."""
    schools = list_schools()[:5]
    plant_markers(schools)
    storm = Storm(schools, transactions)
    worker = threading.Thread(target=storm.run)
    began = time.monotonic()
    worker.start()
    while worker.is_alive():
        worker.join(30)
        say(f"Чередование: {storm.done.total():,} транзакций".replace(",", " "))
    pull_markers(schools)
    seconds = time.monotonic() - began
    return Fact(
        f"Чередование школ, {storm.done.total()} транзакций",
        f"чужих ответов {len(storm.leaks)}, {storm.done.total() / seconds:.0f} в секунду",
        f"0 из {transactions}",
        not storm.leaks and storm.done.total() >= transactions,
        {"leaks": float(len(storm.leaks)), "transactions": float(storm.done.total())},
    )


def _notes(database: Database, size: Size) -> list[str]:
    return [
        "время сервера и клиента на одной машине, один клиент, запросы по очереди с эталоном",
        f"данные: школ {size.schools}, построены за {database.built['seconds']} с; "
        "отметки стоят в трети клеток, как за год в школе на 805 учеников",
        *size.scaled,
        "рассылка событий и исполнитель задач не запущены: события ждут в школах",
    ]


def _about(size: Size, effort: Effort) -> dict[str, Any]:
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "schools": size.schools,
        "requests": effort.requests,
        "seconds": effort.seconds,
        "steady_seconds": effort.steady_seconds,
    }
