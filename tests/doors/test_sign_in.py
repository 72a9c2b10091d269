"""Signing in and out: one answer for every failure, sessions that end, cookies that keep still."""

import re
import time
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import IntegrityError, transaction
from django.test import Client

from kernel.roles import Role
from tenants.accounts.hashers import ModestArgon2PasswordHasher
from tenants.accounts.models import Account
from tenants.accounts.operations import set_password
from tests.factories.district import PASSWORD, TwoSchools, open_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(two: TwoSchools) -> Account:
    """Anna, whose password is known."""
    account = open_account((Role.TEACHER, two.refs["alpha"], two.alpha.anna), login="anna")
    set_password(account_id=account.pk, password=PASSWORD)
    account.refresh_from_db()
    return account


def enter(client: Client, login: str = "anna", password: str = PASSWORD, **more: str) -> Any:
    """Send the sign-in form."""
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def is_in(client: Client) -> bool:
    """Return whether somebody is signed in."""
    return client.get("/api/v1/me/").status_code == 200


# --- Letting in --------------------------------------------------------------------------------


@pytest.mark.requirement("ACC-001")
def test_login_and_password_let_in(anna):
    client = Client()

    answer = enter(client)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/api/v1/me/").json()["name"] == anna.display_name


@pytest.mark.requirement("ACC-001")
def test_login_is_one_persons_only(anna):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(login="anna", display_name="Другая Анна")


@pytest.mark.parametrize("login", ["Anna", " anna ", "ANNA"])
def test_login_is_read_as_people_type_it(anna, login):
    client = Client()
    enter(client, login)

    assert is_in(client)


@pytest.mark.parametrize(
    "password", ["", PASSWORD + " ", PASSWORD.upper(), "неверный", "а" * 100_000]
)
def test_wrong_password_lets_nobody_in(anna, password):
    client = Client()

    answer = enter(client, password=password)

    assert answer.status_code == 400
    assert "Логин или пароль не подходят" in answer.content.decode()
    assert "okrug" not in client.cookies
    assert not is_in(client)


def test_account_without_a_password_lets_nobody_in(two):
    open_account((Role.TEACHER, two.refs["alpha"], two.alpha.anna), login="new")
    unusable = Account(login="unusable", display_name="А")
    unusable.set_unusable_password()
    unusable.save()

    for login in ("new", "unusable"):
        for password in ("", "!", unusable.password):
            client = Client()
            assert enter(client, login, password).status_code == 400
            assert not is_in(client)


@pytest.mark.parametrize("login", ["nobody", "", "a" * 10_000, "ан\u200bна", "' OR 1=1 --"])
def test_unknown_login_looks_like_a_wrong_password(anna, login):
    unknown, wrong = enter(Client(), login, "неверный"), enter(Client(), "anna", "неверный")

    assert unknown.status_code == wrong.status_code == 400
    assert _without_what_differs(unknown, login) == _without_what_differs(wrong, "anna")


def _without_what_differs(answer: Any, login: str) -> str:
    page = answer.content.decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'(id="login" name="login" value=")[^"]*"', r'\1"', page)


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the hasher was asked to do, in order."""
    done: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(ModestArgon2PasswordHasher, name)

        def noted(self: Any, *args: Any, _name: str = name, _real: Any = real) -> Any:
            done.append(_name)
            return _real(self, *args)

        monkeypatch.setattr(ModestArgon2PasswordHasher, name, noted)
    return done


def test_every_failure_costs_one_hash(anna, hashing):
    unusable = Account(login="unusable", display_name="А")
    unusable.set_unusable_password()
    unusable.save()
    closed = open_account(login="closed")
    set_password(account_id=closed.pk, password=PASSWORD)
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    hashing.clear()

    costs = {}
    for login in ("anna", "nobody", "unusable", "closed", "a" * 10_000):
        enter(Client(), login, "неверный")
        costs[login] = len(hashing)
        hashing.clear()

    assert costs == dict.fromkeys(costs, 1)


def test_unknown_login_takes_as_long_as_a_wrong_password(anna):
    """The least of some tries: a hash takes tens of milliseconds, all the rest a few."""

    def least(login: str) -> float:
        times = []
        for _ in range(4):
            started = time.perf_counter()
            enter(Client(), login, "неверный")
            times.append(time.perf_counter() - started)
        return min(times)

    assert 0.4 < least("nobody") / least("anna") < 2.5


def test_password_is_kept_as_argon2id_of_seven_mebibytes_and_five_passes(anna):
    algorithm, kind, version, cost, _ = anna.password.split("$", 4)

    assert (algorithm, kind, version, cost) == ("argon2", "argon2id", "v=19", "m=7168,t=5,p=1")
    assert PASSWORD not in anna.password


class FormerHasher(Argon2PasswordHasher):
    """What passwords were kept with before ADR 12."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1


def test_password_kept_at_another_cost_lets_in_and_is_kept_anew(anna):
    anna.password = FormerHasher().encode(PASSWORD, FormerHasher().salt())
    anna.save(update_fields=["password"])

    assert enter(Client(), password="неверный").status_code == 400
    anna.refresh_from_db()
    assert "$m=19456,t=2,p=1$" in anna.password
    assert enter(Client()).status_code == 302

    anna.refresh_from_db()
    assert "$m=7168,t=5,p=1$" in anna.password
    assert enter(Client()).status_code == 302


def test_form_needs_its_key(anna):
    client = Client(enforce_csrf_checks=True)

    answer = enter(client)

    assert answer.status_code == 403
    assert not is_in(client)


# --- Where to ----------------------------------------------------------------------------------


def test_person_goes_on_where_they_were_going(anna):
    client = Client()
    asked = client.get("/s/alpha/today/?day=2026-11-19")
    assert asked["Location"] == "/sign-in/?next=%2Fs%2Falpha%2Ftoday%2F%3Fday%3D2026-11-19"

    answer = enter(client, next="/s/alpha/today/?day=2026-11-19")

    assert answer["Location"] == "/s/alpha/today/?day=2026-11-19"
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,a",
        " https://evil.example",
        "\thttps://evil.example",
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
    ],
)
def test_nobody_is_led_to_another_site(anna, target):
    shown = Client().get("/sign-in/", {"next": target}).content.decode()

    assert 'name="next" value=""' in shown
    assert enter(Client(), next=target)["Location"] == "/"


# --- Sessions ----------------------------------------------------------------------------------


def test_cookie_of_the_session_is_out_of_reach_of_scripts_and_other_sites(anna):
    client = Client()
    enter(client)

    cookie = client.cookies["okrug"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert cookie["max-age"] == 12 * 60 * 60
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_session_gets_a_new_number_when_another_signs_in(anna):
    boris = open_account(login="boris", name="Борин Борис")
    set_password(account_id=boris.pk, password=PASSWORD)
    client = Client()
    enter(client)
    first = client.cookies["okrug"].value
    enter(client, "boris")

    assert client.get("/api/v1/me/").json()["name"] == "Борин Борис"
    assert client.cookies["okrug"].value != first
    assert not is_in(_with_session(first))


def test_session_number_planted_by_another_is_not_taken_over(anna):
    client = _with_session("plantedplantedplantedplantedplan")
    enter(client)

    assert is_in(client)
    assert not is_in(_with_session("plantedplantedplantedplantedplan"))


def _with_session(number: str) -> Client:
    client = Client()
    client.cookies["okrug"] = number
    return client


def test_sign_out_ends_the_session_by_post_only(anna):
    client = Client()
    enter(client)
    number = client.cookies["okrug"].value

    assert client.get("/sign-out/").status_code == 405
    assert is_in(client)
    answer = client.post("/sign-out/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert not is_in(client)
    assert not is_in(_with_session(number))


def test_sign_out_by_another_site_is_refused(anna):
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)

    assert client.post("/sign-out/").status_code == 403
    assert is_in(client)


def test_new_password_ends_sessions_and_keys(anna):
    client, program = Client(), Client()
    enter(client)
    credentials = {"login": "anna", "password": PASSWORD}
    token = program.post("/api/v1/token/", credentials, content_type="application/json").json()
    key = {"authorization": f"Token {token['token']}"}
    assert program.get("/api/v1/me/", headers=key).status_code == 200

    set_password(account_id=anna.pk, password="новый пароль 43")

    assert not is_in(client)
    assert program.get("/api/v1/me/", headers=key).status_code == 401
    assert enter(Client()).status_code == 400
    assert enter(Client(), password="новый пароль 43").status_code == 302


def test_closed_account_is_out_at_once(anna):
    client = Client()
    enter(client)

    Account.objects.filter(pk=anna.pk).update(is_active=False)

    assert not is_in(client)
    assert enter(Client()).status_code == 400


def test_made_up_session_is_nobodys(anna):
    for number in ("a" * 32, "", "\x00", "../../etc", "' OR 1=1 --"):
        assert not is_in(_with_session(number))
