"""`python -m config web|worker|beat|outbox|manage`: the product's processes, started one way.

`make run`, the units of systemd, the containers, the tests and the drills start these and nothing
else; what a process needs to know beside its address stands in the environment.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import OperationalError

from config.capacity import THREADS
from config.residency import begin

CELERY = ("-m", "celery", "-A", "config.celery")


def main(arguments: Sequence[str]) -> None:
    """Become the process that is named, unless the residency manifest forbids; do not return."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    begin()
    if arguments and arguments[0] == "manage":
        _manage(arguments[1:])
        return
    asked = _parser().parse_args(arguments)
    if asked.process == "outbox":
        execute_from_command_line(["python -m config manage", "dispatch_outbox"])
        return
    os.execv(sys.executable, [sys.executable, *command(asked)])  # noqa: S606 no shell is meant


def _manage(words: Sequence[str]) -> None:
    """Run a management command; a database that is down is a sentence, not a traceback."""
    try:
        execute_from_command_line(["python -m config manage", *words])
    except OperationalError as trouble:
        sys.exit(f"База данных не отвечает: {' '.join(str(trouble).split())}")


def command(asked: argparse.Namespace) -> list[str]:
    """Return what Python is told to run."""
    if asked.process == "web":
        return [
            *("-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"),
            *("--workers", str(asked.workers), "--blocking-threads", str(THREADS)),
            *("--host", asked.host, "--port", str(asked.port), "config.wsgi:application"),
        ]
    if asked.process == "worker":
        return [
            *(*CELERY, "worker", "--pool", "prefork", "--concurrency", str(asked.concurrency)),
            *("--queues", asked.queues, "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ]
    return [*CELERY, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", asked.schedule]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config", description=__doc__)
    processes = parser.add_subparsers(dest="process", required=True)
    web = processes.add_parser("web", help="портал и API")
    web.add_argument("--host", default="127.0.0.1")
    web.add_argument("--port", type=int, default=8000)
    web.add_argument("--workers", type=int, default=2)
    worker = processes.add_parser("worker", help="исполнитель задач")
    worker.add_argument("--concurrency", type=int, default=2)
    worker.add_argument("--queues", default="okrug")
    beat = processes.add_parser("beat", help="расписание: ровно один на округ")
    beat.add_argument("--schedule", default="beat-schedule", help="файл, где отмечено сделанное")
    processes.add_parser("outbox", help="рассылка событий")
    processes.add_parser("manage", help="команды управления", add_help=False)
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
