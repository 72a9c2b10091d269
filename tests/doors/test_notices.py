"""«Уведомления»: everything told to a person in one list, nobody else's, read by one press."""

import pytest
from django.test import Client

from foundation.db.door import public_transaction, school_transaction
from foundation.notify.models import Notice
from foundation.notify.operations import notify
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from tests.factories.district import ALPHA, TwoSchools

pytestmark = pytest.mark.django_db


def tell(account_id: int, school: SchoolRef | None, key: str, title: str, url: str = "") -> int:
    words = {"kind": "case", "title": title, "text": "Глеб <b>7А</b>", "url": url, "key": key}
    if school is None:
        with public_transaction():
            notify(account_ids=[account_id], **words)
            return Notice.objects.get(key=key).pk
    with school_transaction(Actor.system(school), school.id):
        notify(account_ids=[account_id], **words)
        return Notice.objects.get(key=key).pk


@pytest.fixture
def vera(two: TwoSchools) -> Client:
    return two.sign_in(Role.GUARDIAN)


@pytest.fixture
def vera_id(vera: Client) -> int:
    return int(vera.get("/notices/").wsgi_request.visitor.account_id)  # type: ignore[attr-defined]


def test_notices_of_every_place_stand_in_one_list(
    two: TwoSchools, vera: Client, vera_id: int
) -> None:
    tell(vera_id, two.refs[ALPHA], "a", "Доступ открыт")
    tell(vera_id, None, "b", "Вход с нового устройства")
    tell(vera_id + 1000, two.refs[ALPHA], "c", "Чужое")

    page = vera.get("/notices/").content.decode()

    assert "Доступ открыт" in page
    assert "Вход с нового устройства" in page
    assert "Чужое" not in page
    assert "Глеб &lt;b&gt;7А" in page
    assert "Не прочитано: 2." in page
    assert vera.get("/notices/unread.json").json() == {"unread": 2}


def test_school_without_membership_tells_nothing(
    two: TwoSchools, vera: Client, vera_id: int
) -> None:
    notice = tell(vera_id, two.refs["beta"], "a", "Из чужой школы")

    assert "Из чужой школы" not in vera.get("/notices/").content.decode()
    assert vera.post(f"/notices/beta/{notice}/").status_code == 404


def test_press_marks_as_read_and_leads_there(two: TwoSchools, vera: Client, vera_id: int) -> None:
    notice = tell(vera_id, two.refs[ALPHA], "a", "Доступ открыт", url="/family/")

    answer = vera.post(f"/notices/alpha/{notice}/")

    assert (answer.status_code, answer["Location"]) == (302, "/family/")
    assert vera.get("/notices/unread.json").json() == {"unread": 0}


def test_somebody_elses_notice_stays_unread(two: TwoSchools, vera: Client, vera_id: int) -> None:
    notice = tell(vera_id + 1000, two.refs[ALPHA], "a", "Чужое")

    assert vera.post(f"/notices/alpha/{notice}/").status_code == 404
    assert vera.post("/notices/read/").status_code == 302
    with school_transaction(Actor.system(two.refs[ALPHA]), two.refs[ALPHA].id):
        assert Notice.objects.get(pk=notice).read_at is None


def test_all_are_read_at_once_and_reading_twice_changes_nothing(
    two: TwoSchools, vera: Client, vera_id: int
) -> None:
    tell(vera_id, two.refs[ALPHA], "a", "Первое")
    tell(vera_id, None, "b", "Второе")

    assert [vera.post("/notices/read/").status_code for _ in range(2)] == [302, 302]
    assert "Всё прочитано." in vera.get("/notices/").content.decode()


def test_nothing_told_says_so(vera: Client) -> None:
    assert "Уведомлений нет" in vera.get("/notices/").content.decode()


def test_every_page_leads_to_the_notices(vera: Client) -> None:
    page = vera.get("/notices/").content.decode()

    assert 'href="/notices/" data-notices="/notices/unread.json"' in page
