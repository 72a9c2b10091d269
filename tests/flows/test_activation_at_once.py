"""Two people with one sheet press the button together: one is in, the other hears it is used."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from foundation import clock
from foundation.db.door import public_transaction
from kernel.errors import DomainError
from tenants.accounts.models import Account
from tenants.accounts.operations import activate
from tests.factories.accounts import make_unactivated


def test_of_two_at_once_one_gets_in(real_district):
    with public_transaction():
        account, code = make_unactivated(login="race")
    together = Barrier(2)

    def run(password: str) -> str:
        try:
            together.wait()
            with public_transaction():
                activate(code=code, password=password, now=clock.now())
            return "in"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(2) as pool:
            results = sorted(pool.map(run, ["кораблик плывёт раз", "кораблик плывёт два"]))
    finally:
        Account.objects.filter(pk=account.pk).delete()

    assert results == ["activation-code-is-of-no-use", "in"]
