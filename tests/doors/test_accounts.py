"""Every user has an account with a login of one's own and a password (ACC-001)."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tenants.accounts.models import Account
from tenants.accounts.operations import open_account, set_password

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-001")]


def sign_in(login: str, password: str) -> int:
    """Return the status of an attempt to sign in: 302 is inside."""
    return int(Client().post("/sign-in/", {"login": login, "password": password}).status_code)


def test_two_people_of_one_name_get_two_logins():
    logins = [
        Account.objects.get(pk=open_account(name="Иванова Анна Петровна")).login for _ in range(3)
    ]

    assert logins == ["ivanova.anna", "ivanova.anna2", "ivanova.anna3"]


def test_database_refuses_a_login_twice():
    Account.objects.create(login="anna", display_name="Анна")

    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(login="anna", display_name="Другая Анна")


def test_only_the_right_password_lets_in():
    account_id = open_account(name="Иванова Анна Петровна")
    assert sign_in("ivanova.anna", "") == 400  # a new account has no password, and none fits
    assert sign_in("ivanova.anna", "!") == 400

    set_password(account_id=account_id, password="Длинный-пароль-26")

    assert sign_in("ivanova.anna", "Длинный-пароль-26") == 302
    assert sign_in("Ivanova.Anna ", "Длинный-пароль-26") == 302
    assert sign_in("ivanova.anna", "длинный-пароль-26") == 400


def test_password_is_kept_as_argon2id_of_the_chosen_cost():
    account_id = open_account(name="Иванова Анна Петровна")
    set_password(account_id=account_id, password="Длинный-пароль-26")

    kept = Account.objects.get(pk=account_id).password

    assert kept.startswith("argon2$argon2id$v=19$m=7168,t=5,p=1$")
    assert "Длинный" not in kept


def test_blocked_account_does_not_get_in():
    account_id = open_account(name="Иванова Анна Петровна")
    set_password(account_id=account_id, password="Длинный-пароль-26")
    Account.objects.filter(pk=account_id).update(is_active=False)

    assert sign_in("ivanova.anna", "Длинный-пароль-26") == 400
