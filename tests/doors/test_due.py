"""The calculator of terms in the office and in the committee, and the region's days beside it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.dispatch import deliver_waiting
from kernel.actor import Actor
from kernel.roles import Role
from services.regulation.operations import change_setting
from tenants.registry.operations import add_regional_day
from tenants.registry.queries import list_regional_days
from tests.factories.district import ALPHA, TwoSchools

pytestmark = pytest.mark.django_db
OFFICE = "/s/alpha/office/due/"
DISTRICT = "/district/due/"
OVER_NEW_YEAR = "?start=2026-12-28&days=10&unit=working&week={week}&region={region}"


def words_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\xa0", " ")


def days_kept() -> list[date]:
    with public_transaction():
        return [card.date for card in list_regional_days()]


@pytest.fixture
def officer(two: TwoSchools) -> Client:
    return two.sign_in(Role.DISTRICT_ADMIN, None)


@pytest.mark.requirement("SRV-009", part=True)
@pytest.mark.parametrize(
    ("week", "due"), [("5", "20 января 2027"), ("6", "18 января 2027")], ids=["five", "six"]
)
def test_due_day_stands_with_its_reasons(two: TwoSchools, week: str, due: str) -> None:
    secretary = two.sign_in(Role.SECRETARY)

    page = words_of(secretary.get(OFFICE + OVER_NEW_YEAR.format(week=week, region="none")))

    assert f"<b>{due} г.</b>" in page
    assert "праздник: Рождество Христово" in page
    assert "День предварительный" in page
    assert 'value="2026-12-28"' in page


def test_school_asks_by_its_own_week_and_days(two: TwoSchools) -> None:
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        change_setting(
            actor=Actor.system(school),
            key="deadline.week",
            value=6,
            clause="п. 5",
            since_on=date(2026, 1, 1),
        )
    with public_transaction():
        add_regional_day(account_id=None, day=date(2026, 11, 24), kind="off", act="Указ")
    deliver_waiting(None, clock.now())
    secretary = two.sign_in(Role.SECRETARY)

    page = words_of(secretary.get(f"{OFFICE}?start=2026-11-20&days=3"))

    assert "<b>25 ноября 2026 г.</b>" in page
    assert "нерабочий день региона" in page


def test_committee_counts_by_the_days_of_the_region(two: TwoSchools, officer: Client) -> None:
    with public_transaction():
        add_regional_day(account_id=None, day=date(2026, 11, 24), kind="off", act="Указ")

    page = words_of(officer.get(f"{DISTRICT}?start=2026-11-20&days=3"))
    plain = words_of(officer.get(f"{DISTRICT}?start=2026-11-20&days=3&region=none"))
    adygea = words_of(officer.get(f"{DISTRICT}?start=2026-10-02&days=1&region=adygea"))

    assert "<b>26 ноября 2026 г.</b>" in page
    assert "<b>25 ноября 2026 г.</b>" in plain
    assert "<b>6 октября 2026 г.</b>" in adygea
    assert "известны не все" in adygea


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?start=&days=",
        "?days=10&start=28.13.2026",
        "?days=9999",
        "?days=-1",
        "?days=abc",
        "?start=0001-01-01",
        "?start=9999-12-31",
        "?week=7",
        "?unit=years",
        "?region=atlantis",
    ],
)
def test_page_bears_whatever_is_asked(two: TwoSchools, asked: str) -> None:
    secretary = two.sign_in(Role.SECRETARY)

    answer = secretary.get(OFFICE + asked)

    assert answer.status_code == 200
    if asked:
        assert "field-error" in words_of(answer)


# --- Days of the region ---------------------------------------------------------------------------


def test_day_is_added_and_removed(two: TwoSchools, officer: Client) -> None:
    body = {"date": "2026-10-05", "kind": "off", "act": "Закон  республики № 5"}

    added = officer.post("/district/calendar/add/", body)
    page = words_of(officer.get("/district/calendar/"))

    assert (added.status_code, days_kept()) == (302, [date(2026, 10, 5)])
    assert "5 октября 2026" in page
    assert "Закон республики № 5" in page
    with public_transaction():
        day_id = list_regional_days()[0].id
    assert officer.post(f"/district/calendar/{day_id}/remove/").status_code == 302
    assert days_kept() == []
    assert "Региональных дней нет" in words_of(officer.get("/district/calendar/"))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "Укажите день."),
        ({"date": "2026-10-05", "kind": "off", "act": " "}, "Укажите закон или указ."),
        ({"date": "2027-01-05", "kind": "work", "act": "Указ"}, "рабочим его сделать нельзя"),
        ({"date": "2026-11-24", "kind": "off", "act": "Указ"}, "уже внесён"),
        ({"date": "1812-09-07", "kind": "off", "act": "Указ"}, "Год — с 2020"),
        ({"date": "2026-10-05", "kind": "holiday", "act": "Указ"}, "holiday"),
    ],
)
def test_refused_day_stays_in_the_form_with_the_reason(
    two: TwoSchools, officer: Client, body: dict[str, str], why: str
) -> None:
    with public_transaction():
        add_regional_day(account_id=None, day=date(2026, 11, 24), kind="off", act="Указ")

    answer = officer.post("/district/calendar/add/", body)

    assert answer.status_code == 400
    assert why in words_of(answer)
    assert days_kept() == [date(2026, 11, 24)]


def test_officer_reads_and_does_not_change(two: TwoSchools) -> None:
    reader = two.sign_in(Role.DISTRICT_OFFICER, None)
    body = {"date": "2026-10-05", "kind": "off", "act": "Указ"}

    assert "Внести день" not in words_of(reader.get("/district/calendar/"))
    assert reader.post("/district/calendar/add/", body).status_code == 404
    assert days_kept() == []
