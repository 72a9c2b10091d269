"""Places, the archive of WAL, checking and removing: files only, no server."""

from datetime import timedelta
from pathlib import Path

import pytest

from infra.backup import copies, wal
from infra.backup.checks import check_wal, is_due, look, verify
from infra.backup.configuration import Configuration, read_configuration
from infra.backup.copies import check_copy, copy_files, put_sums
from infra.backup.places import (
    BackupRefused,
    Line,
    digest_of,
    finish,
    list_copies,
    now,
    prepare_place,
    read_journal,
    read_places,
    stamp,
)
from infra.backup.pruning import prune
from infra.backup.recovery import lay_out

FIRST = "000000010000000000000003"


@pytest.fixture
def told(tmp_path: Path) -> Configuration:
    """Two prepared places and a folder of files; no server."""
    for name in "ab":
        prepare_place(tmp_path / name)
    (tmp_path / "files" / "s1").mkdir(parents=True)
    (tmp_path / "files" / "s1" / "paper.pdf").write_bytes(b"signed")
    return read_configuration(
        {
            "OKRUG_BACKUP_PLACES": f"{tmp_path / 'a'}:{tmp_path / 'b'}",
            "OKRUG_FILES": str(tmp_path / "files"),
            "OKRUG_BACKUP_BY": "Ткачёв",
        }
    )


def put_copy(place: Path, kind: str, days_ago: float, segment: str = FIRST) -> Path:
    """Put a copy of so long ago, with its mark; of a base only what says where its WAL begins."""
    at = now() - timedelta(days=days_ago)
    copy = place / kind / stamp(at)
    copy.mkdir()
    (copy / "backup_label").write_text(f"START WAL LOCATION: 0/3000028 (file {segment})\n")
    put_sums(copy, [("backup_label", digest_of(copy / "backup_label"))])
    moment = at.isoformat()
    name = f"{kind}/{copy.name}"
    finish(place, name, [Line(kind, str(place), name, moment, moment, "Ткачёв")])
    return copy


def put_segments(places: tuple[Path, ...], tmp_path: Path, *numbers: int) -> None:
    for number in numbers:
        content = tmp_path / "segment"
        content.write_bytes(bytes([number]) * 64)
        wal.put(content, f"0000000100000000{number:08X}", places)


@pytest.mark.requirement("ARC-014")
@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("", "нужны две разные папки"),
        ("/a", "нужны две разные папки"),
        ("/a:/a", "нужны две разные папки"),
        ("/a:/a/b", "внутри другого места"),
    ],
)
def test_one_carrier_is_refused(value: str, word: str) -> None:
    with pytest.raises(BackupRefused, match=word):
        read_places(value)


def test_disk_that_is_not_mounted_is_not_written_to(told: Configuration, tmp_path: Path) -> None:
    (told.places[1] / "okrug-place").unlink()
    (tmp_path / "segment").write_bytes(b"wal")

    with pytest.raises(BackupRefused, match="диск не подключён"):
        wal.put(tmp_path / "segment", FIRST, told.places)
    assert not list((told.places[1] / "wal").iterdir())


def test_segment_comes_back_from_the_place_where_it_is_whole(
    told: Configuration, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_segments(told.places, tmp_path, 3)
    (told.places[0] / "wal" / f"{FIRST}.gz").write_bytes(b"torn")

    assert wal.get(FIRST, tmp_path / "back", told.places)
    assert (tmp_path / "back").read_bytes() == bytes([3]) * 64
    assert FIRST in capsys.readouterr().err
    assert not wal.get("000000010000000000000009", tmp_path / "none", told.places)


def test_segment_is_never_overwritten(told: Configuration, tmp_path: Path) -> None:
    put_segments(told.places, tmp_path, 3)
    put_segments(told.places, tmp_path, 3)  # the server may ask again after a crash
    (tmp_path / "segment").write_bytes(b"of another server")

    with pytest.raises(BackupRefused, match="другой сегмент"):
        wal.put(tmp_path / "segment", FIRST, told.places)


def test_command_of_the_server_says_what_it_could_not(
    told: Configuration, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OKRUG_BACKUP_PLACES", ":".join(map(str, told.places)))

    assert wal.main(["put", "/no/such/segment", FIRST]) == 1
    assert "/no/such/segment" in capsys.readouterr().err


def test_gap_in_the_archive_is_found(told: Configuration, tmp_path: Path) -> None:
    place = told.places[0]
    put_copy(place, "base", 1)
    put_segments(told.places, tmp_path, 3, 4)
    assert check_wal(place) == "журнал: сегментов 2"

    put_segments(told.places, tmp_path, 6)

    with pytest.raises(BackupRefused, match="пропуск перед 000000010000000000000006"):
        check_wal(place)


def test_torn_segment_is_found(told: Configuration, tmp_path: Path) -> None:
    place = told.places[0]
    put_copy(place, "base", 1)
    put_segments(told.places, tmp_path, 3)
    whole = (place / "wal" / f"{FIRST}.gz").read_bytes()
    (place / "wal" / f"{FIRST}.gz").write_bytes(whole[:-6])

    with pytest.raises(BackupRefused, match=FIRST):
        check_wal(place)


@pytest.mark.requirement("ARC-016")
def test_files_are_copied_to_both_places_with_sums(told: Configuration) -> None:
    lines = copy_files(told)

    assert [(line.is_good, line.made_by) for line in lines] == [(True, "Ткачёв")] * 2
    for place in told.places:
        (copy,) = list_copies(place, "files")
        assert (copy / "files" / "s1" / "paper.pdf").read_bytes() == b"signed"
        assert [line.kind for line in read_journal(place)] == ["files"]
        check_copy(copy, "files")


def test_changed_byte_is_found_the_same_day(told: Configuration) -> None:
    copy_files(told)
    (copy,) = list_copies(told.places[1], "files")
    (copy / "files" / "s1" / "paper.pdf").write_bytes(b"forged")

    first, second = verify(told)

    assert not second.is_good
    assert "paper.pdf: контрольная сумма не сходится" in second.note
    assert "paper.pdf" not in first.note


def test_file_that_did_not_change_is_kept_once(
    told: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_files(told)
    monkeypatch.setattr(copies, "now", lambda: now() + timedelta(days=1))

    copy_files(told)

    first, second = (
        copy / "files" / "s1" / "paper.pdf" for copy in list_copies(told.places[0], "files")
    )
    assert first.samefile(second)


def test_lost_place_is_said_and_the_other_gets_its_copy(told: Configuration) -> None:
    (told.places[0] / "okrug-place").unlink()

    first, second = copy_files(told)

    assert not first.is_good
    assert "диск не подключён" in first.note
    assert second.is_good


def test_old_copies_go_and_two_always_stay(told: Configuration, tmp_path: Path) -> None:
    place = told.places[0]
    for days, number in ((90, 3), (60, 4), (50, 5)):
        put_copy(place, "base", days, f"0000000100000000{number:08X}")
    put_segments(told.places, tmp_path, 3, 4, 5, 6)

    line, other = prune(told)

    assert len(list_copies(place, "base")) == 2
    assert [int(name, 16) & 0xF for name in wal.list_segments(place)] == [4, 5, 6]
    assert "сегментов журнала: 1" in line.note
    assert len(wal.list_segments(told.places[1])) == 4  # without a base nothing is too old
    assert other.is_good


@pytest.mark.requirement("ARC-015", part=True)
def test_schools_are_copied_twice_a_week(told: Configuration) -> None:
    def due(days: float) -> bool:
        return is_due(told, "schools", told.schools_every, now() + timedelta(days=days))

    assert due(0)
    for place in told.places:
        put_copy(place, "schools", 0)

    assert not due(2)
    assert due(3)


def test_late_copy_is_a_trouble(told: Configuration) -> None:
    for place in told.places:
        put_copy(place, "schools", 0)
        put_copy(place, "base", 3)

    standing = look(told, now())[0]

    assert [one.partition(": ")[2] for one in standing.troubles] == [
        "копия «base» старше срока или её нет"
    ]


@pytest.mark.parametrize("value", ["0", "-1", "раз в день", "99999"])
def test_schedule_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(BackupRefused, match="нужно целое число"):
        read_configuration({"OKRUG_BACKUP_PLACES": "/a:/b", "OKRUG_BACKUP_BASE_HOURS": value})


def test_folder_that_is_not_empty_is_not_restored_into(told: Configuration, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("18")

    with pytest.raises(BackupRefused, match="не пуста"):
        lay_out(told.places[0], tmp_path / "data", told.places, None)


def test_command_bears_any_path(tmp_path: Path) -> None:
    place = tmp_path / "a place with 100% of 'words'"

    said = wal.archive_settings([place, tmp_path / "b"])["archive_command"]

    assert "100%%" in said
    assert said.endswith("put %p %f")
