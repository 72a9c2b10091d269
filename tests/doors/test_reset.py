"""A forgotten password: one answer for everybody, a code that is short-lived and little-tried."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation import clock
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.models import OutboxEvent
from tenants.accounts.hashers import ModestArgon2PasswordHasher
from tenants.accounts.models import Account, Contact, ResetRequest
from tenants.accounts.operations import block_account
from tests.factories.accounts import Phone, enter, is_in, make_account, signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-018", part=True)]
ADDRESS, GOOD = "anna@school.example", "кораблик плывёт домой"


@pytest.fixture(autouse=True)
def post_is_open(settings):
    settings.EMAIL_HOST = "mail.okrug.example"
    settings.ALLOWED_HOSTS_OUT = ["mail.okrug.example"]


@pytest.fixture
def anna(db) -> Account:
    account = make_account()
    Contact.objects.create(account=account, kind="email", value=ADDRESS, confirmed_at=clock.now())
    return account


def ask(login: str = "anna", client: Client | None = None) -> Any:
    """Ask for a code; what is sent afterwards is sent."""
    answer = (client or Client()).post("/sign-in/reset/", {"login": login})
    deliver_waiting(None, clock.now())
    return answer


def ticket_of(answer: Any) -> str:
    page: str = answer.content.decode()
    return page.split('name="ticket" value="')[1].split('"')[0]


def code_sent() -> str:
    return next(word for word in mail.outbox[-1].body.split() if word.isdigit())


def finish(ticket: str, code: str, password: str = GOOD, client: Client | None = None) -> Any:
    body = {"ticket": ticket, "code": code, "password": password}
    return (client or Client()).post("/sign-in/reset/", body)


def test_code_lets_choose_a_new_password_and_in(anna):
    stolen = signed_in()
    ticket = ticket_of(ask())
    client = Client()

    answer = finish(ticket, code_sent(), client=client)

    assert [one.to for one in mail.outbox] == [[ADDRESS]]
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    assert not is_in(stolen)
    assert enter(Client(), password=GOOD).status_code == 302


def test_answer_says_nothing_of_who_there_is(anna):
    make_account(login="boris")  # without an address
    block_account(account_id=make_account(login="closed").pk, now=clock.now())

    answers = {
        words_of(Client().post("/sign-in/reset/", {"login": login}))
        for login in ("anna", "boris", "closed", "nobody", "a\u200bb", "' OR 1=1 --")
    }

    assert len(answers) == 1
    assert ADDRESS not in answers.pop()


def test_asking_costs_the_same_for_everybody(anna, monkeypatch):
    monkeypatch.setattr(ModestArgon2PasswordHasher, "encode", None)
    told = []
    for login in ("anna", "nobody"):
        with CaptureQueriesContext(connection) as asked:
            Client().post("/sign-in/reset/", {"login": login})
        told.append([one["sql"].split()[0] for one in asked.captured_queries])

    assert told[0] == told[1]
    assert mail.outbox == []  # nothing is sent while somebody waits for the answer


def test_event_carries_a_number_and_the_code_is_nowhere_plain(anna):
    Client().post("/sign-in/reset/", {"login": "anna"})
    event = OutboxEvent.objects.get(name__endswith="ResetAsked")
    assert event.payload == {"request_id": ResetRequest.objects.get().pk}
    deliver_waiting(None, clock.now())

    assert code_sent() not in str(ResetRequest.objects.values_list().get())


def test_code_is_tried_five_times(anna):
    ticket = ticket_of(ask())
    for _ in range(5):
        assert finish(ticket, "00000000").status_code == 400

    assert finish(ticket, code_sent()).status_code == 400
    assert enter(Client()).status_code == 302


def test_code_of_ten_minutes_ago_is_too_late(anna):
    ticket = ticket_of(ask())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_resetrequest SET asked_at = now() - interval '601 seconds'")

    assert finish(ticket, code_sent()).status_code == 400


def test_code_is_used_once_and_fits_its_own_request_only(anna):
    first, code = ticket_of(ask()), code_sent()
    second = ticket_of(ask())

    assert finish(second, code).status_code == 400
    assert finish(first, code).status_code == 302
    assert finish(first, code, "другой пароль тут").status_code == 400


def test_forged_ticket_and_unknown_login_hear_that_the_code_is_wrong(anna):
    unknown = ticket_of(ask("nobody"))
    ask()

    for ticket in (unknown, "1:forged", ticket_of(ask())[:-1]):
        answer = finish(ticket, code_sent())
        assert answer.status_code == 400
        assert "Код не подошёл" in answer.content.decode()


def test_unsuitable_password_leaves_the_code_good(anna):
    ticket = ticket_of(ask())
    for _ in range(7):
        assert finish(ticket, code_sent(), "короткий"[:7]).status_code == 400
        assert finish(ticket, code_sent(), "password").status_code == 400

    assert finish(ticket, code_sent()).status_code == 302


def test_new_password_is_no_way_around_the_second_factor(anna):
    Phone(anna)
    client = Client()

    finish(ticket_of(ask()), code_sent(), client=client)

    assert not is_in(client)


def test_nobodys_post_is_flooded(anna):
    for number in range(8):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        ask(client=client)

    assert len(mail.outbox) <= 6
    answers = [Client().post("/sign-in/reset/", {"login": "anna"}).status_code for _ in range(6)]
    assert answers[-1] == 400


def test_unconfirmed_address_gets_no_code(anna):
    Contact.objects.update(confirmed_at=None)

    ask()

    assert mail.outbox == []


def test_where_nothing_can_be_sent_the_page_says_whom_to_ask(anna, settings):
    settings.EMAIL_HOST = ""

    page = Client().get("/sign-in/reset/").content.decode()

    assert "классного руководителя" in page
    assert '<form class="form' not in page
    assert Client().post("/sign-in/reset/", {"login": "anna"}).status_code == 200
    assert ResetRequest.objects.count() == 0


# --- Addresses -------------------------------------------------------------------------------


def test_address_is_of_use_once_its_code_is_typed(db):
    make_account()
    client = signed_in()
    client.post(
        "/account/contacts/", {"kind": "email", "action": "add", "address": " A@B.EXAMPLE "}
    )
    deliver_waiting(None, clock.now())
    contact = Contact.objects.get()
    assert (contact.value, contact.confirmed_at) == ("a@b.example", None)

    def confirm(code: str) -> int:
        body = {"kind": "email", "action": "confirm", "code": code}
        return client.post("/account/contacts/", body).status_code

    assert confirm("00000000") == 400
    assert confirm(code_sent()) == 302
    assert Contact.objects.get().confirmed_at is not None
    assert code_sent() not in str(Contact.objects.values_list().get())


def test_code_of_an_address_is_tried_five_times(db):
    make_account()
    client = signed_in()
    client.post("/account/contacts/", {"kind": "email", "action": "add", "address": "a@b.example"})
    deliver_waiting(None, clock.now())
    body = {"kind": "email", "action": "confirm"}
    for _ in range(5):
        client.post("/account/contacts/", {**body, "code": "00000000"})

    assert client.post("/account/contacts/", {**body, "code": code_sent()}).status_code == 400


@pytest.mark.parametrize("address", ["", "не адрес", "a@", "+7 12", "a" * 300])
def test_what_is_no_address_stays_typed_with_a_sentence(db, address):
    make_account()

    answer = signed_in().post(
        "/account/contacts/", {"kind": "email", "action": "add", "address": address}
    )

    assert answer.status_code == 400
    assert Contact.objects.count() == 0
