"""`manage.py export_school sosh-1 --to DIR`: the archive of a school into an operator's folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock
from kernel.errors import DomainError
from tenants.archive.operations import export_school, fingerprint
from tenants.registry.models import School
from tenants.registry.queries import to_ref


class Command(BaseCommand):
    help = "Выгрузить школу целиком в архив открытых форматов"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the school and the folder."""
        parser.add_argument("slug", help="адрес школы в портале")
        parser.add_argument("--to", required=True, type=Path, help="папка для архива")

    def handle(self, *args: Any, slug: str, to: Path, **options: Any) -> None:
        """Write the archive and say its fingerprint."""
        school = School.objects.filter(slug=slug).exclude(schema_head="").first()
        if school is None:
            raise CommandError(f"Школы «{slug}» здесь нет.")
        if not to.is_dir():
            raise CommandError(f"Папки {to} нет.")
        try:
            target, manifest = export_school(school=to_ref(school), folder=to, now=clock.now())
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"Архив не записан: {error.strerror}.") from error
        rows = sum(table.rows for table in manifest.tables)
        self.stdout.write(f"{target}")
        self.stdout.write(f"таблиц {len(manifest.tables)}, строк {rows}")
        if manifest.missing_files:
            self.stdout.write(f"файлов не нашлось на диске: {len(manifest.missing_files)}")
        self.stdout.write(f"sha256 {fingerprint(target)}")
