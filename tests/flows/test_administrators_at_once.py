"""Two administrators close each other's account at once: the school keeps one (ROL-017)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from foundation import clock
from foundation.db.door import public_transaction
from kernel.errors import DomainError
from kernel.roles import Role
from tenants.accounts.models import Account
from tenants.accounts.operations.leaving import block_but_the_last
from tests.factories.accounts import make_account


def test_of_two_who_close_each_other_one_stays(real_district):
    school = real_district["alpha"]
    with public_transaction():
        two = [
            make_account((Role.ADMINISTRATOR, school, None), login=f"race{number}")
            for number in range(2)
        ]
    together = Barrier(2)

    def close(account: Account) -> bool:
        try:
            together.wait()
            with public_transaction():
                return block_but_the_last(
                    account_id=account.pk, school_id=school.id, now=clock.now()
                )
        except DomainError:
            return False
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(2) as pool:
            closed = list(pool.map(close, two))
        active = Account.objects.filter(pk__in=[one.pk for one in two], is_active=True).count()
    finally:
        Account.objects.filter(pk__in=[one.pk for one in two]).delete()

    assert (sorted(closed), active) == ([False, True], 1)
