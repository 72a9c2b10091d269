"""`manage.py name_district`: the first words of a new deployment, and its first administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from foundation.db.door import public_transaction
from kernel.roles import Role
from tenants.accounts.operations import give_role, open_account
from tenants.accounts.queries import count_members
from tenants.provisioning.management.entries import tell_entries
from tenants.registry.operations import name_district


class Command(BaseCommand):
    help = "Назвать округ и завести первого администратора округа"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the names."""
        parser.add_argument("--name", required=True, help="название округа")
        parser.add_argument("--committee", required=True, help="название комитета по образованию")
        parser.add_argument("--timezone", default="Europe/Moscow")
        parser.add_argument("--administrator", help="ФИО первого администратора округа")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name anew; open the administrator's account unless the district has one."""
        with public_transaction():
            name_district(
                name=options["name"],
                committee_name=options["committee"],
                timezone=options["timezone"],
            )
            has_one = count_members(school_id=None, role=Role.DISTRICT_ADMIN) > 0
            if options["administrator"] and not has_one:
                account_id = open_account(name=options["administrator"])
                give_role(account_id=account_id, role=Role.DISTRICT_ADMIN)
            self.stdout.write(f"Округ: {options['name']}")
            tell_entries(self.stdout.write, school_id=None, role=Role.DISTRICT_ADMIN)
