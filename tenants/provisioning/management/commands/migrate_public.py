"""`manage.py migrate_public`: bring the public schema to the code's head."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.provisioning.upgrading import upgrade_public


class Command(BaseCommand):
    help = "Обновить общую схему базы данных"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the migrations as the migrator; no table is waited for longer than half a second."""
        upgrade_public()
