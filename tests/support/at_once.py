"""Several people at the same moment, on a real PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from kernel.errors import DomainError


def run_at_once(*works: Callable[[], object]) -> list[object]:
    """Do the works in threads that start together; return the result or the refusal of each."""
    gate = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            gate.wait()
            return work()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
