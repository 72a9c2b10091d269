"""Bringing schools to the code's head while they work: in waves, each lock waited for briefly.

Source: NFR-006 (an update is not felt in the journal); goals.md F17 (a migration fails in the 17th
school). What a migration may do at all stands in UPGRADING.md and is checked by a test.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any

import psycopg
from django.db import DatabaseError, transaction

from foundation.db.backend.base import EXTENSIONS, quoted
from foundation.db.door import schema_of
from kernel.errors import DomainError, NotFound
from tenants.provisioning import recipes, schema
from tenants.provisioning.models import SchoolUpgrade
from tenants.provisioning.recipes import Recipe, Step
from tenants.registry.models import School

LOCK = "hashtextextended('okrug upgrade', 0)"
# Who waits for a table stands before all who come after: so briefly, and again and again.
LOCK_MILLISECONDS = 500
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 3.0, 3.0, 3.0, 3.0)
BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
TENTH = 0.1
WAVES = ("one", "tenth", "rest")
Say = Callable[[str], None]


class UpgradeIsUnderWay(DomainError):
    """Another process moves the schools at this moment."""

    code = "upgrade-is-under-way"
    message = "Школы уже обновляет другой процесс. Дождитесь его конца."


@dataclass(frozen=True, slots=True)
class Failure:
    """A school that stays on its head, with the migration that stopped it and why."""

    slug: str
    migration: str
    reason: str


class _Stopped(Exception):
    """A migration stopped: which one, and why."""

    def __init__(self, migration: str, reason: str) -> None:
        super().__init__(reason)
        self.migration, self.reason = migration, reason


def upgrade_schools(
    *, now: Callable[[], datetime], say: Say, last_wave: str = "rest", only: str = ""
) -> list[Failure]:
    """Bring the schools behind to the code's head and return those that stay behind.

    Waves: one school, a tenth of them, the rest; a wave in which nobody came through is the last.
    `only` names one school by its address. Raise `UpgradeIsUnderWay`, `NotFound`.
    """
    head = schema.code_head()
    schools = _list_schools(only)
    stumbled = set(
        SchoolUpgrade.objects.using("admin")
        .filter(head=head)
        .exclude(failure="")
        .values_list("pk", flat=True)
    )
    # Who failed before goes last: one school's own trouble must not hold the others up.
    behind = sorted(
        (school for school in schools if school.schema_head != head),
        key=lambda school: (school.pk in stumbled, school.pk),
    )
    if not behind:
        return []
    failures: list[Failure] = []
    with _alone():
        mover = _Mover(head, now)
        there = len(schools) - len(behind)
        for share in WAVES[: WAVES.index(last_wave) + 1]:
            wave, behind = _split(behind, _size(share, len(schools)) - there)
            failed = [one for one in (mover.move(school, say) for school in wave) if one]
            failures += failed
            there += len(wave)
            if wave and len(failed) == len(wave):
                break
    return failures


def upgrade_public() -> None:
    """Bring the public schema to the code's head, each table waited for briefly."""
    with _short_locks():
        patiently(schema.migrate_public)


def _list_schools(only: str) -> list[School]:
    working = School.objects.using("admin").exclude(schema_head="")
    if not only:
        return list(working)
    school = working.filter(slug=only).first()
    if school is None:
        raise NotFound
    return [school]


def _size(wave: str, schools: int) -> int:
    return {"one": 1, "tenth": max(1, ceil(schools * TENTH))}.get(wave, schools)


def _split(schools: list[School], size: int) -> tuple[list[School], list[School]]:
    return schools[: max(0, size)], schools[max(0, size) :]


@contextmanager
def _alone() -> Iterator[None]:
    with schema.admin().cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})")
        if not cursor.fetchone()[0]:
            raise UpgradeIsUnderWay
    try:
        yield
    finally:
        with schema.admin().cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_unlock({LOCK})")


class _Mover:
    """Moves schools to one head; the way of a head is recorded once."""

    def __init__(self, head: str, now: Callable[[], datetime]) -> None:
        self.head, self.now = head, now
        self._recipes: dict[frozenset[tuple[str, str]], Recipe | None] = {}

    def move(self, school: School, say: Say) -> Failure | None:
        """Move one school and note how it went."""
        try:
            self._move(schema_of(school.pk))
        except _Stopped as stopped:
            self._note(school, migration=stopped.migration[:200], failure=stopped.reason[:300])
            return Failure(school.slug, stopped.migration, stopped.reason)
        with transaction.atomic(using="admin"):
            School.objects.using("admin").filter(pk=school.pk).update(schema_head=self.head)
            self._note(school, moved_at=self.now(), migration="", failure="")
        say(f"{school.slug}: обновлена")
        return None

    def _note(self, school: School, **about: Any) -> None:
        SchoolUpgrade.objects.using("admin").update_or_create(
            school_id=school.pk, defaults={"head": self.head, "tried_at": self.now(), **about}
        )

    def _move(self, name: str) -> None:
        with _stopping(""):
            recipe = self._recipe_of(name)
        if recipe is None:
            with _stopping(""), _short_locks():
                patiently(lambda: schema.migrate_schema(name))
            return
        for step in recipe.steps:
            with _stopping(".".join(step.key)):
                patiently(partial(_apply if step.is_atomic else _apply_aside, name, step))
        with _stopping(""):
            _note_applied(name, recipe)

    def _recipe_of(self, name: str) -> Recipe | None:
        applied = schema.list_applied(name)
        key = frozenset(applied)
        if key not in self._recipes:
            self._recipes[key] = recipes.record_recipe(name, applied)
        return self._recipes[key]


@contextmanager
def _stopping(migration: str) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise _Stopped(migration, _reason(error)) from error


def _reason(error: DatabaseError) -> str:
    """Return why, without a row's contents: the server quotes them in DETAIL and in class 22."""
    cause = error.__cause__
    if isinstance(cause, BUSY):
        return "таблица занята: блокировка не освободилась"
    if not isinstance(cause, psycopg.Error) or not cause.sqlstate:
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    words = "" if cause.sqlstate.startswith("22") else f" {cause.diag.message_primary or ''}"
    return f"{type(cause).__name__} ({cause.sqlstate}){words}"


def patiently(deed: Callable[[], None]) -> None:
    """Do it; whoever holds a table is let finish, and then it is tried again."""
    for pause in PAUSES:
        try:
            deed()
        except DatabaseError as error:
            if not isinstance(error.__cause__, BUSY):
                raise
            time.sleep(pause)
        else:
            return
    deed()


@contextmanager
def _short_locks() -> Iterator[None]:
    with schema.admin().cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {LOCK_MILLISECONDS}")
    try:
        yield
    finally:
        with schema.admin().cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _apply(name: str, step: Step) -> None:
    with transaction.atomic(using="admin"), schema.admin().cursor() as cursor:
        cursor.execute(
            f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS};"
            f"SET LOCAL search_path = {quoted(name)}, {quoted(EXTENSIONS)}"
        )
        if step.statements:
            cursor.execute("\n;\n".join(step.statements))
        _note_step(cursor, step)


def _apply_aside(name: str, step: Step) -> None:
    """Build indexes beside the work: they wait for old transactions and keep nobody waiting."""
    with schema.admin().open_schema(name), schema.admin().cursor() as cursor:
        for (index,) in _broken_indexes(cursor):
            cursor.execute(f"DROP INDEX CONCURRENTLY {quoted(index)}")
        for statement in step.statements:
            cursor.execute(statement)
        _note_step(cursor, step)


def _broken_indexes(cursor: Any) -> list[tuple[str]]:
    """Return what a killed CREATE INDEX CONCURRENTLY left in the open schema."""
    cursor.execute(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace"
    )
    return list(cursor.fetchall())


def _note_step(cursor: Any, step: Step) -> None:
    cursor.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", step.key
    )


def _note_applied(name: str, recipe: Recipe) -> None:
    """Let the school remember what Django itself would have noted beside the steps (squashes)."""
    missing = set(recipe.applied) - set(schema.list_applied(name))
    with schema.admin().cursor() as cursor:
        for app, migration in sorted(missing):
            cursor.execute(
                f"INSERT INTO {quoted(name)}.django_migrations (app, name, applied) "
                "VALUES (%s, %s, now())",
                [app, migration],
            )
