"""The pages of backups: the district's journal and places, what a school sees of its own copies."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.roles import Role
from services.people.models import Appointment, Employee
from services.regulation.operations import change_setting
from tenants.backups.models import BackupPlace
from tenants.backups.operations import write_entries
from tests.factories.district import sign_in
from tests.tenancy.test_backup_journal import a_line

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
DISTRICT = "/district/backups/"
OWN = "/s/alpha/office/backups/"
ROOM = {"carrier": "external", "room": "Архив, каб. 31", "responsible": "Ткачёв П. С."}


@pytest.fixture(autouse=True)
def _on_friday(monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", FRIDAY.isoformat())


@pytest.fixture
def copied(schools):
    """A base on Thursday in both places; Alpha by itself on Tuesday, Beta's in one place only."""
    alpha, beta = schools["alpha"].id, schools["beta"].id

    def dump(place: str, school_id: int, name: str):
        return a_line(place, kind="school", days=1, school_id=school_id, name=name)

    write_entries(
        [
            *(a_line(place, days=3, size=61_500_000) for place in ("/a", "/b")),
            *(dump(place, alpha, "schools/t/s1.dump") for place in ("/a", "/b")),
            dump("/a", beta, "schools/t/s2.dump"),
        ]
    )
    return schools


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("ARC-014")
def test_administrator_says_where_places_stand(copied):
    admin = sign_in((Role.DISTRICT_ADMIN, None, None))

    before = page(admin, DISTRICT)
    written = admin.post(f"{DISTRICT}place/", {"path": "/a", **ROOM})
    refused = admin.post(f"{DISTRICT}place/", {"path": "/b", **ROOM})

    assert "/b: укажите помещение" in before
    assert "61,5 МБ" in before
    assert written.status_code == 302
    assert refused.status_code == 400
    assert "хранятся в разных помещениях" in refused.content.decode()
    assert [(one.path, one.room) for one in BackupPlace.objects.all()] == [("/a", ROOM["room"])]


def test_officer_reads_and_changes_nothing(copied):
    officer = sign_in((Role.DISTRICT_OFFICER, None, None))

    assert "копия всей базы" in page(officer, DISTRICT)
    assert "Записать место" not in page(officer, DISTRICT)
    assert officer.post(f"{DISTRICT}place/", {"path": "/a", **ROOM}).status_code == 404
    assert not BackupPlace.objects.exists()


def test_old_copy_is_said_aloud(schools):
    write_entries([a_line(place, days=-30) for place in ("/a", "/b")])

    assert "Свежей копии базы в двух местах нет" in page(
        sign_in((Role.DISTRICT_ADMIN, None, None)), DISTRICT
    )


@pytest.mark.requirement("ARC-015")
def test_school_sees_two_copies_this_week(copied):
    own = page(sign_in((Role.ADMINISTRATOR, copied["alpha"], None)), OWN)

    assert "<b>2</b><span>копий за неделю; положено 2</span>" in own
    assert "копий меньше, чем положено" not in own
    assert "s1.dump" in own
    assert "s2.dump" not in own


@pytest.mark.requirement("ARC-015")
def test_copy_in_one_place_is_not_enough(copied):
    own = page(sign_in((Role.ADMINISTRATOR, copied["beta"], None)), "/s/beta/office/backups/")

    assert "<b>1</b><span>копий за неделю; положено 2</span>" in own
    assert "копий меньше, чем положено" in own


@pytest.mark.requirement("ARC-015")
def test_school_may_ask_for_more(copied):
    alpha = copied["alpha"]
    with school_transaction(Actor.system(alpha), alpha.id):
        change_setting(
            actor=Actor.system(alpha),
            key="backup.times_a_week",
            value=3,
            clause="п. 2.5",
            since_on=date(2026, 9, 1),
        )

    own = page(sign_in((Role.ADMINISTRATOR, alpha, None)), OWN)

    assert "положено 3" in own
    assert "п. 2.5" in own
    assert "копий меньше, чем положено" in own


@pytest.mark.requirement("ARC-018")
def test_responsible_is_appointed_by_order(copied):
    alpha = copied["alpha"]
    admin = sign_in((Role.ADMINISTRATOR, alpha, None))
    before = page(admin, OWN)
    with school_transaction(Actor.system(alpha), alpha.id):
        boris = Employee.objects.create(last_name="Борин", first_name="Борис", post="завуч")
        Appointment.objects.create(
            duty=Appointment.Duty.ARCHIVE,
            employee=boris,
            order_number="17",
            order_on=date(2026, 9, 1),
            since_on=date(2026, 9, 1),
        )

    assert "Ответственный за электронный архив не назначен" in before
    assert "Борин" in page(admin, OWN)


@pytest.mark.requirement("ARC-017", part=True)
def test_external_carrier_is_named_to_the_school(copied):
    BackupPlace.objects.create(path="/b", set_at=datetime(2026, 11, 1, tzinfo=UTC), **ROOM)

    own = page(sign_in((Role.ADMINISTRATOR, copied["alpha"], None)), OWN)

    assert "Архив, каб. 31" in own
    assert "внешний диск, Ткачёв П. С." in own


def test_a_week_is_counted_back_from_now(schools):
    alpha = schools["alpha"].id
    write_entries(
        [
            a_line(place, days=-4, kind="school", school_id=alpha, name="schools/o/s1.dump")
            for place in ("/a", "/b")
        ]
    )

    own = page(sign_in((Role.ADMINISTRATOR, schools["alpha"], None)), OWN)

    assert "<b>0</b><span>копий за неделю" in own
