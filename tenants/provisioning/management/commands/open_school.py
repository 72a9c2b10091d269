"""`manage.py open_school`: open a school of the district, or go on where opening stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.db.door import public_transaction
from kernel.errors import DomainError
from kernel.roles import Role
from tenants.provisioning.management.entries import tell_entries
from tenants.provisioning.operations import open_school, request_school


class Command(BaseCommand):
    help = "Открыть школу"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the school's card."""
        parser.add_argument("slug", help="адрес в портале, латиницей: sosh-1")
        parser.add_argument("--name", required=True, help="полное название")
        parser.add_argument("--short-name", required=True, help="краткое название")
        parser.add_argument("--timezone", default="Europe/Moscow")
        parser.add_argument("--administrator", help="ФИО первого администратора")

    def handle(self, *args: Any, **options: Any) -> None:
        """Register, then open."""
        try:
            school_id = request_school(
                slug=options["slug"],
                name=options["name"],
                short_name=options["short_name"],
                timezone=options["timezone"],
            )
            school = open_school(school_id=school_id, administrator=options["administrator"])
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Школа «{school.short_name}» открыта: /s/{school.slug}/")
        with public_transaction():
            tell_entries(self.stdout.write, school_id=school_id, role=Role.ADMINISTRATOR)
