"""What an operator meets at night: no room, no rights, a word mistyped, a terminal that is lost.

Each is told in one sentence, and nothing is left half done.
"""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra.backup import __main__ as backup
from infra.backup import recovery
from infra.backup.places import MARK, BackupRefused, prepare_place
from infra.backup.product import last_words
from infra.ctl import __main__ as okrugctl
from infra.ctl import (
    doctor,
    envfile,
    installing,
    judging,
    laying,
    renewing,
    restoring,
    settling,
    upgrading,
)
from infra.ctl.errors import Refusal
from infra.ctl.holding import hold
from infra.ctl.place import Place
from infra.ctl.restoring import data_of
from infra.local.errors import sentence_of
from infra.local.paths import ROOT
from tests.infra.test_restoring import SUPERUSER, Recorded, settle


def raising(error: BaseException) -> Callable[..., int]:
    def fail(*args: object, **kwargs: object) -> int:
        raise error

    return fail


# --- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (OSError(errno.ENOSPC, "x", "/a/b"), "Кончилось место на диске (/a/b): освободите"),
        (PermissionError(errno.EACCES, "x", "/a"), "Нет прав на /a: запустите команду от root"),
        (OSError(errno.EROFS, "x", "/a"), "Диск с /a подключён только для чтения"),
        (FileNotFoundError(errno.ENOENT, "x", "/a"), "Нет файла или папки /a"),
        (OSError(errno.EBUSY, "x", "/a"), "/a занята: это отдельный диск"),
        (
            shutil.Error([("a", "/b", "[Errno 28] No space left on device: '/b'")]),
            "Кончилось место",
        ),
        (OSError(errno.EIO, "Input/output error", "/a"), "/a: Input/output error"),
    ],
)
def test_trouble_of_the_system_is_told_in_russian(trouble: OSError, sentence: str) -> None:
    assert sentence_of(trouble).startswith(sentence)


@pytest.mark.parametrize(
    ("trouble", "code", "words"),
    [
        (OSError(errno.ENOSPC, "x", "/opt"), 2, "Кончилось место на диске (/opt)"),
        (KeyboardInterrupt(), 130, "Прервано"),
    ],
)
def test_okrugctl_ends_with_a_sentence(
    trouble: BaseException,
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("infra.ctl.size.run", raising(trouble))

    assert okrugctl.main(["size", "--schools", "1", "--pupils", "1"]) == code
    assert capsys.readouterr().err.strip().startswith(words)


def test_backup_without_rights_on_a_place_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OKRUG_BACKUP_PLACES", f"{tmp_path / 'file/a'}:{tmp_path / 'b'}")

    assert backup.main(["init"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(("verb", "code"), [("verify", 2), ("due", 0), ("status", 1)])
def test_two_do_not_work_in_the_places_at_once(
    verb: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    places = [tmp_path / "a", tmp_path / "b"]
    for place in places:
        prepare_place(place)
    monkeypatch.setenv("OKRUG_BACKUP_PLACES", ":".join(map(str, places)))
    other = os.open(places[1], os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)

    assert backup.main([verb]) == code

    os.close(other)
    said = capsys.readouterr().err
    assert ("Уже идёт копирование или возврат" in said) == (verb != "status")


@pytest.mark.parametrize("verb", ["restore-all --data /x", "restore-school sosh-1"])
def test_moment_that_is_none_is_named(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        backup.main([*verb.split(), "--to", "вчера"])

    assert "нужен момент вида 2026-11-20T10:15" in capsys.readouterr().err


def test_settings_saved_in_another_encoding_are_named(tmp_path: Path) -> None:
    file = tmp_path / "okrug.env"
    file.write_bytes("# Настройки\nA=1\n".encode("cp1251"))

    with pytest.raises(Refusal, match=r"okrug\.env: сохраните файл в кодировке UTF-8"):
        envfile.read(file)


def test_of_a_traceback_the_operator_hears_its_last_words() -> None:
    trace = 'Traceback (most recent call last):\n  File "x"\n'

    assert last_words(f"{trace}db.OperationalError: нет ответа:\n\tнет сокета") == (
        "нет ответа: нет сокета"
    )
    assert last_words("CommandError: Нет такой школы.\n") == "CommandError: Нет такой школы."


def test_copy_that_does_not_fit_says_where_room_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = subprocess.CompletedProcess([], 1, "", "cp: error writing 'x': No space left on device")
    monkeypatch.setattr("infra.backup.recovery.subprocess.run", lambda *args, **kwargs: full)

    with pytest.raises(BackupRefused, match=r"не развёрнута: кончилось место в .*data\."):
        recovery.lay_out(tmp_path, tmp_path / "data", [], None)


def test_management_command_without_a_database_ends_with_a_sentence() -> None:
    told = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PGHOST": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-m", "config", "manage", "demo_accounts", "--json"],
        env={**os.environ, **told, "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("База данных не отвечает: ")
    assert done.stderr.count("\n") == 1


# --- words mistyped at the install ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"ports": "8001 80O2"}, "--ports: нужны числа от 1 до 65535"),
        ({"ports": "8001 8001"}, "--ports: нужны разные порты"),
        ({"ports": ""}, "--ports: нужны числа"),
        ({"residency": Path("/absent.toml")}, "Нет файла /absent.toml"),
        ({"backup_places": "/a"}, "--backup-places: нужны две папки"),
        ({"backup_places": "a:b"}, "--backup-places: нужны две папки"),
    ],
)
def test_word_mistyped_is_named_before_anything_is_laid_out(
    words: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    told = {"ports": "8001", "residency": None, "backup_places": "", "no_systemd": True}
    asked = Namespace(root=tmp_path / "r", bundle=tmp_path, **(told | words))

    with pytest.raises(Refusal, match=sentence):
        installing.run(asked)

    assert not (tmp_path / "r").exists()


def test_places_that_could_not_be_prepared_are_prepared_at_the_next_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, codes = settle(tmp_path), iter([2, 0])
    new = [str(tmp_path / "disk-1"), str(tmp_path / "disk-2")]

    def init(place: Place, *words: str) -> int:
        (tmp_path / "disk-1" / "wal").mkdir()  # it got so far
        return next(codes)

    monkeypatch.setattr(settling, "copy", init)

    with pytest.raises(Refusal, match="Места копий не готовы"):
        settling.prepare_places(place, new)
    assert not any(Path(one).exists() for one in new)
    settling.prepare_places(place, new)

    assert list(codes) == []


def test_place_that_is_there_is_somebodys_disk_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = settle(tmp_path)
    monkeypatch.setattr(settling, "copy", raising(AssertionError()))

    settling.prepare_places(place, [str(tmp_path / "a"), str(tmp_path / "b")])

    assert (tmp_path / "a" / MARK).exists()


# --- upgrade --------------------------------------------------------------------------------------


def test_upgrade_without_room_or_rights_begins_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path)
    (place.releases / "0.1.0").mkdir(parents=True)
    place.current.symlink_to(place.releases / "0.1.0")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**9))

    with pytest.raises(Refusal, match=r"На диске свободно 1\.0 ГБ, нужно не меньше 2 ГБ"):
        upgrading.run(Namespace(root=tmp_path, bundle=tmp_path))


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (KeyboardInterrupt(), "Прервано"),
        (OSError(errno.ENOSPC, "x", "/etc"), "Кончилось место"),
        (Refusal("Портал не готов."), "Портал не готов"),
    ],
)
def test_upgrade_that_is_cut_short_gives_the_old_version_back(
    trouble: BaseException, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = settle(tmp_path)
    for name in ("0.1.0", "0.1.1"):
        (place.releases / name).mkdir(parents=True)
    place.current.symlink_to(place.releases / "0.1.0")
    release, renewed = place.releases / "0.1.1", []

    def renew(place: Place, services: object, turn: list[str], *, patience: float) -> None:
        renewed.append(f"{place.current.resolve().name} {turn[0]}")
        if len(renewed) == 1:
            raise trouble

    monkeypatch.setattr(renewing, "__file__", str(release / "tools/infra/ctl/renewing.py"))
    for name in ("migrate", "services_of"):
        monkeypatch.setattr(renewing, name, lambda *args, **kwargs: None)
    for name in ("make_folders", "write_units"):
        monkeypatch.setattr(laying, name, lambda *args: None)
    monkeypatch.setattr(renewing, "renew", renew)

    with pytest.raises(Refusal, match=rf"(?s){words}.*снова работает 0\.1\.0"):
        renewing.run(Namespace(root=place.root, patience=1))

    assert renewed == ["0.1.1 okrug-web@8001", "0.1.0 okrug-web@8001"]


def test_two_commands_do_not_change_a_server_at_once(tmp_path: Path) -> None:
    place = Place(tmp_path)
    first = hold(place)

    with pytest.raises(Refusal, match="Уже идёт другая команда okrugctl"):
        hold(place)

    os.close(first)
    os.close(hold(place))


# --- restore --------------------------------------------------------------------------------------


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    recorded = Recorded()
    monkeypatch.setattr(restoring, "services_of", lambda place, systemd: recorded)
    return recorded


def a_database(place: Place) -> Path:
    data = data_of(place)
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n", encoding="ascii")
    return data


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), OSError(errno.ENOSPC, "x", "/a")])
def test_restoring_cut_short_leaves_everything_as_it_was(
    trouble: BaseException, tmp_path: Path, services: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = settle(tmp_path)
    data = a_database(place)

    def half(place: Place, *words: str, as_root: bool = False) -> int:
        data.mkdir()
        (data / "half").touch()
        raise trouble

    monkeypatch.setattr(restoring, "copy", half)

    with pytest.raises(type(trouble)):
        restoring.restore_district(place, tmp_path / "release")

    assert services.asked == ["stop 6", "start 6"]
    assert [one.name for one in data.iterdir()] == ["PG_VERSION"]


def test_restoring_cut_short_while_the_portal_stops_starts_it_again(
    tmp_path: Path, services: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = a_database(place := settle(tmp_path))
    monkeypatch.setattr(services, "stop", raising(KeyboardInterrupt()))

    with pytest.raises(KeyboardInterrupt):
        restoring.restore_district(place, tmp_path / "release")

    assert services.asked == ["start 6"]
    assert (data / "PG_VERSION").exists()


def test_database_that_cannot_be_put_aside_is_not_touched(
    tmp_path: Path, services: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is a disk of its own cannot be renamed."""
    place = settle(tmp_path)
    data = a_database(place)
    monkeypatch.setattr(Path, "rename", raising(OSError(errno.EBUSY, "x", str(data))))

    with pytest.raises(OSError, match="x"):
        restoring.restore_district(place, tmp_path / "release")

    assert services.asked == ["stop 6", "start 6"]
    assert (data / "PG_VERSION").exists()


def test_restoring_cut_short_after_the_database_says_what_is_left(
    tmp_path: Path, services: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = settle(tmp_path)
    data = a_database(place)
    monkeypatch.setattr(restoring, "copy", lambda place, *words, as_root=False: 0)
    monkeypatch.setattr(restoring, "_give_files_back", raising(KeyboardInterrupt()))

    with pytest.raises(Refusal, match=r"(?s)Прервано.*База возвращена.*okrugctl restore files"):
        restoring.restore_district(place, tmp_path / "release")

    assert len([one for one in data.parent.iterdir() if ".before-" in one.name]) == 1


def test_machines_database_cut_short_says_that_the_portal_stands_still(
    tmp_path: Path, services: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = settle(tmp_path, SUPERUSER)
    monkeypatch.setattr(restoring, "copy", raising(KeyboardInterrupt()))

    with pytest.raises(Refusal, match=r"Прервано\. Портал остановлен: верните прежнюю папку"):
        restoring.restore_district(place, tmp_path / "release", data=tmp_path / "data")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["all", "--to", "вчера"], "--to: нужен момент вида 2026-11-20T10:15"),
        (["all", "--to", "2999-01-01T00:00"], "ещё не наступил"),
        (["school", "sosh-1"], "Что вернуть"),
    ],
)
def test_moment_is_understood_before_anything_stops(
    words: Sequence[str], sentence: str, tmp_path: Path, services: Recorded,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place = settle(tmp_path)
    (place.releases / "0.1.0").mkdir(parents=True)
    place.current.symlink_to(place.releases / "0.1.0")
    monkeypatch.setattr(Place, "of_this_release", classmethod(lambda cls: place))

    with pytest.raises(Refusal, match=sentence):
        restoring.run(Namespace(words=list(words)))

    assert services.asked == []


# --- the doctor -----------------------------------------------------------------------------------


def test_doctor_says_the_rest_when_one_look_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = settle(tmp_path)
    (place.releases / "0.1.0").mkdir(parents=True)
    place.current.symlink_to(place.releases / "0.1.0")
    for file in place.units.glob("okrug-*.service"):
        file.unlink()
    monkeypatch.setattr(doctor, "_certificate", lambda told: judging.good("Сертификат действует"))

    words = [one.words for one in doctor.examine(place)]

    assert "Настройки на месте" in words
    assert [one for one in words if one.startswith("Не проверено: Нет файла службы")] != []
    assert "Сертификат действует" in words


# --- a terminal that is lost ----------------------------------------------------------------------

LOADING = """
import time
print("begun", flush=True)
time.sleep(60)
"""
CAREFUL = """
import sys, time
from infra.local.interrupting import end_alike
end_alike()
print("begun", flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(1)
    print("put back", flush=True)
    sys.exit(130)
"""
PARENT = """
import sys
from infra.local.interrupting import end_alike, run_to_end
end_alike()
try:
    run_to_end([sys.executable, "-c", sys.argv[1]])
except KeyboardInterrupt:
    print("after", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("reaches", ["both", "the parent only"])
@pytest.mark.parametrize(
    ("program", "words"),
    [
        pytest.param(CAREFUL, "put back\nafter\n", id="what was begun is put back first"),
        pytest.param(LOADING, "after\n", id="what has begun nothing says nothing"),
    ],
)
def test_program_that_is_cut_short_ends_after_what_it_runs(
    number: signal.Signals, reaches: str, program: str, words: str
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.1)
        (os.killpg if reaches == "both" else os.kill)(process.pid, number)

        assert process.communicate() == (words, "")
