"""Putting a school into an archive: its schema as at one moment, then what the district holds."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from foundation.db.backend.base import quoted
from foundation.db.door import public_transaction, school_snapshot
from foundation.files import disk
from foundation.files.models import StoredFile
from foundation.outbox.dispatch import count_waiting
from foundation.sealing import SealIsBroken, installation_mark, unseal
from foundation.spreadsheets.writing import stream_csv
from foundation.version import product_version
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError
from tenants.archive.catalogue import READ_THROUGH, SchoolTable, describe, read_tables
from tenants.archive.guide import SheetNote, write_guide
from tenants.archive.packing import PIECE, Packer, read_pieces
from tenants.archive.rules import Card, Manifest, TableEntry
from tenants.archive.sheets import list_sheets
from tenants.provisioning.schema import code_head, code_migrations
from tenants.registry.models import School

AS_CSV = "WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')"
ACCOUNTS_IN_AUDIT = """
SELECT DISTINCT (told.value #>> '{}')::bigint
FROM audit_log AS entry, LATERAL (VALUES (entry.before), (entry.after)) AS side (line),
    LATERAL jsonb_each(side.line) AS told
WHERE (told.key = 'account_id' OR told.key LIKE '%\\_by') AND jsonb_typeof(told.value) = 'number'
"""
SEQUENCES = """
SELECT c.relname, s.last_value FROM pg_sequences s
JOIN pg_class q ON q.oid = format('%%I.%%I', s.schemaname, s.sequencename)::regclass
JOIN pg_depend d ON d.objid = q.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
JOIN pg_class c ON c.oid = d.refobjid
WHERE s.schemaname = current_schema() AND s.last_value IS NOT NULL AND c.relname <> %s
ORDER BY c.relname
"""
MEMBERS = """
SELECT account_id, role, person_id, since_at FROM accounts_membership
WHERE school_id = {school_id} ORDER BY account_id, role
"""
ACCOUNTS = """
SELECT one.id, coalesce(held.login, '') AS login, coalesce(held.display_name, '') AS display_name,
    held.identity_digest, coalesce(held.is_active, false) AS is_active, held.created_at,
    held.blocked_at, EXISTS (
        SELECT FROM accounts_membership m WHERE m.account_id = one.id AND m.school_id = {school_id}
    ) AS is_member
FROM (
    SELECT unnest('{{{ids}}}'::bigint[])
    UNION SELECT account_id FROM accounts_membership WHERE school_id = {school_id}
) AS one (id) LEFT JOIN accounts_account held ON held.id = one.id
ORDER BY one.id
"""


class UnableToExport(DomainError):
    """The school cannot be put into an archive now; the message says why and what to do."""

    code = "unable-to-export"
    message = "Сделать архив школы сейчас нельзя."


@dataclass
class _Dump:
    """What the reading of the school has found, for the list and for the second transaction."""

    snapshot: str = ""
    tables: list[TableEntry] = field(default_factory=list)
    descriptions: list[dict[str, Any]] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)
    accounts: set[int] = field(default_factory=set)
    missing_files: list[str] = field(default_factory=list)
    waiting_events: int = 0
    sheets: list[SheetNote] = field(default_factory=list)


def dump_school(*, school: SchoolRef, target: Path, made_by: str, now: datetime) -> Manifest:
    """Write the archive of a school to a new file and return its list.

    The school works on meanwhile. Raise `UnableToExport`; no file is left then.
    """
    if _card_of(school.id).schema_head != code_head():
        raise UnableToExport("Школа ещё не обновлена до этой версии программы. Повторите позже.")
    with Packer(target) as packer:
        dump = _Dump()
        actor = Actor.system(school)
        with school_snapshot(actor, school.id), connection.cursor() as cursor:
            _dump_tables(cursor, packer, dump)
            _dump_files(packer, dump)
            _dump_sheets(actor, packer, dump)
        with public_transaction(), connection.cursor() as cursor:
            _dump_public(cursor, packer, dump, school.id)
            card = _card(_card_of(school.id))
        schema = json.dumps(dump.descriptions, ensure_ascii=False, indent=1)
        packer.put("schema.json", [schema.encode()])
        manifest = _list_everything(packer, dump, card, made_by, now)
        packer.put("КАК-ЧИТАТЬ.md", [write_guide(manifest, dump.descriptions, dump.sheets)])
        manifest = _list_everything(packer, dump, card, made_by, now, manifest.archive_id)
        packer.put_manifest(manifest)
    return manifest


def _card_of(school_id: int) -> School:
    card: School = School.objects.select_related("district").get(pk=school_id)
    return card


def _card(school: School) -> Card:
    return Card(
        id=school.pk,
        slug=school.slug,
        name=school.name,
        short_name=school.short_name,
        timezone=school.timezone,
        opened_at=school.opened_at.isoformat() if school.opened_at else None,
        district=school.district.name,
    )


def _list_everything(
    packer: Packer, dump: _Dump, card: Card, made_by: str, now: datetime, archive_id: str = ""
) -> Manifest:
    return Manifest(
        archive_id=archive_id or str(uuid.uuid4()),
        product_version=product_version(),
        made_at=now.isoformat(),
        made_by=made_by,
        snapshot=dump.snapshot,
        installation=installation_mark(),
        school=card,
        migrations=tuple(code_migrations()),
        waiting_events=dump.waiting_events,
        tables=tuple(dump.tables),
        sequences=dump.sequences,
        missing_files=tuple(dump.missing_files),
        entries=tuple(packer.entries),
    )


def _dump_tables(cursor: Any, packer: Packer, dump: _Dump) -> None:
    cursor.execute("SELECT current_schema(), pg_current_snapshot()::text")
    schema, dump.snapshot = cursor.fetchone()
    tables = read_tables(cursor, schema)
    dump.descriptions = describe(tables)
    dump.waiting_events = count_waiting()
    for table in tables.values():
        path = f"data/{table.name}.csv"
        packer.put(path, _unsealed(cursor, table) if table.sealed_columns else _csv(cursor, table))
        columns = tuple(column.name for column in table.stored)
        dump.tables.append(TableEntry(table.name, columns, cursor.rowcount, path))
        for column in table.account_columns:
            cursor.execute(
                f"SELECT DISTINCT {quoted(column)} FROM {_source(table)} "
                f"WHERE {quoted(column)} IS NOT NULL"
            )
            dump.accounts.update(row[0] for row in cursor)
    cursor.execute(ACCOUNTS_IN_AUDIT)
    dump.accounts.update(row[0] for row in cursor)
    cursor.execute(SEQUENCES, ["django_migrations"])
    dump.sequences = dict(cursor.fetchall())


def _source(table: SchoolTable) -> str:
    return quoted(READ_THROUGH.get(table.name, table.name))


def _selection(table: SchoolTable) -> str:
    return f"SELECT {table.column_list} FROM {_source(table)} ORDER BY {table.order}"


def _csv(cursor: Any, table: SchoolTable) -> Iterator[bytes]:
    return copy_out(cursor, _selection(table))


def copy_out(cursor: Any, selection: str) -> Iterator[bytes]:
    """Yield the rows as CSV in pieces; the database sends them row by row."""
    held = bytearray()
    with cursor.copy(f"COPY ({selection}) TO STDOUT {AS_CSV}") as copy:
        for piece in copy:
            held += piece
            if len(held) >= PIECE:
                yield bytes(held)
                held.clear()
    yield bytes(held)


def _unsealed(cursor: Any, table: SchoolTable) -> Iterator[bytes]:
    """Yield a table with sealed columns, opened: whoever leaves must be able to read them."""
    names = [column.name for column in table.stored]
    purposes = [table.sealed_columns.get(name) for name in names]
    yield _line(names)
    with cursor.copy(f"COPY ({_selection(table)}) TO STDOUT") as copy:
        for row in copy.rows():
            yield _line([_open(cell, purpose) for cell, purpose in zip(row, purposes, strict=True)])


def _open(cell: str | None, purpose: str | None) -> str | None:
    if cell is None or purpose is None:
        return cell
    try:
        return unseal(bytes.fromhex(cell.removeprefix("\\x")), purpose=purpose)
    except SealIsBroken as error:
        raise UnableToExport(
            "Одно из подписанных согласий не расшифровывается ключом этой установки. Восстановите "
            "ключ IDENTITY_KEY и повторите."
        ) from error


def _line(cells: Iterable[str | None]) -> bytes:
    """Return a row as PostgreSQL writes it: NULL is nothing, an empty text is two quotes."""
    return (",".join(_quote(cell) for cell in cells) + "\n").encode()


def _quote(cell: str | None) -> str:
    if cell is None:
        return ""
    is_plain = cell and not any(sign in cell for sign in '",\r\n') and cell != "\\."
    return cell if is_plain else '"' + cell.replace('"', '""') + '"'


def _dump_files(packer: Packer, dump: _Dump) -> None:
    for file in StoredFile.objects.order_by("pk").iterator():
        place = disk.path_of(file.key)
        if not _is_whole(place, file.sha256):
            dump.missing_files.append(file.key.hex)
            continue
        packer.put(f"files/{file.key.hex}", read_pieces(place))


def _is_whole(place: Path, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in read_pieces(place):
            digest.update(piece)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def _dump_sheets(actor: Actor, packer: Packer, dump: _Dump) -> None:
    for sheet in list_sheets(actor):
        path = f"для-людей/{sheet.name}.csv"
        note = SheetNote(path, sheet.title)
        packer.put(path, stream_csv(note.counted(sheet)))
        dump.sheets.append(note)


def _dump_public(cursor: Any, packer: Packer, dump: _Dump, school_id: int) -> None:
    ids = ",".join(str(one) for one in sorted(dump.accounts))
    packer.put(
        "public/accounts.csv", copy_out(cursor, ACCOUNTS.format(school_id=school_id, ids=ids))
    )
    packer.put("public/memberships.csv", copy_out(cursor, MEMBERS.format(school_id=school_id)))
