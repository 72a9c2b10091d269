"""`manage.py personal_data`: every field with personal data, its category and term."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.personal_data import as_markdown, list_personal_fields


class Command(BaseCommand):
    """Print the register of personal-data fields."""

    help = "Печатает реестр полей с персональными данными: где, что, категория, срок, основание."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Let it be printed as a document."""
        parser.add_argument("--markdown", action="store_true", help="как docs/ru/personal-data.md")

    def handle(self, *args: Any, markdown: bool, **options: Any) -> None:
        """Print a line per field, tabs between."""
        if markdown:
            self.stdout.write(as_markdown(), ending="")
            return
        for one in list_personal_fields():
            self.stdout.write(
                "\t".join(
                    (
                        one.place,
                        f"{one.table}.{one.field}",
                        one.title,
                        one.category,
                        one.kept,
                        one.clause,
                    )
                )
            )
