"""The second factor: set up, asked, replayed, guessed, lost; and fresh confirmation."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from foundation.audit.models import AuditEntry
from foundation.db.door import public_transaction, school_transaction
from foundation.notify.models import Notice
from kernel.roles import Role
from services.people.models import Employee
from tenants.accounts.confirmation import require_fresh_confirmation
from tenants.accounts.models import Account, Membership, RecoveryCode, SecondFactor, Session
from tenants.accounts.operations import drop_second_factor
from tenants.accounts.visitor import Proof, Visitor
from tests.factories.accounts import Phone, enter, is_in, let_time_pass, make_account, signed_in
from tests.factories.district import PASSWORD, TwoSchools

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-018", part=True)]
JSON = "application/json"


@pytest.fixture
def anna(two: TwoSchools) -> Account:
    return make_account((Role.TEACHER, two.refs["alpha"], two.alpha.anna))


@pytest.fixture
def phone(anna: Account) -> Phone:
    return Phone(anna)


def halfway(**more: str) -> Client:
    """Return a browser whose password was right, the code still to come."""
    client = Client()
    answer = enter(client, **more)
    assert answer.status_code == 302
    return client


def give_code(client: Client, code: str):
    return client.post("/sign-in/code/", {"code": code})


# --- Setting up ------------------------------------------------------------------------------


def test_owner_sets_it_up_with_a_drawing_of_our_own(anna):
    client = signed_in()
    assert "otpauth" not in client.get("/account/second-factor/").content.decode()
    client.post("/account/second-factor/", {"action": "begin"})

    page = client.get("/account/second-factor/").content.decode()
    secret = bytes(SecondFactor.objects.get().secret)
    wrong = client.post("/account/second-factor/", {"code": "000000"})

    assert "<svg" in page
    assert "http" not in page.split("<svg")[1].split("</svg>")[0].replace("http://www.w3.org", "")
    assert len(secret) > 60  # sealed
    assert wrong.status_code == 400
    assert Account.objects.get().second_factor_since is None


def test_first_code_puts_it_in_force_shows_paper_codes_once_and_ends_other_sessions(anna):
    other, client = signed_in(), signed_in()
    number = client.cookies["okrug"].value
    phone = Phone(anna, is_waiting=True)

    answer = client.post("/account/second-factor/", {"code": phone.code()})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<li>") >= 10
    assert is_in(client)
    assert client.cookies["okrug"].value != number
    assert not is_in(other)
    kept = list(RecoveryCode.objects.values_list("hash", flat=True))
    assert [one.split("$")[0] for one in kept] == ["argon2"] * 10
    assert client.get("/account/second-factor/").status_code == 302


# --- Taken off by the school -----------------------------------------------------------------


@pytest.fixture
def administrator(two: TwoSchools, anna: Account, phone: Phone) -> Client:
    """The administrator's browser; Anna's card knows her account, a second factor guards it."""
    school = two.refs["alpha"]
    with school_transaction(two.system_of(), school.id):
        Employee.objects.filter(pk=two.alpha.anna).update(account_id=anna.pk)
    make_account((Role.ADMINISTRATOR, school, None), login="root")
    return signed_in("root")


def off(client: Client, two: TwoSchools, kind: str = "employee"):
    person = two.alpha.anna if kind == "employee" else two.alpha.gleb
    return client.post(f"/s/alpha/office/people/{kind}/{person}/second-factor/")


def test_administrator_takes_a_lost_factor_off_and_the_owner_hears_of_it(
    administrator, anna, two, phone
):
    inside = halfway()
    give_code(inside, phone.code())
    page = f"/s/alpha/office/employees/{two.alpha.anna}/"
    assert "Снять второй фактор" in administrator.get(page).content.decode()

    assert off(administrator, two)["Location"] == page

    anna.refresh_from_db()
    assert (anna.second_factor_since, RecoveryCode.objects.count()) == (None, 0)
    assert not is_in(inside)
    notice = Notice.objects.get(kind="second-factor")
    assert (notice.account_id, "Альфа" in notice.text) == (anna.pk, True)
    who = AuditEntry.objects.filter(table_name="accounts_secondfactor", action="DELETE").get()
    assert who.account_id == Account.objects.get(login="root").pk
    assert "Снять второй фактор" not in administrator.get(page).content.decode()
    off(administrator, two)  # twice is once
    assert Notice.objects.filter(kind="second-factor").count() == 1


def test_taking_a_factor_off_asks_the_administrator_once_more_who_it_is(administrator, anna, two):
    let_time_pass(3600)

    assert off(administrator, two)["Location"].startswith("/account/confirm/")
    anna.refresh_from_db()
    assert anna.second_factor_since is not None


@pytest.mark.parametrize("role", [Role.MANAGEMENT, Role.SECRETARY, Role.TEACHER, Role.GUARDIAN])
def test_nobody_but_the_administrator_takes_a_factor_off(administrator, anna, two, role):
    assert off(two.sign_in(role), two).status_code == 404
    anna.refresh_from_db()
    assert anna.second_factor_since is not None


def test_factor_that_guards_another_school_is_not_this_schools(administrator, anna, two):
    Membership.objects.create(account=anna, role=Role.TEACHER, school_id=two.refs["beta"].id)

    answer = off(administrator, two)

    assert answer.status_code == 409
    assert "администратор округа" in answer.content.decode()
    anna.refresh_from_db()
    assert anna.second_factor_since is not None


# --- Asking ----------------------------------------------------------------------------------


def test_password_alone_opens_nothing(anna, phone):
    client = halfway()

    assert not is_in(client)
    for path in ("/", "/s/alpha/today/", "/account/", "/family/", "/notices/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/code/")
    assert client.post("/account/sessions/end/", {"session": "others"}).status_code == 302
    assert client.get("/account/second-factor/")["Location"] == "/sign-in/code/"


def test_code_opens_everything_under_a_new_number(anna, phone):
    client = halfway()
    number = client.cookies["okrug"].value

    answer = client.post("/sign-in/code/", {"code": phone.code(), "next": "/s/alpha/today/"})

    assert answer["Location"] == "/s/alpha/today/"
    assert is_in(client)
    assert client.cookies["okrug"].value != number
    planted = Client()
    planted.cookies["okrug"] = number
    assert not is_in(planted)


def test_code_leads_nobody_to_another_site(anna, phone):
    answer = halfway().post("/sign-in/code/", {"code": phone.code(), "next": "//evil.example/"})

    assert answer["Location"] == "/"


def test_code_is_taken_once(anna, phone):
    code = phone.code()
    assert give_code(halfway(), code).status_code == 302

    assert give_code(halfway(), code).status_code == 400


def test_code_of_a_step_before_the_last_is_not_taken(anna, phone):
    assert give_code(halfway(), phone.code()).status_code == 302

    assert give_code(halfway(), phone.code(-1)).status_code == 400


def test_neighbouring_step_is_taken_and_a_farther_one_is_not(anna, phone):
    assert give_code(halfway(), phone.code(2)).status_code == 400
    assert give_code(halfway(), phone.code(1)).status_code == 302


def test_guessing_codes_waits_by_account_from_wherever(anna, phone):
    client = halfway()
    statuses = [
        client.post("/sign-in/code/", {"code": "000000"}, REMOTE_ADDR=f"10.0.0.{n}").status_code
        for n in range(6)
    ]

    answer = give_code(client, phone.code())

    assert statuses == [400] * 6
    assert "Слишком много ошибок" in answer.content.decode()
    assert not is_in(client)


def test_paper_code_is_taken_once_and_as_people_copy_it(anna, phone):
    code = phone.paper[0]

    assert give_code(halfway(), code.lower().replace("-", " ")).status_code == 302
    assert give_code(halfway(), code).status_code == 400
    assert give_code(halfway(), phone.paper[1]).status_code == 302


def test_program_needs_the_code_too(anna, phone):
    def ask(code: str):
        body = {"login": "anna", "password": PASSWORD, "code": code}
        return Client().post("/api/v1/token/", body, content_type=JSON)

    without, wrong, right = ask(""), ask("000000"), ask(phone.code())

    assert (without.status_code, without.json()["code"]) == (401, "second-factor-needed")
    assert wrong.status_code == 401
    assert right.status_code == 201
    key = {"authorization": f"Token {right.json()['token']}"}
    assert Client().get("/api/v1/me/", headers=key).status_code == 200


def test_key_asked_for_before_the_factor_ends_with_it(anna):
    body = {"login": "anna", "password": PASSWORD}
    token = Client().post("/api/v1/token/", body, content_type=JSON).json()["token"]
    Phone(anna)

    key = {"authorization": f"Token {token}"}
    assert Client().get("/api/v1/me/", headers=key).status_code == 401


# --- Required --------------------------------------------------------------------------------


@pytest.fixture
def required(settings):
    settings.OKRUG_SECOND_FACTOR = "required"


def test_staff_without_a_factor_can_only_set_one_up(anna, required):
    client = halfway()

    assert not is_in(client)
    assert client.get("/s/alpha/today/")["Location"].startswith("/sign-in/code/")
    assert client.get("/sign-in/code/")["Location"] == "/account/second-factor/"
    assert client.get("/account/second-factor/").status_code == 200
    phone = Phone(anna, is_waiting=True)
    assert client.post("/account/second-factor/", {"code": phone.code()}).status_code == 200
    assert is_in(client)


def test_committee_needs_one_and_a_family_does_not(two, required):
    make_account((Role.DISTRICT_OFFICER, None, None), login="officer")
    make_account((Role.GUARDIAN, two.refs["alpha"], two.alpha.vera), login="vera")

    assert not is_in(halfway(login="officer"))
    assert is_in(halfway(login="vera"))


def test_program_of_staff_without_a_factor_is_refused(anna, required):
    body = {"login": "anna", "password": PASSWORD}
    answer = Client().post("/api/v1/token/", body, content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (401, "second-factor-needed")


def test_whom_the_district_asks_for_one_cannot_take_it_off(anna, required):
    phone = Phone(anna)
    client = halfway()
    give_code(client, phone.code())

    client.post("/account/second-factor/drop/")

    assert Account.objects.get(pk=anna.pk).second_factor_since is not None


def test_district_may_do_without(anna, phone, settings):
    settings.OKRUG_SECOND_FACTOR = "off"

    assert is_in(halfway())


# --- Losing it -------------------------------------------------------------------------------


def test_factor_taken_off_ends_every_session(anna, phone):
    client = halfway()
    give_code(client, phone.code())

    with public_transaction():
        drop_second_factor(account_id=anna.pk)

    assert not is_in(client)
    assert is_in(halfway())
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)


# --- Fresh confirmation ----------------------------------------------------------------------


def export(method: str = "GET", *, is_fresh: bool, accept: str = "text/html") -> HttpResponse:
    """Knock at a page that asks for a fresh confirmation."""

    @require_fresh_confirmation
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    request = getattr(RequestFactory(), method.lower())(
        "/export/?all=1",
        headers={"accept": accept, "referer": "https://evil.example/"},
    )
    request.visitor = Visitor(1, "anna", "А", (), frozenset(), proof=Proof(1, is_fresh, False))
    answer = page(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_fresh_confirmation_lets_on(db):
    assert export(is_fresh=True).content == b"done"


def test_stale_session_is_asked_once_more_and_comes_back(db):
    assert export(is_fresh=False)["Location"] == "/account/confirm/?next=%2Fexport%2F%3Fall%3D1"
    assert export("POST", is_fresh=False)["Location"] == "/account/confirm/?next=%2F"
    assert export(is_fresh=False, accept="application/json").status_code == 403


def test_password_of_ten_minutes_ago_is_not_fresh(anna):
    client = signed_in()
    assert client.get("/account/contacts/").status_code == 200
    let_time_pass(601)
    asked = client.get("/account/contacts/")
    assert asked["Location"] == "/account/confirm/?next=%2Faccount%2Fcontacts%2F"

    wrong = client.post(asked["Location"], {"password": "неверный"})
    right = client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/contacts/"})

    assert (wrong.status_code, right["Location"]) == (400, "/account/contacts/")
    assert client.get("/account/contacts/").status_code == 200
    assert Session.objects.count() == 1


def test_who_has_a_factor_confirms_by_code(anna, phone):
    client = halfway()
    give_code(client, phone.code())
    let_time_pass(601)

    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 400
    assert client.post("/account/confirm/", {"code": phone.paper[0]}).status_code == 302
