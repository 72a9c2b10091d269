"""`manage.py migrate_schools`: bring every school to the code's head; those there are skipped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock
from kernel.errors import DomainError, NotFound
from tenants.provisioning.upgrading import WAVES, upgrade_schools


class Command(BaseCommand):
    help = "Обновить схемы школ волнами: одна, десятая часть, остальные"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask how far to go."""
        parser.add_argument(
            "--wave", choices=WAVES, default="rest", help="остановиться после этой волны"
        )
        parser.add_argument("--only", default="", help="только эта школа, адрес: sosh-1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Move the schools behind; name those that stay, they work on."""
        try:
            failed = upgrade_schools(
                now=clock.now,
                say=self.stdout.write,
                last_wave=options["wave"],
                only=options["only"],
            )
        except NotFound as error:
            raise CommandError(f"Школы «{options['only']}» нет.") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        for one in failed:
            where = f"{one.migration}: " if one.migration else ""
            self.stderr.write(f"{one.slug}: {where}{one.reason}")
        if failed:
            names = ", ".join(one.slug for one in failed)
            raise CommandError(f"Не обновлены школы: {names}. Они работают по-старому.")
