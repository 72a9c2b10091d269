"""A code of paper becomes a password of one's own: once, in time, leaving no trace of the code."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from foundation import clock
from kernel.codes import read_code
from kernel.errors import DomainError
from kernel.roles import Role
from tenants.accounts.models import Account, ActivationCode
from tenants.accounts.operations import block_account, issue_activation_code
from tenants.accounts.queries import list_unactivated
from tests.factories.accounts import enter, is_in, make_account, make_unactivated, words_of
from tests.factories.district import PASSWORD, TwoSchools

pytestmark = pytest.mark.django_db
GOOD = "кораблик плывёт домой"


def send_code(client: Client, code: str):
    return client.post("/activate/", {"code": code})


def send_password(client: Client, code: str, password: str = GOOD):
    return client.post("/activate/", {"code": code, "password": password})


@pytest.mark.requirement("ACC-001", "ACC-002", "ACC-003")
def test_code_lets_choose_a_password_and_in(two: TwoSchools):
    account, code = make_unactivated((Role.TEACHER, two.refs["alpha"], two.alpha.anna))
    client = Client()

    asked = send_code(client, code)
    answer = send_password(client, code)

    assert (asked.status_code, answer.status_code, answer["Location"]) == (200, 302, "/")
    assert 'value="anna"' in asked.content.decode()
    assert is_in(client)
    assert enter(Client(), password=GOOD).status_code == 302
    account.refresh_from_db()
    assert account.password.startswith("argon2$")


def test_code_has_112_bits_and_only_its_digest_is_kept(db):
    _, code = make_unactivated()

    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert len(code.replace("-", "")) * 5 >= 112
    kept = ActivationCode.objects.values_list().get()
    assert code.replace("-", "") not in str(kept)


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c}\n"])
def test_code_is_read_as_people_copy_it(db, change):
    _, code = make_unactivated()

    assert send_code(Client(), change(code)).status_code == 200


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("О123 4АВС ЕНКМ РТХУ", "01234ABCEHKMPTXY"),
        ("oil-OIL", "011011"),
        ("зё", "3E"),
        ("u!?", ""),
    ],
)
def test_letters_of_the_russian_layout_are_read_as_meant(typed, meant):
    assert read_code(typed) == meant


def test_code_is_used_once(db):
    _, code = make_unactivated()
    assert send_password(Client(), code).status_code == 302

    late = Client()

    assert send_code(late, code).status_code == 400
    assert send_password(late, code, "другой пароль тут").status_code == 400
    assert not is_in(late)


def test_code_of_thirty_days_ago_is_too_old(db):
    _, code = make_unactivated()
    assert ActivationCode.objects.get().expires_at - clock.now() > timedelta(days=29, hours=23)
    ActivationCode.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    assert send_code(Client(), code).status_code == 400


def test_later_code_kills_the_earlier(db):
    account, first = make_unactivated()
    second = issue_activation_code(account_id=account.pk, issued_by=5, now=clock.now())

    assert send_code(Client(), first).status_code == 400
    assert send_code(Client(), second).status_code == 200
    assert ActivationCode.objects.count() == 1


def test_code_of_a_closed_account_is_of_no_use_and_none_is_issued(db):
    account, code = make_unactivated()
    block_account(account_id=account.pk, now=clock.now())

    assert send_code(Client(), code).status_code == 400
    with pytest.raises(DomainError):
        issue_activation_code(account_id=account.pk, issued_by=None, now=clock.now())


def test_every_bad_code_hears_the_same(db):
    _, code = make_unactivated()
    assert send_password(Client(), code).status_code == 302
    closed, other = make_unactivated(login="boris")
    block_account(account_id=closed.pk, now=clock.now())

    used, dead, made_up = (
        words_of(send_code(Client(), one)).replace(one, "")
        for one in (code, other, "0000-0000-0000-0000-0000-0000")
    )

    assert used == dead == made_up


def test_unsuitable_password_leaves_the_code_good(db):
    _, code = make_unactivated()
    client = Client()

    refused = send_password(client, code, "12345678")

    assert refused.status_code == 400
    assert "подбирают первым" in refused.content.decode()
    assert not is_in(client)
    assert send_password(client, code).status_code == 302


def test_activation_ends_what_the_account_had(db):
    anna = make_account()
    stolen = Client()
    enter(stolen)
    code = issue_activation_code(account_id=anna.pk, issued_by=None, now=clock.now())

    assert send_password(Client(), code).status_code == 302

    assert not is_in(stolen)
    assert enter(Client(), password=PASSWORD).status_code == 400


def test_form_needs_its_key_and_code_is_in_no_address(db):
    _, code = make_unactivated()

    assert send_password(Client(enforce_csrf_checks=True), code).status_code == 403
    page = Client().get("/activate/", {"code": code}).content.decode()
    assert f'value="{code}"' not in page
    assert Account.objects.get(login="anna").has_usable_password() is False


@pytest.mark.requirement("ACC-008", part=True)
def test_school_lists_who_has_no_password_yet(two: TwoSchools):
    account, _ = make_unactivated((Role.GUARDIAN, two.refs["alpha"], two.alpha.vera))
    make_account((Role.TEACHER, two.refs["alpha"], two.alpha.anna), login="boris")

    listed = list_unactivated(school_id=two.refs["alpha"].id, roles=[Role.GUARDIAN, Role.TEACHER])

    assert [(one.account_id, one.role, one.person_id) for one in listed] == [
        (account.pk, Role.GUARDIAN, two.alpha.vera)
    ]
    assert listed[0].code_expires_at is not None
    assert list_unactivated(school_id=two.refs["beta"].id, roles=[Role.GUARDIAN]) == []
