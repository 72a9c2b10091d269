"""`manage.py restored_school stop|put|start`: the product's part of restoring a school."""

import json
from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.restoring import settle
from foundation import clock
from kernel.errors import DomainError
from tenants.backups.restoring import put_in_place, start_school, stop_school


class Command(BaseCommand):
    help = "Остановить школу, поставить на место восстановленную схему, открыть школу"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the step and the school."""
        parser.add_argument("step", choices=["stop", "put", "start"])
        parser.add_argument("--school", required=True, help="адрес школы в портале")
        parser.add_argument("--schema", default="", help="восстановленная схема")
        parser.add_argument("--aside", default="", help="имя, под которым отложить прежнюю")
        parser.add_argument("--head", default="", help="редакция восстановленной схемы")
        parser.add_argument("--moment", type=datetime.fromisoformat)

    def handle(self, *args: Any, step: str, school: str, **options: Any) -> None:
        """Do the step and print JSON."""
        try:
            self.stdout.write(json.dumps(self._do(step, school, options), ensure_ascii=False))
        except DomainError as refused:
            raise CommandError(refused.message) from refused

    def _do(self, step: str, school: str, options: dict[str, Any]) -> dict[str, Any]:
        if step == "start":
            start_school(slug=school)
            return {}
        ref = stop_school(slug=school)
        if step == "stop":
            return {"id": ref.id, "schema": ref.schema}
        undone = put_in_place(
            school_id=ref.id,
            brought=options["schema"],
            aside=options["aside"],
            head=options["head"],
            moment=options["moment"],
        )
        call_command("migrate_schools", verbosity=0)  # an older head is brought to the code's
        today = clock.today(ref.timezone)
        settled = settle(ref, moment=options["moment"], today=today)
        start_school(slug=school)
        return {"undone": undone, **settled}
