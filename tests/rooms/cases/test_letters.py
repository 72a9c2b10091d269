"""Who applied without signing in hears by letter, and a stranger learns nothing from it."""

from typing import Any

import pytest

from foundation.notify.models import Notice
from kernel.names import FullName
from services.cases.operations import desk, service
from services.people.models import Guardian
from tests.rooms.cases.families import Family, noon

pytestmark = pytest.mark.django_db
ADDRESS = "vera@zarechny.example"


def letters() -> list[dict[str, Any]]:
    """Return the letters that wait, the oldest first."""
    rows = Notice.objects.filter(account_id=None).order_by("pk")
    return [dict(row) for row in rows.values("address", "title", "text", "url")]


def words_of_last(family: Family) -> str:
    """Return what the last letter says, without the number of the application."""
    last = letters()[-1]
    number = last["title"].split("№ ")[1].split(" ")[0]
    return f"{last['title']} {last['text']} {last['url']}".replace(number, "N")


@pytest.mark.requirement("INF-002", "SRV-011", part=True)
def test_registration_refusal_and_access_reach_an_address_without_an_account(
    family: Family,
) -> None:
    refused = family.apply(email=ADDRESS)
    assert [one["title"] for one in letters()] == [f"Заявление № {refused.number} зарегистрировано"]
    desk.refuse_to_accept(
        actor=family.director, case_id=refused.case_id, ground="stranger", now=noon()
    )
    refusal = words_of_last(family)
    family.granted(email=ADDRESS)
    access = words_of_last(family)

    assert refusal == access  # a stranger reads the same, whatever was decided
    assert {one["address"] for one in letters()} == {ADDRESS}
    assert letters()[-1]["url"] == "/p/alpha/status/"


@pytest.mark.requirement("PDP-005", part=True)
def test_letter_names_no_child_no_parent_and_no_code(family: Family) -> None:
    receipt = family.apply(email=ADDRESS)
    family.granted(email=ADDRESS)

    said = " ".join(f"{one['title']} {one['text']} {one['url']}" for one in letters())
    for secret in ("Глеб", "Верин", "7А", "7а", receipt.secret, "дневник", "доступ"):
        assert secret.lower() not in said.lower()


def test_phone_is_written_to_when_there_is_no_e_mail(family: Family) -> None:
    family.apply(phone="+79001234567", email="")

    assert [one["address"] for one in letters()] == ["+79001234567"]


def test_who_has_a_login_is_told_in_the_portal_only(family: Family) -> None:
    Guardian.objects.filter(pk=family.small.vera).update(account_id=20)
    case_id = family.recognised(email=ADDRESS)
    before = len(letters())

    service.withdraw(actor=family.vera, case_id=case_id, now=noon())

    assert len(letters()) == before
    assert Notice.objects.get(account_id=20).title == "Заявление отозвано"


def test_letter_of_another_child_says_the_same(family: Family) -> None:
    """The form never says whether a child learns here, and neither does the letter."""
    family.apply(email=ADDRESS)
    known = words_of_last(family)
    family.apply(email=ADDRESS, child=FullName("Никогдаев", "Нил"))

    assert words_of_last(family) == known
