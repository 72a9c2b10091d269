"""Signing in from outside by HTTP: there and back, a stranger's code, and what is attacked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.errors import DomainError
from kernel.roles import Role
from services.people.models import Guardian
from tenants.accounts.models import Account, Session
from tenants.accounts.operations import set_password
from tenants.external import operations
from tenants.external.models import ExternalIdentity, Invitation
from tenants.external.providers.configured import forget_providers
from tenants.external.rules import AnswerIsForged, Claims, Departure, ProviderIsSilent
from tests.factories.accounts import let_time_pass
from tests.factories.district import PASSWORD, TwoSchools, sign_in

pytestmark = pytest.mark.django_db

VERA = Claims("stub", "77", "Орлова Вера", "11223344595", date(1988, 3, 5), True)
GO, BACK = "/sign-in/with/stub/", "/sign-in/with/stub/return/"


class StubProvider:
    """A provider that answers what the test says."""

    code, title = "stub", "Пробный вход"
    claims: Claims = VERA
    trouble: DomainError | None = None

    def depart(self, *, return_url: str, now: datetime) -> Departure:
        if self.trouble:
            raise self.trouble
        return Departure("https://provider.example/in", {"state": "s1"})

    def arrive(
        self,
        *,
        kept: Mapping[str, str],
        answer: Mapping[str, str],
        return_url: str,
        now: datetime,
    ) -> Claims:
        if answer.get("state") != kept["state"]:
            raise AnswerIsForged
        return self.claims


STUB = StubProvider()


def make_stub() -> StubProvider:
    return STUB


@pytest.fixture(autouse=True)
def _stub(settings: LazySettings) -> Iterator[None]:
    settings.IDENTITY_PROVIDERS = ["tests.doors.test_outside_sign_in.make_stub"]
    forget_providers()
    STUB.claims, STUB.trouble = VERA, None
    yield
    forget_providers()


@pytest.fixture
def vera(schools: dict[str, SchoolRef]) -> Account:
    return Account.objects.create(login="orlova.vera", display_name="Орлова Вера Павловна")


def travel(client: Client, state: str = "s1", next_url: str = "") -> str:
    """Go out and come back; return where the person lands."""
    client.get(GO, {"next": next_url})
    return client.get(BACK, {"code": "c", "state": state}).headers["Location"]


def is_in(client: Client) -> bool:
    return client.get("/").headers.get("Location", "") != "/sign-in/?next=%2F"


def test_sign_in_page_offers_the_provider(client: Client, vera: Account) -> None:
    page = client.get("/sign-in/").content.decode()

    assert "Пробный вход" in page
    assert GO in page


def test_known_person_comes_in(client: Client, vera: Account) -> None:
    ExternalIdentity.objects.create(account=vera, provider="stub", subject="77", ground="owner")

    assert travel(client, next_url="/family/") == "/family/"
    assert is_in(client)


def test_stranger_corrects_the_code_and_types_no_other(client: Client, vera: Account) -> None:
    assert travel(client) == "/sign-in/invitation/"
    typed = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01"

    page = client.post("/sign-in/invitation/", {"code": typed})

    assert page.status_code == 400
    assert f'value="{typed}"' in page.content.decode()
    assert 'href="/p/"' in page.content.decode()


def test_session_is_another_after_the_trip(client: Client, vera: Account) -> None:
    ExternalIdentity.objects.create(account=vera, provider="stub", subject="77", ground="owner")
    client.get(GO)
    before = client.session.session_key

    client.get(BACK, {"code": "c", "state": "s1"})

    assert client.session.session_key != before
    assert not client.session.exists(before or "")


@pytest.mark.parametrize(("code", "confirmed"), [("esia", True), ("esia", False), ("stub", True)])
def test_session_knows_that_esia_saw_the_documents(
    client: Client, vera: Account, monkeypatch: pytest.MonkeyPatch, code: str, confirmed: bool
) -> None:
    """A consent may rest on it (`portal.guardian.signing`)."""
    ExternalIdentity.objects.create(account=vera, provider=code, subject="77", ground="owner")
    monkeypatch.setattr(StubProvider, "code", code)
    STUB.claims = replace(VERA, provider=code, is_confirmed=confirmed)
    forget_providers()

    client.get(GO.replace("stub", code))
    client.get(BACK.replace("stub", code), {"code": "c", "state": "s1"})

    assert is_in(client)
    assert client.session.get("through-esia", False) is (code == "esia" and confirmed)


def test_nobody_is_led_to_another_host(client: Client, vera: Account) -> None:
    ExternalIdentity.objects.create(account=vera, provider="stub", subject="77", ground="owner")

    assert travel(client, next_url="https://evil.example/") == "/"


def test_stranger_comes_in_by_an_invitation(
    client: Client, vera: Account, school: SchoolRef
) -> None:
    code = operations.issue_invitation(
        account_id=vera.pk, school_id=school.id, pupil_id=1, issued_by=None, now=clock.now()
    )
    assert travel(client) == reverse("home:outside-stranger")
    assert "Пробный вход" in client.get(reverse("home:outside-stranger")).content.decode()

    answer = client.post(reverse("home:outside-stranger"), {"code": code})

    assert answer.status_code == 302
    assert is_in(client)
    assert ExternalIdentity.objects.get().account_id == vera.pk


def test_session_of_a_stranger_keeps_no_name_and_no_snils(client: Client, vera: Account) -> None:
    travel(client)

    kept = str(dict(client.session))

    assert "Орлова" not in kept
    assert "112233445" not in kept


def test_wrong_code_is_told_and_tries_end(client: Client, vera: Account) -> None:
    travel(client)
    page = reverse("home:outside-stranger")

    answers = [client.post(page, {"code": f"WRONG{number}"}).status_code for number in range(11)]

    assert answers == [400] * 10 + [302]
    assert client.get(page).headers["Location"] == "/sign-in/"
    assert not is_in(client)


def test_stranger_page_without_a_trip_leads_to_sign_in(client: Client, vera: Account) -> None:
    assert client.get(reverse("home:outside-stranger")).headers["Location"] == "/sign-in/"
    answer = client.post(reverse("home:outside-stranger"), {"code": "ABCD"})
    assert answer.headers["Location"] == "/sign-in/"


def test_answer_without_a_trip_is_forged(client: Client, vera: Account) -> None:
    answer = client.get(BACK, {"code": "c", "state": "s1"})

    assert answer.headers["Location"] == "/sign-in/"
    assert not is_in(client)


def test_trip_is_used_once(client: Client, vera: Account) -> None:
    ExternalIdentity.objects.create(account=vera, provider="stub", subject="77", ground="owner")
    client.get(GO)
    client.get(BACK, {"code": "c", "state": "wrong"})

    client.get(BACK, {"code": "c", "state": "s1"})

    assert not is_in(client)


def test_trip_of_yesterday_is_forged(
    client: Client, vera: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(GO)
    later = datetime.now(UTC) + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert client.get(BACK, {"code": "c", "state": "s1"}).headers["Location"] == "/sign-in/"


def test_trip_begun_signed_out_links_nobody(client: Client, vera: Account) -> None:
    client.get(GO)
    trip = client.session["outside-trip"]
    client.force_login(vera)
    session = client.session
    session["outside-trip"] = trip
    session.save()

    client.get(BACK, {"code": "c", "state": "s1"})

    assert not ExternalIdentity.objects.exists()


def test_signed_in_person_links_and_unlinks(client: Client, vera: Account) -> None:
    set_password(account_id=vera.pk, password=PASSWORD)
    client.post("/sign-in/", {"login": vera.login, "password": PASSWORD})

    client.get("/account/link/stub/")
    client.get(BACK, {"code": "c", "state": "s1"})
    assert ExternalIdentity.objects.get().account_id == vera.pk
    assert "Отключить" in client.get("/account/").content.decode()

    client.post("/account/unlink/stub/")
    assert not ExternalIdentity.objects.exists()


def test_who_has_no_password_confirms_by_signing_in_anew(client: Client, vera: Account) -> None:
    """A mother who comes through ЕСИА only: nobody asks her for a password she never had."""
    ExternalIdentity.objects.create(account=vera, provider="stub", subject="77", ground="owner")
    travel(client)
    let_time_pass(660)
    asked = client.get("/account/contacts/").headers["Location"]

    page = client.get(asked)
    out = client.post("/sign-out/", {"next": "/account/contacts/"})
    back = travel(client, next_url="/account/contacts/")

    assert 'name="password"' not in page.content.decode()
    assert "Выйти и войти снова" in page.content.decode()
    assert 'value="/account/contacts/"' in page.content.decode()
    assert out.headers["Location"] == "/sign-in/?next=%2Faccount%2Fcontacts%2F"
    assert back == "/account/contacts/"
    assert client.get(back).status_code == 200


def test_sign_out_leads_nowhere_else(client: Client, vera: Account) -> None:
    client.force_login(vera)

    out = client.post("/sign-out/", {"next": "https://evil.example/"})

    assert out.headers["Location"] == "/sign-in/"


def test_only_way_in_is_not_cut_off(client: Client, vera: Account) -> None:
    ExternalIdentity.objects.create(account=vera, provider="stub", subject="77", ground="owner")
    travel(client)

    page = client.post("/account/unlink/stub/", follow=True).content.decode()

    assert ExternalIdentity.objects.count() == 1
    assert "Другого входа у вас нет." in page
    assert "вы входите через другую службу" in page
    assert 'href="/account/password/"' not in page


def test_stolen_session_links_nothing(client: Client, vera: Account) -> None:
    client.force_login(vera)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    Session.objects.filter(account=vera).update(confirmed_at=hour_ago)

    there = client.get("/account/link/stub/").headers["Location"]

    assert there.startswith("/account/confirm/")
    assert client.get(GO).headers["Location"] == "/account/"
    client.get(BACK, {"code": "c", "state": "s1"})
    assert not ExternalIdentity.objects.exists()


def test_silent_provider_leads_back_with_a_reason(client: Client, vera: Account) -> None:
    STUB.trouble = ProviderIsSilent()

    page = client.get(GO, follow=True).content.decode()

    assert "сейчас не отвечает" in page


@pytest.mark.parametrize("path", ["/sign-in/with/esia/", "/sign-in/with/esia/return/"])
def test_provider_that_is_not_configured_is_not_there(
    client: Client, vera: Account, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_unlinking_asks_for_a_post(client: Client, vera: Account) -> None:
    client.force_login(vera)

    assert client.get("/account/unlink/stub/").status_code == 405


# --- The school gives a code ---------------------------------------------------------------------


@pytest.fixture
def invite_url(two: TwoSchools, vera: Account) -> str:
    """Where a code for Vera, whose card knows her account, is asked for."""
    school = two.refs["alpha"]
    with school_transaction(Actor.system(school), school.id):
        Guardian.objects.filter(pk=two.alpha.vera).update(account_id=vera.pk)
    return f"/s/alpha/office/pupils/{two.alpha.gleb}/guardians/{two.alpha.vera}/invite/"


def test_code_of_the_school_lets_the_mother_in(
    two: TwoSchools, client: Client, vera: Account, invite_url: str
) -> None:
    office = sign_in((Role.ADMINISTRATOR, two.refs["alpha"], None))
    page = office.post(invite_url).content.decode()
    code = re.search(r"<code>([0-9A-HJKMNP-TV-Z-]{29})</code>", page)
    assert code

    travel(client)
    client.post(reverse("home:outside-stranger"), {"code": code[1]})

    assert ExternalIdentity.objects.get().account_id == vera.pk


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.NURSE])
def test_who_prints_no_sheets_gives_no_code(two: TwoSchools, invite_url: str, role: Role) -> None:
    person = two.alpha.vera if role is Role.GUARDIAN else None

    answer = sign_in((role, two.refs["alpha"], person)).post(invite_url)

    assert answer.status_code == 404
    assert not Invitation.objects.exists()


def test_code_for_somebody_elses_child_is_not_given(two: TwoSchools, invite_url: str) -> None:
    office = sign_in((Role.ADMINISTRATOR, two.refs["alpha"], None))
    url = invite_url.replace(f"/{two.alpha.gleb}/guardians", f"/{two.alpha.zoya}/guardians")

    assert office.post(url).status_code == 404
    assert not Invitation.objects.exists()


def test_guardian_without_an_account_is_told_what_to_do_first(two: TwoSchools) -> None:
    office = sign_in((Role.ADMINISTRATOR, two.refs["alpha"], None))
    url = f"/s/alpha/office/pupils/{two.alpha.gleb}/guardians/{two.alpha.vera}/invite/"

    page = office.post(url, follow=True).content.decode()

    assert "Сначала подтвердите представителя" in page
    assert not Invitation.objects.exists()
