"""A bare deployment gets its name, its first administrators, and they get in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from foundation.db.door import public_transaction
from tenants.accounts.operations import activate
from tenants.registry.queries import get_district

pytestmark = pytest.mark.django_db(databases=["default", "admin"])


def say(name: str, *arguments: str) -> list[str]:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue().splitlines()


def name_it() -> list[str]:
    return say(
        "name_district",
        "--name=Заречный городской округ",
        "--committee=Комитет образования",
        "--timezone=Asia/Yekaterinburg",
        "--administrator=Тропинин Максим Олегович",
    )


def test_the_first_administrator_of_the_district_chooses_a_password():
    told = name_it()
    [code] = say("activation_code", "tropinin.maksim")

    with public_transaction():
        activate(code=code.split()[-1], password="Проверка-2026-года", now=timezone.now())
        assert get_district().name == "Заречный городской округ"

    assert told == [
        "Округ: Заречный городской округ",
        "Администратор района: Тропинин Максим Олегович, логин tropinin.maksim; "
        "код для входа: manage activation_code tropinin.maksim",
    ]


def test_named_again_the_district_keeps_its_only_administrator():
    assert name_it() == name_it()


def test_a_code_for_nobody_is_refused():
    with pytest.raises(CommandError, match="Нет учётной записи"):
        call_command("activation_code", "nobody.here")
