"""Making a school of an archive: one transaction of the migrator, all of it or nothing.

Accounts get new numbers, so every row that names one is written with the new number; the journal of
actions comes from the archive and is not written anew. Triggers rest meanwhile, constraints do not.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import DataError, IntegrityError

from foundation.db.backend.base import quoted
from foundation.sealing import installation_mark, seal
from kernel.errors import DomainError
from tenants.archive.catalogue import (
    DISTRICT_COLUMNS,
    DISTRICT_PLACES,
    KEYED_COLUMN,
    SchoolTable,
    read_tables,
)
from tenants.archive.packing import Unpacker
from tenants.archive.rules import ArchiveIsDamaged, Manifest

AS_CSV = "WITH (FORMAT csv, HEADER match, ENCODING 'UTF8')"
ACCOUNT_COLUMNS = (
    ("id", "bigint"),
    ("login", "text"),
    ("display_name", "text"),
    ("identity_digest", "text"),
    ("is_active", "boolean"),
    ("created_at", "timestamptz"),
    ("blocked_at", "timestamptz"),
    ("is_member", "boolean"),
)
MEMBER_COLUMNS = (
    ("account_id", "bigint"),
    ("role", "text"),
    ("person_id", "bigint"),
    ("since_at", "timestamptz"),
)
# The same person in the same installation: by number and names, or by the keyed digest.
MATCH = """
UPDATE pg_temp.archive_accounts AS came SET new_id = held.id FROM public.accounts_account AS held
WHERE (held.id, held.login, held.display_name) = (came.id, came.login, came.display_name)
    OR held.identity_digest = came.identity_digest
"""
ADD = """
INSERT INTO public.accounts_account
    (login, display_name, identity_digest, password, is_active, created_at, blocked_at)
SELECT %s, %s, %s, %s, %s, coalesce(%s, now()), %s RETURNING id
"""
ADD_MEMBERS = """
INSERT INTO public.accounts_membership (account_id, school_id, role, person_id, since_at)
SELECT a.new_id, %s, m.role, m.person_id, m.since_at
FROM pg_temp.archive_members m JOIN pg_temp.archive_accounts a ON a.id = m.account_id
"""
# What a row of the journal of actions holds of accounts, and of things of another district.
AUDIT_SIDE = """
{side} || coalesce((
    SELECT jsonb_object_agg(told.key, a.new_id)
    FROM jsonb_each({side}) AS told JOIN pg_temp.archive_accounts a ON a.id = CASE
        WHEN (told.key = 'account_id' OR told.key LIKE '%\\_by')
            AND jsonb_typeof(told.value) = 'number'
        THEN (told.value #>> '{{}}')::numeric::bigint
    END
), '{{}}')
"""
AUDIT_SIDE_ABROAD = """
 || coalesce((
    SELECT jsonb_object_agg(told.key, - (told.value #>> '{{}}')::numeric)
    FROM jsonb_each({side}) AS told
    WHERE jsonb_typeof(told.value) = 'number'
        AND (told.key IN ({names}) OR (table_name, told.key) IN ({places}))
), '{{}}')
"""
AUDIT = "audit_auditrecord"
SIDES = {"before", "after"}
_REFUSALS = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError)


class FolderIsTaken(DomainError):
    """The folder of the new school's files is there already: of a school that was lost."""

    code = "folder-is-taken"
    message = "Папка файлов новой школы уже есть."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the school of an archive is to stand."""

    school_id: int
    schema: str
    slug: str
    is_foreign: bool


def is_foreign(manifest: Manifest) -> bool:
    """Return whether the archive was made by an installation with another key."""
    return manifest.installation != installation_mark()


def load_school(*, cursor: Any, unpacker: Unpacker, place: Place) -> None:
    """Fill an empty schema with the archive's rows inside the migrator's transaction.

    The schema's own functions must be found on the path. Raise `ArchiveIsDamaged`.
    """
    tables = read_tables(cursor, place.schema)
    _check_tables(tables, unpacker.manifest)
    cursor.execute(f"SET LOCAL search_path = {quoted(place.schema)}, ext")
    _load_accounts(cursor, unpacker, place)
    for table in tables.values():
        cursor.execute(f"ALTER TABLE {_name(place, table)} DISABLE TRIGGER USER")
    counts = {table.name: table.rows for table in unpacker.manifest.tables}
    for table in tables.values():
        try:
            written = _load_table(cursor, unpacker, place, table)
        except _REFUSALS as error:
            raise ArchiveIsDamaged(f"Таблица «{table.name}» в архиве не сходится.") from error
        if written != counts[table.name]:
            raise ArchiveIsDamaged(f"В таблице «{table.name}» не столько строк, сколько в описи.")
    try:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except _REFUSALS as error:
        raise ArchiveIsDamaged("Таблицы архива ссылаются на строки, которых в нём нет.") from error
    _tidy(cursor, place, unpacker.manifest)
    for table in tables.values():
        _set_sequence(cursor, place, table, unpacker.manifest.sequences.get(table.name, 0))
        cursor.execute(f"ALTER TABLE {_name(place, table)} ENABLE TRIGGER USER")
        cursor.execute(f"ANALYZE {_name(place, table)}")


def load_files(*, unpacker: Unpacker, cursor: Any, place: Place) -> None:
    """Write the school's files into its own folder, and check that every row has its bytes.

    The caller removes the folder when the transaction fails. Raise `ArchiveIsDamaged`.
    """
    missing = set(unpacker.manifest.missing_files)
    entries = {entry.path: entry for entry in unpacker.manifest.entries}
    cursor.execute(
        f"SELECT key, size, sha256 FROM {quoted(place.schema)}.files_storedfile ORDER BY id"
    )
    wanted = {f"files/{key.hex}": (size, sha256) for key, size, sha256 in cursor.fetchall()}
    there = {path for path in entries if path.startswith("files/")}
    if there != {path for path in wanted if path.removeprefix("files/") not in missing}:
        raise ArchiveIsDamaged("Файлов в архиве не столько, сколько помнит школа.")
    for path in sorted(there):
        if (entries[path].size, entries[path].sha256) != wanted[path]:
            raise ArchiveIsDamaged(f"Файл «{path}» не тот, что помнит школа.")
        key = path.removeprefix("files/")
        _write(folder_of(place.schema) / key[:2] / key, unpacker.read(path))


def folder_of(schema: str) -> Path:
    """Return the folder of a school's files."""
    return Path(settings.FILES_ROOT) / schema


def make_folder(schema: str) -> None:
    """Make the folder of a new school. Raise `FolderIsTaken`: another's files would be mixed in."""
    try:
        folder_of(schema).mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise FolderIsTaken(f"Папка файлов {schema} уже есть: уберите её и повторите.") from error


def forget_files(schema: str) -> None:
    """Delete the files of a school that did not come to be."""
    shutil.rmtree(folder_of(schema), ignore_errors=True)


def _write(target: Path, pieces: Iterator[bytes]) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(target, flags, mode=0o600), "wb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _name(place: Place, table: SchoolTable) -> str:
    return f"{quoted(place.schema)}.{quoted(table.name)}"


def _check_tables(tables: Mapping[str, SchoolTable], manifest: Manifest) -> None:
    theirs = {table.name: table.columns for table in manifest.tables}
    ours = {name: tuple(column.name for column in table.stored) for name, table in tables.items()}
    if theirs == ours and len(manifest.tables) == len(ours):
        return
    wrong = sorted(
        name for name in theirs.keys() | ours.keys() if theirs.get(name) != ours.get(name)
    )
    raise ArchiveIsDamaged(f"Таблицы архива не те, что у программы: {', '.join(wrong)[:300]}.")


def _load_accounts(cursor: Any, unpacker: Unpacker, place: Place) -> None:
    """Match or add the accounts the rows name, then give the roles."""
    for name, columns in (("accounts", ACCOUNT_COLUMNS), ("members", MEMBER_COLUMNS)):
        listing = ", ".join(f"{column} {kind}" for column, kind in columns)
        cursor.execute(f"CREATE TEMP TABLE archive_{name} ({listing}) ON COMMIT DROP")
    try:
        _copy_in(cursor, "pg_temp.archive_accounts", "", unpacker.read("public/accounts.csv"))
        _copy_in(cursor, "pg_temp.archive_members", "", unpacker.read("public/memberships.csv"))
        cursor.execute("ALTER TABLE pg_temp.archive_accounts ADD PRIMARY KEY (id)")
        cursor.execute("ALTER TABLE pg_temp.archive_accounts ADD new_id bigint UNIQUE")
        if place.is_foreign:
            cursor.execute("UPDATE pg_temp.archive_accounts SET identity_digest = NULL")
        else:
            cursor.execute(MATCH)
        cursor.execute(
            "SELECT id, login, display_name, identity_digest, is_active AND is_member, "
            "created_at, blocked_at FROM pg_temp.archive_accounts WHERE new_id IS NULL ORDER BY id"
        )
        for old_id, *account in cursor.fetchall():
            new_id = _add_account(cursor, old_id, *account)
            cursor.execute(
                "UPDATE pg_temp.archive_accounts SET new_id = %s WHERE id = %s", [new_id, old_id]
            )
        cursor.execute(ADD_MEMBERS, [place.school_id])
        given = cursor.rowcount
        cursor.execute("SELECT count(*) FROM pg_temp.archive_members")
        if cursor.fetchone()[0] != given:
            raise ArchiveIsDamaged("В архиве есть роли без учётных записей.")
    except _REFUSALS as error:
        raise ArchiveIsDamaged("Учётные записи в архиве не сходятся.") from error


def _add_account(
    cursor: Any,
    old_id: int,
    login: str,
    name: str,
    digest: str | None,
    is_active: bool,
    created_at: Any,
    blocked_at: Any,
) -> int:
    """Add an account without a password and return its number; its login stays if it is free."""
    base = login[:56] or f"account{old_id}"
    cursor.execute("SELECT login FROM public.accounts_account WHERE starts_with(login, %s)", [base])
    taken = {row[0] for row in cursor.fetchall()}
    free = next(
        one for number in range(len(taken) + 2) if (one := f"{base}{number or ''}") not in taken
    )
    values = [free, name or f"Удалённая учётная запись № {old_id}", digest, make_password(None)]
    cursor.execute(ADD, [*values, is_active, created_at, blocked_at])
    return int(cursor.fetchone()[0])


def _load_table(cursor: Any, unpacker: Unpacker, place: Place, table: SchoolTable) -> int:
    """Write a table and return how many rows it has."""
    pieces = unpacker.read(f"data/{table.name}.csv")
    if not _changes(table, place):
        return _copy_in(cursor, _name(place, table), f"({table.column_list})", pieces)
    stage = "pg_temp.archive_stage"
    cursor.execute(
        f"CREATE TEMP TABLE archive_stage AS SELECT {table.column_list} "
        f"FROM {_name(place, table)} WITH NO DATA"
    )
    for column in table.sealed_columns:
        cursor.execute(f"ALTER TABLE {stage} ALTER {quoted(column)} TYPE text")
    _copy_in(cursor, stage, "", pieces)
    for column, purpose in table.sealed_columns.items():
        _seal(cursor, stage, column, purpose)
    _check_accounts(cursor, stage, table)
    cursor.execute(
        f"INSERT INTO {_name(place, table)} ({table.column_list}) "
        f"SELECT {', '.join(_change(table, one.name, place) for one in table.stored)} FROM {stage}"
    )
    written = cursor.rowcount
    cursor.execute(f"DROP TABLE {stage}")
    return int(written)


def _changes(table: SchoolTable, place: Place) -> bool:
    is_keyed = any(column.name == KEYED_COLUMN for column in table.stored)
    return bool(
        table.account_columns
        or table.sealed_columns
        or (place.is_foreign and (table.district_columns or is_keyed))
    )


def _change(table: SchoolTable, column: str, place: Place) -> str:
    """Return the expression that makes a staged value one of this installation."""
    name = quoted(column)
    if column in table.account_columns:
        return (
            f"(SELECT a.new_id FROM pg_temp.archive_accounts a WHERE a.id = archive_stage.{name})"
        )
    if column in table.sealed_columns:
        return f"{name}::bytea"
    if table.name == AUDIT and column in SIDES:
        return _change_side(name, place)
    if place.is_foreign and column in table.district_columns:
        return f"-{name}"
    if place.is_foreign and column == KEYED_COLUMN:
        is_nullable = any(one.name == column and not one.is_required for one in table.stored)
        return "NULL" if is_nullable else "''"
    return name


def _change_side(side: str, place: Place) -> str:
    """Return the expression that does the same inside a row kept by the journal of actions."""
    if not place.is_foreign:
        return AUDIT_SIDE.format(side=side)
    names = ", ".join(f"'{name}'" for name in sorted(DISTRICT_COLUMNS))
    places = ", ".join(f"('{table}', '{name}')" for table, name in sorted(DISTRICT_PLACES))
    return (AUDIT_SIDE + AUDIT_SIDE_ABROAD).format(side=side, names=names, places=places)


def _check_accounts(cursor: Any, stage: str, table: SchoolTable) -> None:
    """Raise `ArchiveIsDamaged` when a row names an account that did not come along."""
    for column in table.account_columns:
        name = quoted(column)
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {stage} s WHERE s.{name} IS NOT NULL AND NOT EXISTS "
            f"(SELECT FROM pg_temp.archive_accounts a WHERE a.id = s.{name}))"
        )
        if cursor.fetchone()[0]:
            raise ArchiveIsDamaged(f"В таблице «{table.name}» названы неизвестные учётные записи.")


def _seal(cursor: Any, stage: str, column: str, purpose: str) -> None:
    """Seal the open texts of a column with this installation's key, a few at a time."""
    last = -1
    while True:
        cursor.execute(
            f"SELECT id, {quoted(column)} FROM {stage} WHERE id > %s AND {quoted(column)} "
            "IS NOT NULL ORDER BY id LIMIT 100",
            [last],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        for key, text in rows:
            sealed = "\\x" + seal(text, purpose=purpose).hex()
            cursor.execute(f"UPDATE {stage} SET {quoted(column)} = %s WHERE id = %s", [sealed, key])
        last = rows[-1][0]


def _copy_in(cursor: Any, target: str, columns: str, pieces: Iterator[bytes]) -> int:
    with cursor.copy(f"COPY {target} {columns} FROM STDIN {AS_CSV}") as copy:
        for piece in pieces:
            copy.write(piece)
    return int(cursor.rowcount)


def _set_sequence(cursor: Any, place: Place, table: SchoolTable, last: int) -> None:
    """Let the next number follow the last one ever given, of rows deleted since too."""
    key = next((one.name for one in table.columns if one.is_key), "")
    if not key:
        return
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_name(place, table), key])
    (sequence,) = cursor.fetchone()
    if sequence is None:
        return
    cursor.execute(f"SELECT coalesce(max({quoted(key)}), 0) FROM {_name(place, table)}")
    last = max(last, cursor.fetchone()[0])
    if last:
        cursor.execute("SELECT setval(%s::regclass, %s, true)", [sequence, last])


def _tidy(cursor: Any, place: Place, manifest: Manifest) -> None:
    """Letters were sent where the school was; pages of notices lie at the new address."""
    schema = quoted(place.schema)
    cursor.execute(
        f"UPDATE {schema}.notify_notice SET letter = 'unwanted' WHERE letter = 'waiting'"
    )
    if place.slug != manifest.school.slug:
        cursor.execute(
            f"UPDATE {schema}.notify_notice SET url = replace(url, %s, %s)",
            [f"/{manifest.school.slug}/", f"/{place.slug}/"],
        )
    if place.is_foreign:  # what was not delivered there speaks to another district
        cursor.execute(
            f"UPDATE {schema}.outbox_outboxevent SET delivered_at = now() "
            "WHERE delivered_at IS NULL"
        )
