"""Taking the next number of a register."""

from django.db import connection
from django.db.transaction import TransactionManagementError

from kernel.registration import RegistrationNumber

# One statement: the row is locked until the caller's transaction ends, so the next clerk waits,
# and a rollback gives the number back. A sequence would leave a gap.
TAKE = """
INSERT INTO registers_registercounter AS held (register, year, last_place) VALUES (%s, %s, 1)
ON CONFLICT (register, year) DO UPDATE SET last_place = held.last_place + 1
RETURNING last_place
"""


def take_number(*, register: str, year: int) -> RegistrationNumber:
    """Return the next number of a register, from 1 in each calendar year, never with a gap.

    Take it last, just before writing what bears it: who takes one holds up the register until the
    transaction ends. Raise `TransactionManagementError` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A number is taken inside the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [register, year])
        return RegistrationNumber(year, cursor.fetchone()[0])
