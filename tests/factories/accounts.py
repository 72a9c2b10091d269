"""Accounts with known ways in, and what people type there."""

import re
from base64 import b32decode
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.test import Client
from django_otp.oath import TOTP

from foundation import clock
from kernel.actor import SchoolRef
from kernel.roles import Role
from tenants.accounts.models import Account, Attempt, Session
from tenants.accounts.operations import (
    begin_second_factor,
    confirm_second_factor,
    find_set_up,
    issue_activation_code,
    set_password,
)
from tests.factories.district import PASSWORD, open_account

Place = tuple[Role, SchoolRef | None, int | None]


def make_account(*places: Place, login: str = "anna", name: str = "Анина Анна Петровна") -> Account:
    """Return an account with the known password."""
    account = open_account(*places, login=login, name=name)
    set_password(account_id=account.pk, password=PASSWORD)
    account.refresh_from_db()
    return account


def make_unactivated(*places: Place, login: str = "anna") -> tuple[Account, str]:
    """Return an account without a password, and the code of its sheet."""
    account = open_account(*places, login=login, name="Анина Анна Петровна")
    account.set_unusable_password()
    account.save()
    return account, issue_activation_code(account_id=account.pk, issued_by=None, now=clock.now())


def enter(client: Client, login: str = "anna", password: str = PASSWORD, **more: str) -> Any:
    """Send the sign-in form."""
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def signed_in(login: str = "anna", password: str = PASSWORD, **client: Any) -> Client:
    """Return a browser that has just signed in by password."""
    browser = Client(**client)
    assert enter(browser, login, password).status_code == 302
    return browser


def is_in(client: Client) -> bool:
    """Return whether somebody is signed in, all the way."""
    return client.get("/api/v1/me/").status_code == 200


class Phone:
    """An application with codes, in force for the account unless `is_waiting`."""

    def __init__(self, account: Account, *, is_waiting: bool = False) -> None:
        begin_second_factor(account_id=account.pk)
        found = find_set_up(account_id=account.pk, issuer="Округ")
        assert found is not None
        self.key = b32decode(found.secret.replace(" ", ""))
        self.paper: list[str] = []
        if not is_waiting:
            self.paper = confirm_second_factor(account_id=account.pk, code=self.code(-1), kept=None)

    def code(self, step: int = 0) -> str:
        """Return the code of now, or of a step before or after."""
        return f"{TOTP(self.key, drift=step).token():06}"


def let_time_pass(seconds: float) -> None:
    """Move what is counted by the database's clock into the past."""
    ago = timedelta(seconds=seconds)
    Attempt.objects.update(at=F("at") - ago, until=F("until") - ago)
    Session.objects.update(
        started_at=F("started_at") - ago,
        seen_at=F("seen_at") - ago,
        ends_at=F("ends_at") - ago,
        confirmed_at=F("confirmed_at") - ago,
    )


def words_of(answer: Any) -> str:
    """Return the page without its keys, to compare two."""
    page = answer.content.decode()
    return re.sub(r'name="(csrfmiddlewaretoken|ticket)" value="[^"]*"', "", page)
