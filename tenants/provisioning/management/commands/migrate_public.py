"""`manage.py migrate_public`: bring the public schema to the code's head."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.provisioning import schema


class Command(BaseCommand):
    help = "Обновить общую схему базы данных"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the migrations as the migrator."""
        schema.migrate_public()
