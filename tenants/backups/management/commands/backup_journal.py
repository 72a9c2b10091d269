"""`manage.py backup_journal < lines.json`: write the lines that lie beside the copies."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from foundation.db.door import public_transaction
from tenants.backups.operations import write_entries


class Command(BaseCommand):
    help = "Внести в журнал резервного копирования строки, лежащие рядом с копиями"

    def handle(self, *args: Any, **options: Any) -> None:
        """Read a JSON list of lines from standard input."""
        lines = json.load(sys.stdin)
        with public_transaction():
            new = write_entries(lines)
        self.stdout.write(f"Журнал резервного копирования: новых строк {new}")
