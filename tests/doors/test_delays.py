"""Guessing costs time; a class behind one address, and the owner elsewhere, are not hindered."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from foundation import clock
from tenants.accounts.delays import say_wait
from tenants.accounts.hashers import ModestArgon2PasswordHasher
from tenants.accounts.models import Attempt, ResetRequest, Session
from tenants.accounts.tasks import wipe_stale_entries_district
from tests.factories.accounts import enter, is_in, let_time_pass, make_account
from tests.factories.district import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-018", part=True)]
HOME: dict[str, Any] = {"REMOTE_ADDR": "85.12.34.56"}
SCHOOL: dict[str, Any] = {"REMOTE_ADDR": "85.12.34.99"}


@pytest.fixture
def anna(db):
    return make_account()


def guess(times: int, login: str = "anna", where: dict[str, Any] | None = None) -> list[int]:
    """Return the statuses of so many wrong passwords."""
    wrong = {"login": login, "password": "неверный"}
    return [Client(**(where or {})).post("/sign-in/", wrong).status_code for _ in range(times)]


@pytest.mark.parametrize("login", ["anna", "nobody", " ANNA "])
def test_sixth_guess_waits_whether_or_not_there_is_such_a_login(anna, login):
    assert guess(6, login) == [400] * 5 + [429]

    answer = enter(Client(), login)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) in {1, 2}
    assert "Подождите" in answer.content.decode()


def test_wait_grows_twofold_up_to_a_quarter_of_an_hour(anna):
    guess(5)
    waits = []
    for _ in range(12):
        waits.append(int(enter(Client(), password="неверный")["Retry-After"]))
        let_time_pass(waits[-1] + 0.01)
        assert guess(1) == [400]

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_while_waiting_no_password_is_looked_at(anna, monkeypatch):
    guess(6)
    monkeypatch.setattr(ModestArgon2PasswordHasher, "verify", None)
    monkeypatch.setattr(ModestArgon2PasswordHasher, "encode", None)

    assert enter(Client()).status_code == 429


def test_right_password_after_the_wait_forgives_everything(anna):
    guess(6)
    let_time_pass(3)
    client = Client()

    assert enter(client).status_code == 302
    assert is_in(client)
    assert guess(5) == [400] * 5


def test_a_day_later_nobody_remembers(anna):
    guess(6)
    let_time_pass(24 * 3600 + 1)

    assert guess(5) == [400] * 5


def test_guesser_elsewhere_does_not_lock_the_owner_out(anna):
    assert guess(6, where=HOME)[-1] == 429

    owner = Client(**SCHOOL)

    assert enter(owner).status_code == 302


def test_class_behind_one_address_is_not_locked_out(anna):
    for pupil in range(40):
        assert guess(4, f"pupil{pupil}", SCHOOL) == [400] * 4

    assert enter(Client(**SCHOOL)).status_code == 302


def test_network_that_guesses_hundreds_of_times_waits_a_little_but_not_its_known_devices(anna):
    device = Client(**SCHOOL)
    assert enter(device).status_code == 302
    guess(1, "nobody", SCHOOL)
    Attempt.objects.filter(failures=1).update(failures=900)
    for attempt in Attempt.objects.all():
        assert attempt.failures == 900
    guess(1, "somebody", SCHOOL)

    waiting = Client(**SCHOOL).post("/sign-in/", {"login": "other", "password": "x"})

    assert waiting.status_code == 429
    assert int(waiting["Retry-After"]) <= 5
    assert enter(device).status_code == 302


def test_program_goes_through_the_same_gate(anna):
    guess(6)

    answer = Client().post(
        "/api/v1/token/", {"login": "anna", "password": PASSWORD}, content_type="application/json"
    )

    assert answer.status_code == 429
    assert answer.json()["code"] == "too-many-attempts"
    assert int(answer["Retry-After"]) >= 1


def test_what_was_typed_is_not_kept(anna):
    guess(1, "мой пароль по ошибке")

    assert "пароль" not in str(list(Attempt.objects.values_list()))


def test_proxy_is_believed_only_when_there_is_one(anna, settings):
    forged = [
        Client().post(
            "/sign-in/",
            {"login": "anna", "password": "неверный"},
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        )
        for number in range(6)
    ]
    assert forged[-1].status_code == 429

    settings.OKRUG_TRUSTED_PROXIES = 1
    behind = Client().post(
        "/sign-in/",
        {"login": "anna", "password": "неверный"},
        headers={"x-forwarded-for": "1.1.1.1, 10.0.0.9"},
    )
    assert behind.status_code == 400


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 секунду"), (2, "2 секунды"), (11, "11 секунд"), (64, "2 минуты"), (900, "15 минут")],
)
def test_wait_is_said_in_words(seconds, said):
    assert say_wait(seconds) == said


def test_night_wipes_what_is_of_no_use(anna):
    guess(2)
    client = Client()
    enter(client)
    Client().post("/sign-in/reset/", {"login": "anna"})
    let_time_pass(25 * 3600)
    ResetRequest.objects.create(login="anna")
    ResetRequest.objects.update(asked_at=clock.now() - timedelta(days=2))

    wipe_stale_entries_district()

    assert (Attempt.objects.count(), Session.objects.count()) == (0, 0)
    assert ResetRequest.objects.count() == 0
