"""`manage.py demo_accounts`: the sign-ins of the demo, for people or, with --json, for programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.demo.accounts import list_demo_accounts
from foundation.db.door import public_transaction


class Command(BaseCommand):
    help = "Показать входы для знакомства"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for whom."""
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        """Print the sign-ins that are there."""
        with public_transaction():
            accounts = list_demo_accounts()
        if as_json:
            rows = [account.as_dict() for account in accounts]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for one in accounts:
            place = f", {one.school}" if one.school else ""
            self.stdout.write(f"{one.login:<20} {one.password:<10} {one.name} – {one.role}{place}")
