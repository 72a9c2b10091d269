"""`manage.py import_school FILE [--slug …] [--sha256 …]`: a school made of its archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.errors import DomainError
from tenants.archive.operations import import_school


class Command(BaseCommand):
    help = "Загрузить школу из архива"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the archive."""
        parser.add_argument("file", type=Path, help="архив школы")
        parser.add_argument("--slug", default="", help="другой адрес в портале")
        parser.add_argument("--sha256", default="", help="отпечаток, названный при выгрузке")

    def handle(self, *args: Any, file: Path, slug: str, sha256: str, **options: Any) -> None:
        """Verify, load, open, and say what is left to do."""
        if not file.is_file():
            raise CommandError(f"Файла {file} нет.")
        try:
            arrival = import_school(source=file, slug=slug, sha256=sha256)
        except DomainError as error:
            raise CommandError(f"{error.message} Ничего не загружено.") from error
        school = arrival.school
        self.stdout.write(f"Школа «{school.short_name}» загружена и открыта: /s/{school.slug}/")
        self.stdout.write(f"строк {arrival.rows}, файлов {arrival.files}")
        if arrival.missing_files:
            self.stdout.write(f"файлов не было и в прежней установке: {arrival.missing_files}")
        if arrival.is_foreign:
            self.stdout.write(
                "Архив другой установки: отпечатки СНИЛС не перенесены, ссылки на дела прежнего "
                "округа записаны с минусом."
            )
            if arrival.waiting_events:
                self.stdout.write(f"недоставленных событий снято: {arrival.waiting_events}")
        self.stdout.write("Паролей в архиве нет: выдайте листы с кодами, начните с администратора.")
