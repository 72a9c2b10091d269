"""The journal of backups: what counts as a copy, who keeps it apart, that it is only added to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction

from tenants.backups.models import BackupEntry
from tenants.backups.operations import PlaceIsNotApart, describe_place, write_entries
from tenants.backups.queries import (
    get_last_backup_at,
    list_entries,
    list_places,
    list_school_copies,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 16, 2, tzinfo=UTC)


def a_line(place: str = "/a", *, days: int = 0, kind: str = "base", **more: object):
    at = MONDAY + timedelta(days=days)
    line = {
        "kind": kind,
        "school_id": None,
        "place": place,
        "name": f"{kind}/{at:%Y%m%dT%H%M%SZ}",
        "size": 10,
        "digest": "d" * 64,
        "started_at": at.isoformat(),
        "finished_at": (at + timedelta(minutes=5)).isoformat(),
        "is_good": True,
        "made_by": "расписание",
        "note": "",
    }
    return line | more


def test_line_read_twice_is_written_once():
    assert write_entries([a_line(), a_line("/b")]) == 2
    assert write_entries([a_line(), a_line("/b"), a_line(days=1)]) == 1


@pytest.mark.requirement("ARC-014", part=True)
def test_copy_counts_when_it_lies_in_both_places():
    write_entries([a_line(), a_line("/b"), a_line(days=3)])

    assert get_last_backup_at(places=2) == MONDAY + timedelta(minutes=5)
    assert get_last_backup_at(places=1) == MONDAY + timedelta(days=3, minutes=5)


def test_failed_copy_does_not_count():
    write_entries([a_line(is_good=False, note="нет места")])

    assert get_last_backup_at() is None
    assert [line.note for line in list_entries()] == ["нет места"]


@pytest.mark.requirement("ARC-015", part=True)
def test_school_sees_its_own_copies_and_those_of_the_whole_base(school, other_school):
    write_entries(
        [
            *(a_line(place, days=1) for place in ("/a", "/b")),
            *(a_line(place, days=3, kind="school", school_id=school.id) for place in ("/a", "/b")),
            *(a_line("/a", days=4, kind="school", school_id=other_school.id),),
            a_line("/a", days=5, kind="school", school_id=school.id),
        ]
    )

    copies = list_school_copies(school_id=school.id, since=MONDAY, places=2)

    assert copies == [MONDAY + timedelta(days=days, minutes=5) for days in (3, 1)]
    assert {line.school_id for line in list_entries(school_id=school.id)} == {None, school.id}


def test_journal_is_only_added_to():
    write_entries([a_line()])

    with pytest.raises(ProgrammingError), transaction.atomic():
        BackupEntry.objects.update(is_good=False)
    with pytest.raises(ProgrammingError), transaction.atomic():
        BackupEntry.objects.all().delete()


@pytest.mark.requirement("ARC-014", part=True)
def test_two_carriers_do_not_stand_in_one_room():
    def describe(path: str, room: str) -> None:
        describe_place(
            account_id=None, path=path, carrier="server", room=room, responsible="Ткачёв П. С."
        )

    describe("/a", "Серверная, каб. 12")
    with pytest.raises(PlaceIsNotApart):
        describe("/b", " серверная,  каб. 12 ")
    describe("/b", "Архив, каб. 31")
    describe("/a", "Серверная, каб. 14")

    assert [(place.path, place.room) for place in list_places()] == [
        ("/a", "Серверная, каб. 14"),
        ("/b", "Архив, каб. 31"),
    ]
