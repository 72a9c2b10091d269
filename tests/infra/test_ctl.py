"""`okrugctl` piece by piece: files of variables, bundles, what the doctor thinks, sizes."""

import hashlib
import shlex
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.backup.wal import ARCHIVE_IS_OFF
from infra.ctl import bundle, envfile, judging
from infra.ctl.configuring import Cluster, Wishes, configure, manifest_of
from infra.ctl.errors import Refusal
from infra.ctl.judging import Level
from infra.ctl.packing import for_every_micro
from infra.ctl.place import Place
from infra.ctl.size import size
from infra.local.bootstrap import BACKUP, MIGRATOR, WEB, TestCluster, prepare_database
from infra.local.paths import ROOT

ROLES = (WEB, MIGRATOR, BACKUP)
WISHES = Wishes(
    hosts="journal.example.ru,school.local",
    ports="8001 8002",
    listen="127.0.0.1",
    superuser_url="",
    broker_url="",
    backup_places="/a:/b",
    systemd=False,
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    for folder in (place.etc, place.run, place.state):
        folder.mkdir(parents=True)
    return place


# --- files of variables ---------------------------------------------------------------------------


def test_variables_are_read_as_a_shell_and_systemd_read_them(tmp_path: Path) -> None:
    file = tmp_path / "x.env"
    file.write_text('# слово\n\nA=1\nB="два слова"\nC=\n; нет\nD=a=b\n', encoding="utf-8")

    assert envfile.read(file) == {"A": "1", "B": "два слова", "C": "", "D": "a=b"}
    assert envfile.read(tmp_path / "absent.env") == {}


@pytest.mark.parametrize("line", ["БЕЗ РАВНО", "A=два слова", 'A="не закрыта'])
def test_a_line_that_means_two_things_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "x.env"
    file.write_text(f"OK=1\n{line}\n", encoding="utf-8")

    with pytest.raises(Refusal, match=r"x\.env, строка 2: нужен вид ИМЯ=значение"):
        envfile.read(file)


def test_what_is_written_is_never_changed_and_never_seen_by_others(tmp_path: Path) -> None:
    file = tmp_path / "x.env"
    envfile.add_missing(file, {"SECRET": "первый", "B": "два слова"}, "# Шапка\n")

    added = envfile.add_missing(file, {"SECRET": "второй", "C": "3#4"})

    assert added == ["C"]
    assert envfile.read(file) == {"SECRET": "первый", "B": "два слова", "C": "3#4"}
    assert file.read_text(encoding="utf-8").startswith("# Шапка\n")
    assert file.stat().st_mode & 0o777 == 0o600


# --- what an installation is given ----------------------------------------------------------------


def test_the_first_install_must_be_told_its_name(place: Place) -> None:
    with pytest.raises(Refusal, match="Укажите имя портала"):
        configure(place, Wishes(**{**vars_of(WISHES), "hosts": ""}))

    assert list(place.etc.iterdir()) == []


def test_secrets_are_made_once_and_differ(place: Place) -> None:
    configure(place, WISHES)
    first = {file.name: envfile.read(file) for file in place.etc.glob("*.env")}
    configure(place, WISHES)
    second = {file.name: envfile.read(file) for file in place.etc.glob("*.env")}

    assert first == second
    told = first["okrug.env"]
    assert told["OKRUG_URL"] == "https://journal.example.ru"
    assert "DATABASE_ADMIN_URL" not in told
    urls = [told["DATABASE_URL"], *first["admin.env"].values()]
    passwords = {url.split(":")[2].split("@")[0] for url in urls}
    secrets = {told["SECRET_KEY"], told["OKRUG_IDENTITY_KEY"], *passwords}
    secrets.add(first["database.env"]["OKRUG_DB_PASSWORD"])
    assert len(secrets) == 6
    assert min(map(len, secrets)) >= 43  # 256 bits


def test_a_prepared_database_of_the_machine_is_not_prepared_again(place: Place) -> None:
    given = Wishes(**{**vars_of(WISHES), "superuser_url": "postgresql://su:p@db:5432/postgres"})

    assert configure(place, given) is not None
    assert configure(place, WISHES) is None
    assert not place.database.exists()
    assert envfile.read(place.settings)["OKRUG_EMBEDDED"] == "valkey"


def vars_of(wishes: Wishes) -> dict[str, Any]:
    return {name: getattr(wishes, name) for name in Wishes.__dataclass_fields__}


def test_roles_of_the_machines_database_get_the_passwords_of_their_addresses(
    cluster: TestCluster,
) -> None:
    given = Cluster(cluster.superuser, {role: f"п:{role}" for role in ROLES})

    urls = prepare_database(given)

    assert urls.web.startswith("postgresql://okrug_web:%D0%BF%3Aokrug_web@/okrug?host=")
    with psycopg.connect(cluster.superuser) as connection:
        kept = connection.execute(
            "SELECT rolname FROM pg_authid WHERE rolname = ANY(%s) AND rolpassword IS NOT NULL",
            [list(ROLES)],
        ).fetchall()
    assert {name for (name,) in kept} == set(ROLES)


def test_the_manifest_is_to_be_filled_in_before_anything_starts(place: Place) -> None:
    with pytest.raises(Refusal, match="Заполните манифест размещения"):
        manifest_of(place, None)
    with pytest.raises(Refusal, match="Заполните манифест размещения"):
        manifest_of(place, ROOT / "infra/residency/local.toml")  # the one that lies there counts

    filled = (ROOT / "infra/residency/local.toml").read_text(encoding="utf-8")
    (place.etc / "residency.toml").write_text(filled, encoding="utf-8")
    manifest_of(place, None)


# --- a bundle -------------------------------------------------------------------------------------


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A bundle of three files."""
    folder = tmp_path / "okrug-1.0"
    (folder / "app").mkdir(parents=True)
    files = {"VERSION": "1.0\npython 3.11 linux-x86_64\n", "app/a.whl": "a", "okrugctl": "sh"}
    lines = []
    for name, words in files.items():
        (folder / name).write_text(words, encoding="ascii")
        lines.append(f"{hashlib.sha256(words.encode()).hexdigest()}  {name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")
    return folder


def test_a_whole_bundle_is_opened(unpacked: Path) -> None:
    opened = bundle.open_bundle(unpacked)

    assert (opened.version, opened.python) == ("1.0", "3.11 linux-x86_64")
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=unpacked, capture_output=True
    )
    assert done.returncode == 0  # an administrator may look without us


@pytest.mark.parametrize(
    "spoil",
    [
        "echo b > app/a.whl",
        "rm app/a.whl",
        "echo x > app/b.whl",
        "sed -i 1d SHA256SUMS",
        "rm SHA256SUMS",
    ],
)
def test_a_bundle_that_is_not_the_one_packed_is_refused(unpacked: Path, spoil: str) -> None:
    subprocess.run(["sh", "-c", spoil], cwd=unpacked, check=True)

    with pytest.raises(Refusal, match=r"повреждён|нет SHA256SUMS"):
        bundle.open_bundle(unpacked)


def test_another_python_is_named_with_the_cure(unpacked: Path) -> None:
    (unpacked / "VERSION").write_text("1.0\npython 3.99 linux-x86_64\n", encoding="ascii")
    stranger = bundle.Bundle(unpacked, "1.0", "3.99 linux-x86_64")

    with pytest.raises(Refusal, match=r"PYTHON=python3\.99"):
        bundle.refuse_other_python(stranger)


def test_a_bundle_serves_every_micro_version_of_its_python() -> None:
    """Debian 12 has 3.11.2: what redis wants before 3.11.3 goes along, whoever packs."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wanted = "async-timeout==5.0.1"
    assert f"{wanted} ; python_full_version < '3.11.3' \\\n" in lock

    assert f"{wanted} \\\n" in for_every_micro(lock, "3.11")
    assert for_every_micro(lock, "3.12") == lock
    assert "'3.11." not in for_every_micro(lock, "3.11")


# --- the doctor -----------------------------------------------------------------------------------

SOUND: dict[str, Any] = {
    "version": 150004,
    "knows_cyrillic": True,
    "skew": 0.2,
    "roles_are_bare": True,
    "migrations": [],
    "behind": [],
}


def test_a_sound_database_has_no_trouble() -> None:
    assert {one.level for one in judging.judge_database(SOUND)} == {Level.GOOD}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 140012}, "PostgreSQL 14"),
        ({"knows_cyrillic": False}, "не знает кириллицы"),
        ({"skew": -7.0}, "расходятся на 7 с"),
        ({"roles_are_bare": False}, "лишние права"),
        ({"migrations": ["accounts.0009_x"]}, "Не выполнены миграции: 1"),
        ({"behind": ["sosh-1"]}, "Отстают школы: sosh-1"),
    ],
)
def test_each_trouble_of_the_database_is_told_with_its_cure(
    change: dict[str, Any], words: str
) -> None:
    found = [one for one in judging.judge_database(SOUND | change) if one.level is Level.BAD]

    assert [words in one.words for one in found] == [True]
    assert found[0].cure


@pytest.mark.parametrize(
    ("code", "answer", "levels"),
    [
        (200, {"status": "ok", "outbox": "ok"}, [Level.GOOD]),
        (503, {"status": "empty"}, [Level.WORTH_A_LOOK]),
        (503, {"status": "down", "database": "нет ответа"}, [Level.BAD]),
        (0, {}, [Level.BAD]),
        (200, {"outbox": "late", "outbox_oldest_seconds": 90}, [Level.GOOD, Level.BAD]),
        (200, {"database_roles": "off"}, [Level.GOOD, Level.WORTH_A_LOOK]),
    ],
)
def test_the_portals_own_word_is_understood(
    code: int, answer: dict[str, Any], levels: list[Level]
) -> None:
    assert [one.level for one in judging.judge_portal("8001", code, answer)] == levels


def test_the_rest_of_what_the_doctor_thinks() -> None:
    gb = 10**9
    secrets = judging.judge_secrets({"/etc/okrug/okrug.env": 0o100640})
    assert [(one.level, one.cure) for one in secrets] == [
        (Level.BAD, "chmod 600 /etc/okrug/okrug.env")
    ]
    levels = [
        judging.judge_python((3, 10), "1.0").level,
        judging.judge_settings({"SECRET_KEY": "x"}).level,
        judging.judge_disk("/opt", 100 * gb, 9 * gb).level,
        judging.judge_disk("/opt", 100 * gb, 11 * gb).level,
        judging.judge_services(["a", "b"], ["a"]).level,
        judging.judge_clock(None).level,
        judging.judge_certificate("h", 3.0).level,
        judging.judge_certificate("h", 30.0).level,
        judging.judge_certificate("h", None).level,
        judging.judge_backups(None, "").level,
        judging.judge_backups(1, "копий нет").level,
        judging.judge_backups(1, f"{ARCHIVE_IS_OFF} (archive_mode = off)").level,
        judging.judge_backups(0, "").level,
        *(one.level for one in judging.judge_folder("/var/lib/okrug-db/18", is_there=False)),
    ]
    bad, look, fine = Level.BAD, Level.WORTH_A_LOOK, Level.GOOD
    assert levels == [bad, bad, bad, fine, bad, look, bad, fine, look, bad, bad, bad, fine, bad]


# --- the size -------------------------------------------------------------------------------------


def test_a_small_school_and_a_district_are_sized() -> None:
    school = size(schools=1, pupils=800, years=5)
    district = size(schools=40, pupils=30_000, years=5)

    assert (school.cores, school.database_gb) == (2, 2)
    assert district.cores == 3
    assert 60 <= district.database_gb <= 90  # 340 × 30 000 × 5 rows and forty empty schools
    assert district.copies_gb > 10 * district.database_gb / 2  # thirty-five nights, packed
    assert district.portals == district.cores


@pytest.mark.parametrize("change", [{"schools": 0}, {"pupils": -1}, {"years": 51}])
def test_what_is_no_district_is_refused(change: dict[str, int]) -> None:
    with pytest.raises(Refusal, match="должно быть от 1 до"):
        size(**({"schools": 1, "pupils": 100, "years": 1} | change))


def test_the_shell_finds_no_old_python(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    old.chmod(0o755)
    script = ROOT / "infra/ctl/okrugctl.sh"

    done = subprocess.run(
        ["sh", str(script), "doctor"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": shlex.quote(str(old))},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert done.stderr.startswith("Нужен Python 3.11 или новее")
