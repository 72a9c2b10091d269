"""`manage.py dispatch_outbox`: deliver events and keep the district's numbers fresh, until told."""

import os
import signal
from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.dispatcher import Dispatcher
from config.probe import Prober


class Command(BaseCommand):
    help = "Доставлять события и пересчитывать показатели округа"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask where to leave the sign of life."""
        parser.add_argument(
            "--heartbeat",
            type=Path,
            default=os.environ.get("OKRUG_HEARTBEAT"),
            help="файл, который обновляется, пока доставка работает",
        )

    def handle(self, *args: Any, heartbeat: Path | None = None, **options: Any) -> None:
        """Work until SIGTERM or Ctrl-C; what is being delivered is finished first."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if settings.PROBE_URL:
            Prober(stop).start()
        Dispatcher(stop=stop, heartbeat=heartbeat).run()
