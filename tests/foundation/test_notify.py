"""Notices: said once to each, read by their owner only; letters about them, never twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now

from foundation import clock
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.letters import ATTEMPTS, send_letters
from foundation.notify.models import Notice
from foundation.notify.operations import mark_read, notify, notify_address, sweep_old_notices
from foundation.notify.queries import count_unread, get_notice, list_notices
from foundation.transport.mail import UnableToSend
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound

VERA, DMITRY, NOBODY = 11, 12, 13
ADDRESSES = {VERA: "vera@zarechny.example", DMITRY: "dmitry@zarechny.example"}
SMTP = "smtp.zarechny.example"


@contextmanager
def opened(school: SchoolRef) -> Iterator[None]:
    with school_transaction(Actor.system(school), school.id):
        yield


def tell(*accounts: int, key: str = "case-1", **more: str) -> None:
    words = {"kind": "case", "title": "Доступ открыт", "text": "Глеб, 7А"}
    notify(account_ids=accounts, key=key, **(words | more))


@pytest.fixture
def post(settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, 587
    settings.ALLOWED_HOSTS_OUT = [f"{SMTP}:587"]
    settings.PORTAL_URL = "https://okrug.example"


def send(school: SchoolRef, now: datetime | None = None) -> int:
    return send_letters(
        door=lambda: opened(school),
        find_addresses=lambda ids: {one: ADDRESSES[one] for one in ids if one in ADDRESSES},
        now=now or clock.now(),
    )


def test_each_account_is_told_once(school: SchoolRef) -> None:
    with opened(school):
        tell(VERA, DMITRY, VERA)
        tell(VERA, title="Другими словами")
        tell(VERA, key="case-2")

        assert [card.title for card in list_notices(account_id=VERA)] == ["Доступ открыт"] * 2
        assert (count_unread(account_id=VERA), count_unread(account_id=DMITRY)) == (2, 1)
        assert count_unread(account_id=NOBODY) == 0


def test_schools_and_the_district_tell_apart(schools: dict[str, SchoolRef]) -> None:
    with opened(schools["alpha"]):
        tell(VERA)
    with opened(schools["beta"]):
        assert list_notices(account_id=VERA) == []
    with public_transaction():
        tell(VERA)
        assert count_unread(account_id=VERA) == 1


def test_only_the_owner_reads_and_marks(school: SchoolRef) -> None:
    now = clock.now()
    with opened(school):
        tell(VERA)
        tell(VERA, key="case-2")
        notice = list_notices(account_id=VERA)[0].id
        with pytest.raises(NotFound):
            get_notice(account_id=DMITRY, notice_id=notice)

        assert mark_read(account_id=DMITRY, now=now, notice_id=notice) == 0
        assert mark_read(account_id=VERA, now=now, notice_id=notice) == 1
        assert get_notice(account_id=VERA, notice_id=notice).is_read
        assert mark_read(account_id=VERA, now=now) == 1
        assert count_unread(account_id=VERA) == 0


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil", "x"])
def test_notice_leads_nowhere_outside(school: SchoolRef, url: str) -> None:
    with opened(school), pytest.raises(ValueError, match="page of ours"):
        tell(VERA, url=url)


def test_old_notices_are_swept(school: SchoolRef) -> None:
    now = clock.now()
    with opened(school):
        tell(VERA)
        tell(VERA, key="old")
        Notice.objects.filter(key="old").update(created_at=now - timedelta(days=401))

    assert sweep_old_notices(school, now) == 1
    with opened(school):
        assert [row.key for row in Notice.objects.all()] == ["case-1"]


# --- Letters -------------------------------------------------------------------------------------


def test_letter_says_the_title_and_no_child(school: SchoolRef, post: None) -> None:
    with opened(school):
        tell(VERA)

    assert send(school) == 1
    (letter,) = mail.outbox
    assert letter.to == ["vera@zarechny.example"]
    assert letter.subject == "Доступ открыт"
    assert "https://okrug.example/notices/" in letter.body
    assert "Глеб" not in letter.body + letter.subject


def test_letter_goes_once(school: SchoolRef, post: None) -> None:
    with opened(school):
        tell(VERA)

    assert [send(school), send(school), len(mail.outbox)] == [1, 0, 1]


def test_account_without_a_confirmed_address_gets_no_letter(school: SchoolRef, post: None) -> None:
    with opened(school):
        tell(NOBODY)

    assert send(school) == 0
    with opened(school):
        assert Notice.objects.get().letter == Notice.Letter.UNWANTED


def test_broken_off_letter_is_lent_again_later_and_given_up_in_the_end(
    school: SchoolRef, post: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: str) -> None:
        raise UnableToSend

    monkeypatch.setattr("foundation.notify.letters.send_mail", fail)
    with opened(school):
        tell(VERA)
        Notice.objects.update(created_at=Now())
    now = clock.now()

    for attempt in range(1, ATTEMPTS + 1):
        send(school, now)
        send(school, now)  # lent: nobody else takes it
        with opened(school):
            row = Notice.objects.get()
            assert row.mail_attempts == attempt
            assert row.letter == ("failed" if attempt == ATTEMPTS else "waiting")
        now += timedelta(minutes=16)
    assert mail.outbox == []


def test_what_is_days_old_when_the_post_opens_is_not_sent(school: SchoolRef, post: None) -> None:
    with opened(school):
        tell(VERA)

    assert send(school, clock.now() + timedelta(days=4)) == 0
    assert mail.outbox == []


# --- Letters to who has no account ---------------------------------------------------------------


def write(address: str = "nina@zarechny.example", key: str = "case-1") -> None:
    notify_address(
        address=address, kind="case", title="Заявление № 1", text="Состояние — по коду.",
        url="/p/alpha/status/", key=key,
    )  # fmt: skip


@pytest.mark.requirement("INF-002", part=True)
def test_address_without_an_account_gets_the_letter_once_and_is_wiped(
    school: SchoolRef, post: None
) -> None:
    with opened(school):
        write()
        write("other@zarechny.example")  # the same key: said already
        tell(VERA)

    assert [send(school), send(school)] == [2, 0]
    letter = next(one for one in mail.outbox if one.to == ["nina@zarechny.example"])
    assert letter.subject == "Заявление № 1"
    assert "Состояние — по коду.\nhttps://okrug.example/p/alpha/status/" in letter.body
    with opened(school):
        assert set(Notice.objects.values_list("address", "letter")) == {("", "sent")}
        assert list_notices(account_id=VERA)[0].title == "Доступ открыт"


def test_phone_gets_an_sms_when_there_is_a_gateway_and_waits_until_then(
    school: SchoolRef, post: None, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr("foundation.notify.letters.send_sms", lambda **more: sent.append(more))
    with opened(school):
        write("+79001234567")

    assert (send(school), sent) == (0, [])
    settings.OKRUG_SMS_URL = "https://sms.example/send"
    assert send(school) == 0  # a gateway nobody listed is no way out
    settings.ALLOWED_HOSTS_OUT = ["sms.example:443"]
    assert send(school) == 1

    assert sent == [
        {
            "to": "+79001234567",
            "text": "Заявление № 1. Состояние — по коду. https://okrug.example/p/alpha/status/",
        }
    ]


def test_address_of_a_letter_that_will_never_go_is_wiped(school: SchoolRef, post: None) -> None:
    with opened(school):
        write("нет адреса")
        write(key="old")
        Notice.objects.filter(key="old").update(created_at=clock.now() - timedelta(days=4))

    assert send(school) == 0
    with opened(school):
        states = dict(Notice.objects.values_list("key", "letter"))
        assert states == {"case-1": "failed", "old": "unwanted"}
        assert not Notice.objects.exclude(address="").exists()
