"""Building the bench's database: opened as the product opens schools, filled by COPY."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connections
from psycopg import Connection, sql

from foundation.db.door import schema_of
from tenants.provisioning.operations import open_school, request_school
from tests.performance.load.copying import Table, write_table
from tests.performance.load.district import OFFICER, draw_accounts, draw_facts
from tests.performance.load.people import Login, draw_people
from tests.performance.load.shape import FIRST_DAY, SchoolShape, list_schools
from tests.performance.load.year import Dictionaries, draw_year

PASSWORD = "bench-2027"
TIMEZONE = "Europe/Moscow"
TRACKED = {  # what the audit's triggers would have written: table → (key, when, who)
    "journal_lessonrecord": ("lesson_id", "filled_at", "filled_by"),
    "journal_mark": ("id", "put_at", "put_by"),
    "journal_absence": ("id", "put_at", "put_by"),
    "journal_homework": ("id", "given_at", "given_by"),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is built: how many schools, how many of them with marks of the whole year."""

    schools: int
    full: int

    @property
    def scaled(self) -> list[str]:
        """Return in Russian what is smaller than the load model of goals.md."""
        words = ["показатели района по параллелям и предметам: последние 8 недель, по школам: год"]
        if self.full < self.schools:
            rest = self.schools - self.full
            words += [
                f"отметки: у {self.full} школ за год, у {rest} за последний из трёх периодов",
                f"журнал действий: у {self.full} школ, у {rest} пуст",
            ]
        return words


SCHOOL = Size(3, 3)
DISTRICT = Size(40, 3)


def build(dsn: str, size: Size, say: Callable[[str], None]) -> None:
    """Fill an empty database; `dsn` is the address of the cluster's owner."""
    call_command("migrate_public", verbosity=0)
    call_command("sync_roles", verbosity=0)
    shapes = list_schools(size.schools, size.full)
    ids: list[tuple[int, SchoolShape]] = []
    logins: list[tuple[int | None, Login]] = [(None, OFFICER)]
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        for shape in shapes:
            began = time.monotonic()
            school_id = _open(shape)
            rows, people = _fill(owner, school_id, shape)
            if shape.periods_with_marks > 1:
                _write_audit(owner, schema_of(school_id))
            ids.append((school_id, shape))
            logins += [(school_id, one) for one in people]
            say(f"{shape.title}: строк {rows:,}".replace(",", " ") + _lasted(began))
        began = time.monotonic()
        for table in draw_accounts(logins, make_password(PASSWORD)):
            write_table(owner, "public", table)
        for table in draw_facts(ids, TIMEZONE):
            write_table(owner, "public", table)
        say(f"Учётные записи и показатели района{_lasted(began)}")
        began = time.monotonic()
        owner.execute("VACUUM ANALYZE")
        owner.execute("CHECKPOINT")
        say(f"Статистика и контрольная точка{_lasted(began)}")
    connections.close_all()


def _open(shape: SchoolShape) -> int:
    school_id = request_school(
        slug=shape.slug, name=f"МБОУ «{shape.title}»", short_name=shape.title, timezone=TIMEZONE
    )
    open_school(school_id=school_id)
    return school_id


def _fill(owner: Connection, school_id: int, shape: SchoolShape) -> tuple[int, list[Login]]:
    schema = schema_of(school_id)
    people = draw_people(shape)
    written = 0

    def write(table: Table) -> None:
        nonlocal written
        write_table(owner, schema, table)
        written += len(table.rows)

    with owner.transaction():
        for table in people.tables:
            write(table)
        for table in draw_year(shape, people, _read_dictionaries(owner, schema)):
            write(table)
    return written, people.logins


def _read_dictionaries(owner: Connection, schema: str) -> Dictionaries:
    subjects = owner.execute(
        sql.SQL(
            "SELECT code, id FROM {} WHERE (valid_from IS NULL OR valid_from <= %s)"
            " AND (valid_to IS NULL OR valid_to >= %s)"
        ).format(sql.Identifier(schema, "schedule_subject")),
        [FIRST_DAY, FIRST_DAY],
    )
    kinds = owner.execute(
        sql.SQL("SELECT id FROM {} ORDER BY position").format(
            sql.Identifier(schema, "journal_workkind")
        )
    )
    return Dictionaries(dict(subjects.fetchall()), [pk for (pk,) in kinds.fetchall()])


def _write_audit(owner: Connection, schema: str) -> None:
    """Write an «inserted» for each row of the journal, as the triggers do one by one."""
    insert = sql.SQL(
        "INSERT INTO {audit} (at, account_id, table_name, row_id, action, after) "
        "SELECT {at}, {by}, {name}, {key}, 'INSERT', to_jsonb(t) - 'revision' FROM {table} t"
    )
    for name, (key, at, by) in TRACKED.items():
        owner.execute(
            insert.format(
                audit=sql.Identifier(schema, "audit_auditrecord"),
                at=sql.Identifier(at),
                by=sql.Identifier(by),
                name=sql.Literal(name),
                key=sql.Identifier(key),
                table=sql.Identifier(schema, name),
            )
        )


def _lasted(began: float) -> str:
    return f", {time.monotonic() - began:.1f} с"
