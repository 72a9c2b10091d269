"""`manage.py activation_code ЛОГИН`: a first way in for whom nobody in the portal can give one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock
from foundation.db.door import public_transaction
from kernel.errors import DomainError
from tenants.accounts.operations import issue_activation_code
from tenants.accounts.queries import get_account_id


class Command(BaseCommand):
    help = "Выдать код активации: первый администратор, потерянный пароль администратора"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask whom for."""
        parser.add_argument("login", help="логин, например ivanova.anna")

    def handle(self, *args: Any, login: str, **options: Any) -> None:
        """Print the code, once; an earlier one dies."""
        with public_transaction():
            account_id = get_account_id(login)
            if account_id is None:
                raise CommandError(f"Нет учётной записи с логином «{login}».")
            try:
                code = issue_activation_code(account_id=account_id, issued_by=None, now=clock.now())
            except DomainError as error:
                raise CommandError(error.message) from error
        self.stdout.write(f"Код активации для {login}: {code}")
