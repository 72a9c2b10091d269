"""`okrugctl restore` piece by piece: what is put aside and back, what is refused beforehand."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pytest

from infra.backup.checks import find_archive_trouble
from infra.backup.configuration import read_configuration
from infra.backup.copies import copy_files
from infra.backup.places import BackupRefused, prepare_place
from infra.backup.restoring import put_files
from infra.ctl import laying, restoring
from infra.ctl.configuring import Wishes, configure
from infra.ctl.errors import Refusal
from infra.ctl.laying import SOURCE
from infra.ctl.place import Place
from infra.ctl.restoring import data_of, refuse_beginning_anew, refuse_without_settings
from infra.ctl.serve import GuardedPostgres
from infra.ctl.units import read_unit
from infra.local.bootstrap import TestCluster
from infra.local.errors import CannotStart
from infra.local.paths import ROOT
from tests.infra.test_backup import put_copy

SUPERUSER = "postgresql://su:p@127.0.0.1/postgres"


def settle(tmp_path: Path, superuser_url: str = "") -> Place:
    """Return a place that is configured and has its units; two prepared places of copies."""
    place = Place(tmp_path / "r")
    copies = [tmp_path / "a", tmp_path / "b"]
    for folder in copies:
        prepare_place(folder)
    (tmp_path / "release" / SOURCE.parent).mkdir(parents=True)
    (tmp_path / "release" / SOURCE).symlink_to(ROOT / "infra/systemd")
    laying.make_folders(tmp_path / "release", place)
    configure(
        place,
        Wishes(
            hosts="okrug.test",
            ports="8001",
            listen="127.0.0.1",
            superuser_url=superuser_url,
            broker_url="",
            backup_places=":".join(map(str, copies)),
            systemd=False,
        ),
    )
    laying.write_units(tmp_path / "release", place)
    laying.let_copies_out(place, [str(one) for one in copies], embedded=not superuser_url)
    return place


class Recorded:
    """Services that note what is asked of them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.running = ["okrug-valkey", "okrug-web@8001"]

    def active(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name in self.running]

    def start(self, names: Sequence[str]) -> None:
        self.asked.append(f"start {len(names)}")

    def stop(self, names: Sequence[str]) -> None:
        self.asked.append(f"stop {len(names)}")


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """No copy can be given back here: infra.backup has refused."""
    recorded = Recorded()
    monkeypatch.setattr(restoring, "services_of", lambda place, systemd: recorded)
    monkeypatch.setattr(restoring, "copy", lambda place, *words, as_root=False: 2)
    return recorded


def test_a_restoring_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, services: Recorded
) -> None:
    place = settle(tmp_path)
    data = data_of(place)
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n", encoding="ascii")

    with pytest.raises(Refusal, match=r"Округ не восстановлен.*Всё как было до команды"):
        restoring.restore_district(place, tmp_path / "release")

    assert services.asked == ["stop 6", "start 6"]
    assert [one.name for one in data.parent.iterdir()] == ["18"]
    assert (data / "PG_VERSION").read_text(encoding="ascii") == "18\n"


def test_a_failed_restoring_leaves_no_half_of_a_database(
    tmp_path: Path, services: Recorded
) -> None:
    place = settle(tmp_path)
    services.running.clear()

    with pytest.raises(Refusal, match="Округ не восстановлен"):
        restoring.restore_district(place, tmp_path / "release")

    assert services.asked == ["stop 6"]
    assert not data_of(place).exists()


def test_the_machines_server_is_named_its_steps_before_anything_stops(
    tmp_path: Path, services: Recorded
) -> None:
    place = settle(tmp_path, SUPERUSER)

    with pytest.raises(Refusal, match="её папку меняет администратор базы"):
        restoring.restore_district(place, tmp_path / "release")
    embedded = settle(tmp_path / "other")
    with pytest.raises(Refusal, match="Встроенная база возвращается на своё место"):
        restoring.restore_district(embedded, tmp_path / "release", data=tmp_path)

    assert services.asked == []


@pytest.mark.parametrize("words", [[], ["schol"]])
def test_what_can_be_given_back_is_named(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Place, "of_this_release", classmethod(lambda cls: Place(tmp_path)))

    with pytest.raises(Refusal, match="Что вернуть: okrugctl restore school"):
        restoring.run(argparse.Namespace(words=words))


def test_no_empty_database_begins_where_copies_of_another_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = settle(tmp_path)
    refuse_beginning_anew(place)  # prepared places without a copy are a first installation
    copy = put_copy(tmp_path / "b", "base", 1)
    monkeypatch.setenv("OKRUG_BACKUP_PLACES", f"{tmp_path / 'a'}:{tmp_path / 'b'}")
    monkeypatch.setenv("OKRUG_DB_PASSWORD", "x")

    with pytest.raises(Refusal, match="install --from-copies") as refusal:
        refuse_beginning_anew(place)
    with pytest.raises(CannotStart, match="okrugctl restore all"):
        GuardedPostgres(data_of(place), tmp_path)._initialise_if_absent()

    assert str(copy) in refusal.value.sentence
    assert not data_of(place).exists()


def test_a_lost_server_comes_back_only_with_its_own_keys(tmp_path: Path) -> None:
    place = settle(tmp_path)
    refuse_without_settings(place)

    place.database.unlink()

    with pytest.raises(Refusal, match=r"Нет .*database\.env: сначала верните папку .*etc/okrug"):
        refuse_without_settings(place)


def test_copies_beside_the_machines_server_are_made_by_its_account(tmp_path: Path) -> None:
    own = read_unit(settle(tmp_path / "own").units, "okrug-backup")
    place = settle(tmp_path / "machines", SUPERUSER)
    unit = read_unit(place.units, "okrug-backup")

    assert own.user == "okrug-db"
    assert (unit.user, unit.folder) == ("postgres", Path("/"))
    assert unit.environment["OKRUG_BACKUP_SCRATCH"] == str(place.scratch)
    assert place.scratch.stat().st_mode & 0o777 == 0o700


def test_files_come_back_from_the_place_where_they_are_whole(tmp_path: Path) -> None:
    places = [tmp_path / "a", tmp_path / "b"]
    for place in places:
        prepare_place(place)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "paper.pdf").write_bytes(b"signed")
    told = {"OKRUG_BACKUP_PLACES": ":".join(map(str, places)), "OKRUG_FILES": f"{tmp_path}/files"}
    first, _ = copy_files(read_configuration(told))
    (places[0] / first.name / "files" / "paper.pdf").write_bytes(b"forged")

    copy = put_files([*places, tmp_path / "gone"], tmp_path / "back")

    assert copy.is_relative_to(places[1])
    assert (tmp_path / "back" / "paper.pdf").read_bytes() == b"signed"
    (places[1] / first.name / "files" / "paper.pdf").unlink()
    with pytest.raises(BackupRefused, match="Целой копии файлов нет"):
        put_files(places, tmp_path / "again")


def test_an_archive_nobody_switched_on_is_a_trouble(cluster: TestCluster, tmp_path: Path) -> None:
    told = {"OKRUG_BACKUP_PLACES": f"{tmp_path / 'a'}:{tmp_path / 'b'}"}
    told["OKRUG_BACKUP_URL"] = cluster.superuser

    assert find_archive_trouble(read_configuration(told)) == (
        "архив журнала PostgreSQL выключен (archive_mode = off): "
        "что внесено после последней копии, не вернуть"
    )
