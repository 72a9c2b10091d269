"""A school goes into an archive and comes out of it in another installation: XCH-013, NFR-017."""

import csv
import hashlib
import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections
from django.test import override_settings

from foundation import clock
from foundation.db.door import school_transaction
from foundation.files.models import StoredFile
from foundation.files.queries import read_file
from foundation.outbox.dispatch import deliver_waiting
from foundation.registers.operations import take_number
from foundation.sealing import unseal
from foundation.spreadsheets.injection import unguard
from infra.local.bootstrap import TestCluster
from kernel.actor import Actor
from services.journal.models import Mark
from services.monitoring.models import DirtyDay
from services.people.models import Consent
from tenants.accounts.models import Account, Membership
from tenants.archive import operations
from tenants.archive.catalogue import read_tables
from tenants.archive.models import SchoolExport
from tenants.archive.rules import FREE_GROWTH, MOST_GROWTH
from tenants.provisioning.schema import get_template
from tenants.registry.models import School
from tenants.registry.queries import get_school
from tests.tenancy.archives import (
    SPOKEN,
    Filled,
    Parts,
    Rows,
    fill_district,
    list_anew,
    look,
    pages,
    read_parts,
    read_rows,
    request_one,
    table,
    tell,
    write_parts,
)
from tests.tenancy.conftest import copied_database, own_database

FRIDAY = "2026-11-20"
OTHER_KEY = "another-installation-has-another-key"
RUNS = re.compile("[=+\\-@\t\r＝＋－＠]")


@dataclass(frozen=True)
class Left:
    """What the old installation left behind: the archive, its rows, its pages."""

    path: Path
    said: str
    filled: Filled
    rows: Rows
    snapshots: dict[int, str]
    logins: dict[int, str]
    members: list[tuple[str, str, int | None]]
    pages: dict[str, str]
    parts: Parts
    empty: str


@dataclass(frozen=True)
class Arrived:
    """What the new installation has after the import."""

    school: Any
    said: str
    rows: Rows
    is_foreign: bool


def list_members(school_id: int) -> list[tuple[str, str, int | None]]:
    members = Membership.objects.filter(school_id=school_id).order_by("account__login", "role")
    return list(members.values_list("account__login", "role", "person_id"))


def read_snapshots(school: Any) -> dict[int, str]:
    with school_transaction(Actor.system(school), school.id):
        rows = dict(Consent.objects.exclude(snapshot=None).values_list("pk", "snapshot"))
    return {
        pk: unseal(bytes(sealed), purpose="consent")
        for pk, sealed in rows.items()
        if sealed is not None
    }


@pytest.fixture(scope="module")
def left(
    cluster: TestCluster, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Left]:
    """The archive of «beta» made by the command, and an empty installation to copy."""
    folder = tmp_path_factory.mktemp("left")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OKRUG_TODAY", FRIDAY)
        with own_database(cluster, django_db_blocker, "empty") as empty:
            get_template()
            with copied_database(cluster, django_db_blocker, "from", _idle(empty)):
                filled = fill_district()
                shown = {
                    name: look(Account.objects.get(login=login), address)
                    for name, (login, address) in pages(filled).items()
                }
                said = io.StringIO()
                call_command("export_school", "beta", to=folder, stdout=said)
                [path] = folder.glob("*.zip")
                made = Left(
                    path=path,
                    said=said.getvalue(),
                    filled=filled,
                    rows=read_rows(filled.school.schema),
                    snapshots=read_snapshots(filled.school),
                    logins=dict(Account.objects.values_list("pk", "login")),
                    members=list_members(filled.school.id),
                    pages=shown,
                    parts=read_parts(path),
                    empty=empty,
                )
            yield made


def _idle(name: str) -> str:
    """Return the database with nobody in it: only then it can be copied."""
    connections.close_all()
    return name


@pytest.fixture(scope="module", params=[settings.IDENTITY_KEY, OTHER_KEY], ids=["home", "abroad"])
def arrived(
    request: Any, left: Left, cluster: TestCluster, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Arrived]:
    """The school in an empty installation: of the same key, then of another."""
    files = tmp_path_factory.mktemp("arrived")
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        override_settings(IDENTITY_KEY=request.param, FILES_ROOT=files),
        copied_database(cluster, django_db_blocker, "to", _idle(left.empty)),
    ):
        patch.setenv("OKRUG_TODAY", FRIDAY)
        Account.objects.create(login="anina.anna", display_name="Другая Анна")
        said = io.StringIO()
        call_command("import_school", left.path, stdout=said)
        school = get_school("beta")
        yield Arrived(school, said.getvalue(), read_rows(school.schema), request.param == OTHER_KEY)


def expected_rows(left: Left, arrived: Arrived) -> Rows:
    """Return the rows as they must come back: the documented differences and no other."""
    known = dict(Account.objects.values_list("login", "pk"))
    known["anina.anna"] = known["anina.anna1"]  # the login was another person's there
    accounts = {pk: known[login] for pk, login in left.logins.items() if login in known}
    with connections["admin"].cursor() as cursor:
        tables = read_tables(cursor, arrived.school.schema)

    def change(name: str, row: dict[str, Any]) -> dict[str, Any]:
        names = set(tables[name].account_columns)
        changed: dict[str, Any] = {key: accounts[row[key]] for key in names if row[key] is not None}
        if arrived.is_foreign:
            changed |= {key: -row[key] for key in tables[name].district_columns if row[key]}
            changed |= {"identity_digest": ""} if row.get("identity_digest") else {}
        return row | changed

    rows = {name: [change(name, row) for row in left.rows[name]] for name in left.rows}
    for entry in rows["audit_auditrecord"]:
        for side in ("before", "after"):
            entry[side] = entry[side] and change(entry["table_name"], defaults(entry[side]))
    for notice in rows["notify_notice"]:
        notice["letter"] = "unwanted"
    for consent in [*rows["people_consent"], *arrived.rows["people_consent"]]:
        consent.pop("snapshot", None)  # sealed anew; compared opened
    return rows


class defaults(dict[str, Any]):  # noqa: N801
    """A row of the journal of actions: it may lack columns."""

    def __missing__(self, key: str) -> None:
        return None


# --- The same school ------------------------------------------------------------------------------


@pytest.mark.requirement("XCH-013", "NFR-017")
def test_every_row_of_every_table_comes_back(left, arrived):
    expected = expected_rows(left, arrived)

    assert arrived.rows.keys() == expected.keys()
    assert len([name for name in expected if expected[name]]) > 25
    for name, rows in expected.items():
        assert arrived.rows[name] == rows, name


@pytest.mark.requirement("XCH-013", "NFR-017")
def test_mother_and_teacher_see_what_they_saw(left, arrived):
    logins = {"verina.vera": "verina.vera", "anina.anna": "anina.anna1"}
    for name, (login, address) in pages(left.filled).items():
        account = Account.objects.get(login=logins[login])
        assert look(account, address) == left.pages[name], name
    assert "Функция" in left.pages["day"]
    assert "Функция" in left.pages["lessons"]
    assert "Глебов" in left.pages["cells"]


def test_signed_consents_open_with_the_new_key(left, arrived):
    assert read_snapshots(arrived.school) == left.snapshots
    assert any("паспорт" in text for text in left.snapshots.values())


def test_roles_come_back_and_passwords_do_not(left, arrived):
    members = [
        (login.replace("anna1", "anna"), *rest) for login, *rest in list_members(arrived.school.id)
    ]
    assert sorted(members) == sorted(map(tuple, left.members))
    came = Account.objects.exclude(display_name="Другая Анна")
    assert came.count() >= 4
    assert not any(account.has_usable_password() for account in came)
    assert b"argon2" not in b"".join(left.parts.values())


def test_files_come_back(left, arrived):
    with school_transaction(Actor.system(arrived.school), arrived.school.id):
        ids = list(StoredFile.objects.values_list("pk", flat=True))
        assert len(ids) == 2
        assert all(read_file(file_id=one).content for one in ids)  # the reader checks the sha256


def test_days_wait_to_be_counted_for_the_district(arrived):
    deliver_waiting(None, clock.now())

    rows = DirtyDay.objects.filter(school_id=arrived.school.id).order_by("day")
    days = [f"{day}" for day in rows.values_list("day", flat=True)]
    assert (days[0], days[-1]) == ("2026-09-01", FRIDAY)


def test_school_goes_on_where_it_stopped(left, arrived):
    """Triggers work again, numbers follow the last ones, registers have no hole."""
    last = max(row["id"] for row in left.rows["audit_auditrecord"])
    school = arrived.school
    with school_transaction(Actor.system(school), school.id), connections["default"].cursor() as c:
        Mark.objects.update(value=4)
        c.execute("SELECT id, table_name FROM audit_log WHERE id > %s", [last])
        assert c.fetchall() == [(last + 1, "journal_mark")]
        counter = left.rows["registers_registercounter"][0]
        number = take_number(register=counter["register"], year=counter["year"])
        assert number.place == counter["last_place"] + 1
    with pytest.raises(DatabaseError), school_transaction(Actor.system(school), school.id):
        Consent.objects.all().delete()
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE c.relnamespace = to_regnamespace(%s)",
            [school.schema],
        )
        assert cursor.fetchall() == [("O",)]


def test_same_archive_is_not_loaded_twice(left, arrived):
    for slug in ("", "gamma"):
        with pytest.raises(CommandError, match=r"^Этот архив уже загружен: школа «Школа «beta»», "):
            call_command("import_school", left.path, slug=slug)
    assert School.objects.count() == 1


def test_command_says_what_is_left_to_do(left, arrived):
    assert "Школа «Школа «beta»» загружена и открыта: /s/beta/" in arrived.said
    assert "Паролей в архиве нет" in arrived.said
    assert ("Архив другой установки" in arrived.said) == arrived.is_foreign


# --- What is in the archive -----------------------------------------------------------------------


def test_command_says_the_fingerprint_of_the_file(left):
    assert f"sha256 {hashlib.sha256(left.path.read_bytes()).hexdigest()}" in left.said
    assert left.path.stat().st_mode & 0o777 == 0o600


def test_manifest_tells_the_truth(left):
    told = json.loads(left.parts["manifest.json"])

    assert left.parts == list_anew(left.parts) | {"manifest.json": left.parts["manifest.json"]}
    assert {one["name"]: one["rows"] for one in told["tables"]} == {
        name: len(rows) for name, rows in left.rows.items()
    }
    assert told["school"]["slug"] == "beta"
    assert len(told["migrations"]) > 10


def test_schema_is_told_in_russian_words(left):
    told = {one["table"]: one for one in json.loads(left.parts["schema.json"])}
    columns = {one["name"]: one for one in told["people_pupil"]["columns"]}

    assert columns["last_name"]["title"] == "фамилия"
    assert columns["account_id"]["refers_to"] == "public/accounts.csv"
    assert "вычисляется" in columns["sort_key"]["note"]
    guide = left.parts["КАК-ЧИТАТЬ.md"].decode()
    assert all(f"`data/{name}.csv`" in guide for name in told)
    assert "| `для-людей/отметки.csv` | Отметки | 1 |" in guide


def test_tables_for_people_hold_no_formula_and_read_back_the_same(left):
    sheets = {name: left.parts[name] for name in left.parts if name.startswith("для-людей/")}
    assert len(sheets) == 19
    cells: list[str] = []
    for content in sheets.values():
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"):
            cells += row

    assert not [cell for cell in cells if RUNS.match(cell)]
    assert SPOKEN in [unguard(cell) for cell in cells]


def test_tables_for_people_say_who_and_what(left):
    content = left.parts["для-людей/отметки.csv"].decode("utf-8-sig")
    [mark] = csv.DictReader(io.StringIO(content, newline=""), delimiter=";")

    assert (mark["День"], mark["Предмет"], mark["Отметка"]) == ("16.11.2026", "Алгебра", "5")
    assert (mark["Ученик"], mark["Класс или группа"]) == ("Глебов Глеб", "7А")


def test_operators_export_is_noted(left):
    told = json.loads(left.parts["manifest.json"])
    accounts = table(left.parts["public/accounts.csv"])

    assert told["made_by"] == "оператор, командой"
    assert {"anina.anna", "verina.vera"} <= {one["login"] for one in accounts}
    assert not {"password", "second_factor_since"} & accounts[0].keys()


# --- What is not believed -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def target(
    left: Left, cluster: TestCluster, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Path]:
    """An empty installation; what is returned is its folder of files."""
    files = tmp_path_factory.mktemp("target")
    with (
        django_db_blocker.unblock(),
        override_settings(FILES_ROOT=files),
        copied_database(cluster, django_db_blocker, "target", _idle(left.empty)),
    ):
        yield files


def whats_there(files: Path) -> tuple[Any, ...]:
    with connections["admin"].cursor() as cursor:
        cursor.execute("SELECT array_agg(nspname ORDER BY 1) FROM pg_namespace")
        schemas = cursor.fetchone()
    counts = (School.objects.count(), Account.objects.count(), SchoolExport.objects.count())
    return (schemas, counts, sorted(files.rglob("*")))


def drop_line(content: bytes, number: int = 1) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[:number] + lines[number + 1 :])


def with_column(parts: Parts) -> Parts:
    path = "data/people_guardianlink.csv"
    lines = parts[path].decode().splitlines()
    return parts | {path: "".join(f"{line},x\n" for line in lines).encode()}


def without_table(parts: Parts) -> Parts:
    told = json.loads(parts["manifest.json"])
    tables = [one for one in told["tables"] if one["name"] != "journal_mark"]
    rest = {name: content for name, content in parts.items() if name != "data/journal_mark.csv"}
    return list_anew(tell(rest, tables=tables))


def with_told_column(parts: Parts) -> Parts:
    told = json.loads(parts["manifest.json"])
    for one in told["tables"]:
        if one["name"] == "people_guardianlink":
            one["columns"].append("is_admin")
    return list_anew(tell(with_column(parts), tables=told["tables"]))


def one_row_less(parts: Parts, name: str, *, is_told: bool = False) -> Parts:
    path = f"data/{name}.csv"
    told = json.loads(parts["manifest.json"])
    if is_told:
        for one in told["tables"]:
            one["rows"] -= one["name"] == name
    return list_anew(tell(parts | {path: drop_line(parts[path])}, tables=told["tables"]))


def replaced(parts: Parts, path: str, old: bytes, new: bytes) -> Parts:
    assert old in parts[path]
    return list_anew(parts | {path: parts[path].replace(old, new)})


def other_file(parts: Parts) -> Parts:
    path = next(name for name in parts if name.startswith("files/"))
    return list_anew(parts | {path: parts[path] + b"!"})


def without_files(parts: Parts) -> Parts:
    return list_anew({name: parts[name] for name in parts if not name.startswith("files/")})


MIGRATIONS = "migrations"
FORGED: dict[str, tuple[Any, str]] = {
    "no list": (lambda parts: {"a.txt": b"a"}, "нет описи"),
    "a list that is not JSON": (lambda parts: parts | {"manifest.json": b"{"}, "не читается"),
    "a list nested too deep": (
        lambda parts: parts | {"manifest.json": b"[" * 100_000},
        "не читается",
    ),
    "a list of nothing": (lambda parts: parts | {"manifest.json": b"{}"}, "не архив школы"),
    "a number that is a word": (lambda parts: tell(parts, waiting_events="x"), "неверно"),
    "a clock nobody has": (
        lambda parts: tell(
            parts, school=json.loads(parts["manifest.json"])["school"] | {"timezone": "../../etc"}
        ),
        "неверно",
    ),
    "a changed table": (
        lambda parts: parts | {"data/people_pupil.csv": parts["data/people_pupil.csv"][::-1]},
        "не та, что названа в описи",
    ),
    "a part too many": (lambda parts: parts | {"data/extra.csv": b"a"}, "Состав архива не тот"),
    "a way out of the folder": (
        lambda parts: list_anew(parts | {"../../etc/cron.d/x": b"a"}),
        "которых в архиве школы не бывает",
    ),
    "a part without a table": (without_table, "journal_mark"),
    "a column nobody told of": (lambda parts: list_anew(with_column(parts)), "guardianlink"),
    "a column too many": (with_told_column, "guardianlink"),
    "a row less than told": (lambda parts: one_row_less(parts, "journal_mark"), "столько строк"),
    "a pupil less than needed": (
        lambda parts: one_row_less(parts, "people_pupil", is_told=True),
        "ссылаются",
    ),
    "a mark out of the scale": (
        lambda parts: replaced(parts, "data/journal_mark.csv", b",5,", b",9,"),
        "journal_mark",
    ),
    "a word for a number": (
        lambda parts: replaced(parts, "data/journal_mark.csv", b",5,", b",x,"),
        "journal_mark",
    ),
    "an account nobody sent": (
        lambda parts: list_anew(
            parts | {"public/accounts.csv": drop_line(parts["public/accounts.csv"])}
        ),
        "учётн",
    ),
    "a role of the district": (
        lambda parts: replaced(parts, "public/memberships.csv", b",teacher,", b",district_admin,"),
        "Учётные записи",
    ),
    "another file": (other_file, "Файл «files/"),
    "no files": (without_files, "Файлов в архиве"),
    "an older edition": (
        lambda parts: tell(parts, migrations=json.loads(parts["manifest.json"])[MIGRATIONS][:-1]),
        "более старой версией",
    ),
    "a newer edition": (
        lambda parts: tell(
            parts, migrations=[*json.loads(parts["manifest.json"])[MIGRATIONS], ["people", "9999"]]
        ),
        "более новой версией",
    ),
    "another format": (lambda parts: tell(parts, format_version=2), "формат архива"),
    "a bomb": (
        lambda parts: list_anew(
            parts | {"data/people_look.csv": b" " * (FREE_GROWTH + MOST_GROWTH * 200_000)}
        ),
        "слишком велик",
    ),
}


@pytest.mark.requirement("NFR-017", part=True)
@pytest.mark.parametrize("trick", FORGED)
def test_forged_archive_is_refused_and_nothing_is_written(left, target, tmp_path, trick):
    forge, words = FORGED[trick]
    path = write_parts(tmp_path / "forged.zip", forge(dict(left.parts)))
    before = whats_there(target)

    with pytest.raises(CommandError, match=rf"{words}.*Ничего не загружено\.$"):
        call_command("import_school", path)

    assert whats_there(target) == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_cut_archive_is_refused(left, target, tmp_path, share):
    whole = left.path.read_bytes()
    path = tmp_path / "cut.zip"
    path.write_bytes(whole[: int(len(whole) * share)])
    before = whats_there(target)

    with pytest.raises(CommandError, match=r"Ничего не загружено"):
        call_command("import_school", path)

    assert whats_there(target) == before


def test_archive_with_a_spoilt_byte_is_refused(left, target, tmp_path):
    whole = bytearray(left.path.read_bytes())
    whole[_middle_of_the_longest_part(left.path)] ^= 0xFF
    path = tmp_path / "spoilt.zip"
    path.write_bytes(whole)
    before = whats_there(target)

    with pytest.raises(CommandError, match=r"Ничего не загружено"):
        call_command("import_school", path)

    assert whats_there(target) == before


def test_archive_with_another_fingerprint_is_refused(left, target):
    with pytest.raises(CommandError, match=r"Отпечаток файла не тот"):
        call_command("import_school", left.path, sha256="0" * 64)


def test_address_of_another_school_is_refused(left, target):
    school_id = request_one("beta")
    try:
        with pytest.raises(CommandError, match=r"Школа с таким адресом здесь уже есть"):
            call_command("import_school", left.path)
    finally:
        School.objects.filter(pk=school_id).delete()


def test_import_that_was_cut_off_before_the_opening_is_finished_by_the_next(
    left, target, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(operations, "put_to_work", _die)
        with pytest.raises(KeyboardInterrupt):
            call_command("import_school", left.path, slug="later")
    assert School.objects.get(slug="later").state == School.State.OPENING

    call_command("import_school", left.path, slug="later")

    assert get_school("later").short_name == "Школа «beta»"
    [notice] = [row["url"] for row in read_rows(get_school("later").schema)["notify_notice"]][:1]
    assert "/beta/" not in notice


def _middle_of_the_longest_part(path: Path) -> int:
    """Where to spoil an archive so that it matters: inside data, not in a header nobody reads."""
    with zipfile.ZipFile(path) as archive:
        longest = max(archive.infolist(), key=lambda part: part.compress_size)
    header = path.read_bytes()[longest.header_offset :][:30]
    skipped = len(header) + sum(struct.unpack("<HH", header[26:]))  # its name, its extra field
    return longest.header_offset + int(skipped) + longest.compress_size // 2


def _die(*_: object) -> None:
    raise KeyboardInterrupt
