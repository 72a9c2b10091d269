"""From a notice to a letter: to a confirmed address only, and only while the post is open."""

from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError
from django.utils import timezone

from config import tasks
from config.tasks import send_letters_district
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.letters import send_letters
from foundation.notify.models import Notice
from foundation.notify.operations import notify
from kernel.actor import Actor, SchoolRef
from tenants.accounts.models import Contact
from tests.factories.district import open_account

pytestmark = pytest.mark.django_db
SMTP = "smtp.zarechny.example"


@pytest.fixture
def vera(schools: dict[str, SchoolRef]) -> int:
    """Vera with a confirmed address was told something by two schools and by the district."""
    account_id = int(open_account(login="vera").pk)
    Contact.objects.create(
        account_id=account_id,
        kind=Contact.Kind.EMAIL,
        value="vera@zarechny.example",
        confirmed_at=timezone.now(),
    )
    for school in (schools["alpha"], schools["beta"]):
        with school_transaction(Actor.system(school), school.id):
            tell(account_id, school.short_name)
    with public_transaction():
        tell(account_id, "Округ")
    return account_id


def tell(account_id: int, title: str) -> None:
    notify(account_ids=[account_id], kind="case", title=title, text="Глеб, 7А", key="a")


@pytest.fixture
def post(settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, 587
    settings.ALLOWED_HOSTS_OUT = [f"{SMTP}:587"]


def subjects() -> list[str]:
    return [str(letter.subject) for letter in mail.outbox]


def test_letters_of_every_place_go_once(vera: int, post: None) -> None:
    send_letters_district.delay()
    send_letters_district.delay()

    assert subjects() == ["Округ", "Школа «Альфа»", "Школа «Бета»"]
    assert {address for letter in mail.outbox for address in letter.to} == {"vera@zarechny.example"}


def test_nothing_goes_while_the_post_is_closed(vera: int) -> None:
    send_letters_district.delay()

    assert mail.outbox == []
    with public_transaction():
        assert Notice.objects.get().letter == Notice.Letter.WAITING


def test_unconfirmed_address_gets_nothing(vera: int, post: None) -> None:
    Contact.objects.update(confirmed_at=None)

    send_letters_district.delay()

    assert mail.outbox == []


def test_school_in_trouble_does_not_stop_the_others(
    vera: int, post: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = iter(range(10))

    def stumble(**arguments: Any) -> int:
        if next(turn) == 1:
            raise DatabaseError
        return send_letters(**arguments)

    monkeypatch.setattr(tasks, "send_letters", stumble)

    send_letters_district.delay()

    assert subjects() == ["Округ", "Школа «Бета»"]
