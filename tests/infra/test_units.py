"""The unit files: systemd itself finds nothing wrong, and our reader reads what systemd would."""

import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from infra.ctl.errors import Refusal
from infra.ctl.keeper import Keeper
from infra.ctl.laying import SOURCE, make_folders, write_units
from infra.ctl.place import Place
from infra.ctl.units import SERVERS, SINGLES, names_of, read_unit
from infra.local.paths import ROOT

UNITS = ROOT / "infra" / "systemd"
SERVICES = (*SERVERS, *SINGLES, "okrug-web@8001", "okrug-backup")
WORST_EXPOSURE = 25  # tenths: systemd calls up to 2.5 OK, an unhardened service has 9.6
# What systemd brings itself; empty, so that only our files are judged.
SYSTEMS_OWN = (
    *("sysinit.target", "basic.target", "shutdown.target", "multi-user.target", "timers.target"),
    *("network-online.target", "time-set.target", "time-sync.target", "-.mount", "system.slice"),
    *("tmp.mount", "system-okrug.slice", "systemd-journald@okrug.socket"),
    *("systemd-journald-varlink@okrug.socket", "systemd-journald.socket"),
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a place with a release's units and the settings they need."""
    release = tmp_path / "release"
    shutil.copytree(UNITS, release / SOURCE)
    place = Place(tmp_path / "r")
    make_folders(release, place)
    write_units(release, place)
    settings = 'OKRUG_LISTEN=127.0.0.1\nOKRUG_CONCURRENCY=3\nNAMED="с пробелом"\n'
    place.settings.write_text(settings, encoding="utf-8")
    place.admin.write_text("DATABASE_ADMIN_URL=postgresql://m@/okrug\n", encoding="utf-8")
    place.backup.write_text("OKRUG_BACKUP_PLACES=/a:/b\n", encoding="utf-8")
    place.database.write_text("OKRUG_DB_PASSWORD=secret\n", encoding="utf-8")
    return place


@pytest.mark.skipif(not shutil.which("systemd-sysusers"), reason="на машине нет systemd-sysusers")
def test_systemd_makes_the_two_accounts(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    with (UNITS / "sysusers.conf").open("rb") as told:
        done = subprocess.run(
            ["systemd-sysusers", f"--root={tmp_path}", "-"],
            stdin=told,
            capture_output=True,
            text=True,
        )

    assert done.returncode == 0, done.stderr
    made = (tmp_path / "etc/passwd").read_text(encoding="utf-8").splitlines()
    groups = (tmp_path / "etc/group").read_text(encoding="utf-8").splitlines()
    assert {line.split(":")[0] for line in made} == {"okrug", "okrug-db"}
    assert [line for line in groups if line.startswith("okrug:") and line.endswith(":okrug-db")]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="на машине нет systemd-analyze")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    units = tmp_path / "etc/systemd/system"
    shutil.copytree(UNITS, units)
    for name in SYSTEMS_OWN:
        (units / name).write_text("[Unit]\nDescription=stub\n", encoding="utf-8")
        if name.endswith(".mount"):
            where = "/" if name == "-.mount" else f"/{name.removesuffix('.mount')}"
            (units / name).write_text(f"[Mount]\nWhat=tmpfs\nWhere={where}\n", encoding="utf-8")
        if name.endswith(".socket"):
            (units / name).write_text("[Socket]\nListenStream=/run/x\n", encoding="utf-8")
            (units / name.replace(".socket", ".service")).write_text(
                "[Service]\nExecStart=/opt/okrug/current/bin/python\n", encoding="utf-8"
            )
    python = tmp_path / "opt/okrug/current/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n", encoding="ascii")
    python.chmod(0o755)
    asked = [*(f"{name}.service" for name in SERVICES), "okrug.target", "okrug-backup.timer"]

    done = subprocess.run(
        ["systemd-analyze", "verify", f"--root={tmp_path}", "--man=no", *asked],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="на машине нет systemd-analyze")
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_sees_its_own_folders_and_nothing_more(tmp_path: Path, name: str) -> None:
    units = tmp_path / "etc/systemd/system"
    shutil.copytree(UNITS, units)
    if "@" in name:
        shutil.copy(units / "okrug-web@.service", units / f"{name}.service")

    done = subprocess.run(
        [
            *("systemd-analyze", "security", "--offline=true", f"--root={tmp_path}"),
            *(f"--threshold={WORST_EXPOSURE}", f"{name}.service"),
        ],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout[-200:] + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_a_program_of_the_release(place: Place, name: str) -> None:
    unit = read_unit(place.units, name)

    assert unit.command[:2] == (f"{place.current}/bin/python", "-m")
    assert unit.command[2] in {"config", "infra.ctl.serve", "infra.backup"}
    assert unit.folder.is_relative_to(place.root)
    assert unit.user in {"okrug", "okrug-db"}


def test_variables_and_the_instance_are_put_in(place: Place) -> None:
    unit = read_unit(place.units, "okrug-web@8002")

    words = "config web --host 127.0.0.1 --port 8002 --workers 1"
    assert " ".join(unit.command[2:]) == words
    assert unit.title == "Округ: портал на порту 8002"
    assert unit.environment["NAMED"] == "с пробелом"


def test_the_processes_of_the_portal_never_learn_the_migrators_address(place: Place) -> None:
    for name in (*SINGLES, "okrug-web@8001"):
        assert "DATABASE_ADMIN_URL" not in read_unit(place.units, name).environment
    assert "DATABASE_ADMIN_URL" in read_unit(place.units, "okrug-backup").environment
    assert read_unit(place.units, "okrug-postgres").environment == {
        "OKRUG_DB_PASSWORD": "secret",
        "OKRUG_BACKUP_PLACES": "/a:/b",
    }


def test_the_database_is_asked_to_end_without_waiting_for_visitors(place: Place) -> None:
    assert read_unit(place.units, "okrug-postgres").stop_signal == signal.SIGINT
    assert read_unit(place.units, "okrug-worker").stop_signal == signal.SIGTERM


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ExecStartPre=/bin/true", "строки ExecStartPre известны только systemd"),
        ("ExecStart=/bin/true", "нужна ровно одна строка ExecStart"),
        ("EnvironmentFile=/nowhere/at/all.env", "Нет файла /nowhere/at/all.env"),
    ],
)
def test_what_the_keeper_would_do_otherwise_is_refused(place: Place, line: str, words: str) -> None:
    file = place.units / "okrug-beat.service"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("Restart=always", line), encoding="utf-8")

    with pytest.raises(Refusal) as refused:
        read_unit(place.units, "okrug-beat")

    assert words in refused.value.sentence


def test_an_installation_consists_of_what_its_settings_say() -> None:
    assert names_of({"OKRUG_EMBEDDED": "valkey", "OKRUG_PORTS": "8001 8002"}) == (
        ["okrug-valkey"],
        ["okrug-web@8001", "okrug-web@8002", *SINGLES],
    )
    assert names_of({"OKRUG_PORTS": "9000"}) == ([], ["okrug-web@9000", *SINGLES])


def test_a_prefix_moves_our_folders_and_no_others() -> None:
    text = "/opt/okrug/x /etc/okrug.d /var/lib/okrug-db /run/okrug /srv/opt/okrug /opt/other"

    assert Place(Path("/r")).moved(text) == (
        "/r/opt/okrug/x /r/etc/okrug.d /r/var/lib/okrug-db /r/run/okrug /srv/opt/okrug /opt/other"
    )
    assert Place().moved(text) == text


def test_on_the_machine_itself_the_keeper_gives_each_service_its_account(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_a_prefix = Keeper(place)._supervisor("okrug-worker").watched[0].child.arguments
    monkeypatch.setattr(Place, "is_real", True)

    [kept] = Keeper(place)._supervisor("okrug-worker").watched

    become = ("setpriv", "--reuid=okrug", "--regid=okrug", "--init-groups")
    assert kept.child.arguments == (*become, *under_a_prefix)
