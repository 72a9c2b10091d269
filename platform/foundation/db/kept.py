"""Rows kept by the process for some seconds, and the transaction that must not keep them.

Who has written such rows reads them anew until the transaction ends: if it is rolled back, nobody
ever sees what it had read; when it commits, every thread of the process reads anew.
"""

from collections.abc import Callable

from django.db import connections, transaction

from foundation.db.door import WEB


def forget_at_commit(forget: Callable[[], None]) -> None:
    """Note that this transaction has written rows which `forget` drops from the process."""
    transaction.on_commit(forget, using=WEB)


def is_written_here(forget: Callable[[], None]) -> bool:
    """Return whether the open transaction has written such rows and may still lose them."""
    return any(entry[1] is forget for entry in connections[WEB].run_on_commit)
