"""`manage.py load_demo`: fill the database with the demo district; safe to repeat."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.demo.district import SCHOOLS, SMALL, TIMEZONE
from config.demo.loading import Loader, Moment
from foundation import clock


class Command(BaseCommand):
    help = "Загрузить демонстрационный округ"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask how much."""
        parser.add_argument("--small", action="store_true", help="две школы по два класса")
        parser.add_argument("--folder", type=Path, default=settings.ROOT / ".local" / "demo")

    def handle(self, *args: Any, small: bool, folder: Path, **options: Any) -> None:
        """Load what is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        moment = Moment(now=clock.now(), today=clock.today(TIMEZONE))
        Loader(moment, folder, self.stdout.write).load(SMALL if small else SCHOOLS)
