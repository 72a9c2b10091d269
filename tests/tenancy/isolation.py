"""A storm of short transactions over several schools, each answer checked.

Used by tests/tenancy/test_isolation.py (20 000) and by `make bench ISOLATION=1` (1 000 000).
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from django.db import Error, OperationalError, ProgrammingError, connection, transaction

from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from services.regulation.models import RegulationSetting

KEY = "isolation.marker"


class Interrupted(Exception):
    """Thrown on purpose, to roll a transaction back."""


def plant_markers(schools: Sequence[SchoolRef]) -> None:
    """Write each school's id into it."""
    for school in schools:
        with school_transaction(Actor.system(school), school.id):
            RegulationSetting.objects.update_or_create(
                key=KEY, source="school", since_on=date(2026, 9, 1), defaults={"value": school.id}
            )


def pull_markers(schools: Sequence[SchoolRef]) -> None:
    """Take the markers away."""
    for school in schools:
        with school_transaction(Actor.system(school), school.id):
            RegulationSetting.objects.filter(key=KEY).delete()


class Storm:
    """Threads at work; `leaks` holds every wrong answer, `done` counts what was tried."""

    def __init__(self, schools: Sequence[SchoolRef], transactions: int, threads: int = 8) -> None:
        self.schools = list(schools)
        self.share = transactions // threads
        self.threads = threads
        self.leaks: list[str] = []
        self.done: Counter[str] = Counter()

    def run(self) -> None:
        """Run all threads to their end."""
        workers = [
            threading.Thread(target=self._work, args=(random.Random(seed),))
            for seed in range(self.threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _work(self, dice: random.Random) -> None:
        deeds: list[tuple[Callable[[SchoolRef, random.Random], None], int]] = [
            (self._read, 60),
            (self._roll_back, 12),
            (self._savepoint, 12),
            (self._public, 10),
            (self._time_out, 4),
            (self._lose_connection, 2),
        ]
        names = [deed for deed, _ in deeds]
        weights = [weight for _, weight in deeds]
        try:
            for _ in range(self.share):
                deed = dice.choices(names, weights)[0]
                deed(dice.choice(self.schools), dice)
                self.done[deed.__name__] += 1
        finally:
            connection.close()

    def _check(self, school: SchoolRef, where: str) -> None:
        values = list(RegulationSetting.objects.filter(key=KEY).values_list("value", flat=True))
        if values != [school.id]:
            self.leaks.append(f"{where}: school {school.id} answered {values}")

    def _read(self, school: SchoolRef, dice: random.Random) -> None:
        with school_transaction(Actor.system(school), school.id):
            self._check(school, "read")

    def _roll_back(self, school: SchoolRef, dice: random.Random) -> None:
        try:
            with school_transaction(Actor.system(school), school.id):
                RegulationSetting.objects.filter(key=KEY).update(value=-1)
                raise Interrupted
        except Interrupted:
            pass

    def _savepoint(self, school: SchoolRef, dice: random.Random) -> None:
        with school_transaction(Actor.system(school), school.id):
            try:
                with transaction.atomic():
                    RegulationSetting.objects.filter(key=KEY).update(value=-2)
                    if dice.random() < 0.5:
                        raise Interrupted
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT 1 / 0")
            except (Interrupted, Error):
                pass
            self._check(school, "after savepoint")

    def _public(self, school: SchoolRef, dice: random.Random) -> None:
        try:
            with public_transaction():
                RegulationSetting.objects.count()
            self.leaks.append("public: a school's table was seen")
        except ProgrammingError:
            pass

    def _time_out(self, school: SchoolRef, dice: random.Random) -> None:
        try:
            with school_transaction(Actor.system(school), school.id), connection.cursor() as asked:
                asked.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
        except OperationalError:
            pass

    def _lose_connection(self, school: SchoolRef, dice: random.Random) -> None:
        try:
            with school_transaction(Actor.system(school), school.id), connection.cursor() as asked:
                asked.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        except Error:
            connection.close()
