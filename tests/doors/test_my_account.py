"""«Мой вход»: password, sessions, a theft; closing an account ends everything at once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation import clock
from foundation.audit.models import AuditEntry
from foundation.db.door import school_transaction
from foundation.notify.models import Notice
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.journal.models import Mark
from services.people.models import Pupil
from tenants.accounts.models import (
    Account,
    Compromise,
    Contact,
    Membership,
    SecondFactor,
    Session,
)
from tenants.accounts.operations import (
    ResetCodeIsWrong,
    ask_reset,
    block_account,
    change_password,
    forget_contacts_of_departed,
    freeze_account,
    issue_activation_code,
    prepare_reset_code,
    reset_password,
    set_password,
    take_reset_code,
    unblock_account,
    unfreeze_account,
)
from tenants.accounts.passwords import check_password_of, common_passwords
from tenants.accounts.rules.passwords import UnsuitablePassword
from tests.factories.accounts import enter, is_in, let_time_pass, make_account, signed_in
from tests.factories.district import PASSWORD, TwoSchools

pytestmark = pytest.mark.django_db
GOOD, JSON = "кораблик плывёт домой", "application/json"


@pytest.fixture
def anna(two: TwoSchools) -> Account:
    return make_account((Role.TEACHER, two.refs["alpha"], two.alpha.anna))


def key_of(login: str = "anna") -> dict[str, str]:
    body = {"login": login, "password": PASSWORD}
    token = Client().post("/api/v1/token/", body, content_type=JSON).json()["token"]
    return {"authorization": f"Token {token}"}


# --- Passwords -------------------------------------------------------------------------------


def test_there_are_three_thousand_common_passwords():
    assert len(common_passwords()) > 3000
    assert {"пароль", "gfhjkm", "qwerty12345", "солнышко", "solnyshko", "12345678"} <= (
        common_passwords()
    )


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("семь77!", id="seven signs"),
        pytest.param("я" * 129, id="too long"),
        pytest.param("12345678", id="digits"),
        pytest.param("87654321", id="digits backwards"),
        pytest.param("абвгдежз", id="alphabet"),
        pytest.param("аааааааааа", id="one letter"),
        pytest.param("ababababab", id="two letters"),
        pytest.param("Пароль2026", id="word and year"),
        pytest.param("gfhjkm123!", id="word on the other layout"),
        pytest.param("ЙЦУКЕН12345", id="walk over the keyboard"),
        pytest.param("Настенька", id="name"),
        pytest.param("natashka2010", id="name in Latin letters"),
        pytest.param("моя ivanova.anna", id="login"),
        pytest.param("ИВАНОВА тут", id="surname"),
        pytest.param("анна петровна", id="patronymic"),
        pytest.param("Дневник-2026", id="what the place is called"),
    ],
)
def test_password_that_is_guessed_first_is_refused(db, password):
    with pytest.raises(UnsuitablePassword):
        check_password_of(password, login="ivanova.anna", name="Иванова Анна Петровна")


@pytest.mark.parametrize("password", [GOOD, "x7!kq2Zw", "три чайника", "Ж9 q" * 32])
def test_password_of_any_signs_is_taken(db, password):
    check_password_of(password, login="ivanova.anna", name="Иванова Анна Петровна")


@pytest.mark.requirement("ACC-001", "ACC-002", part=True)
def test_changing_the_password_asks_the_present_one_and_ends_other_sessions(anna):
    other, client, key = signed_in(), signed_in(), key_of()
    number = client.cookies["okrug"].value

    wrong = client.post("/account/password/", {"present": "не тот", "new": GOOD})
    weak = client.post("/account/password/", {"present": PASSWORD, "new": "12345678"})
    assert (wrong.status_code, weak.status_code) == (400, 400)
    assert is_in(other)
    done = client.post("/account/password/", {"present": PASSWORD, "new": GOOD})

    assert done["Location"] == "/account/"
    assert is_in(client)
    assert client.cookies["okrug"].value != number
    assert not is_in(other)
    assert Client().get("/api/v1/me/", headers=key).status_code == 401
    assert enter(Client(), password=GOOD).status_code == 302


def test_guessing_the_present_password_waits(anna):
    client = signed_in()
    for _ in range(6):
        client.post("/account/password/", {"present": "не тот", "new": GOOD})

    answer = client.post("/account/password/", {"present": PASSWORD, "new": GOOD})

    assert "Слишком много ошибок" in answer.content.decode()


# --- Sessions --------------------------------------------------------------------------------


def test_owner_sees_where_the_account_is_in_and_ends_it(anna):
    phone = signed_in(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile")
    client = signed_in(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/121.0")

    page = client.get("/account/").content.decode()
    assert "Chrome, Android" in page
    assert "Firefox, Windows" in page
    assert "127.0.0.1" in page
    number = Session.objects.get(device="Chrome, Android").pk
    client.post("/account/sessions/end/", {"session": str(number)})

    assert not is_in(phone)
    assert is_in(client)


def test_all_other_sessions_end_together_and_a_strangers_does_not(anna):
    boris = make_account(login="boris")
    others, client, stranger = [signed_in(), signed_in()], signed_in(), signed_in("boris")
    theirs = Session.objects.get(account=boris).pk

    client.post("/account/sessions/end/", {"session": str(theirs)})
    client.post("/account/sessions/end/", {"session": "others"})

    assert [is_in(one) for one in (*others, client, stranger)] == [False, False, True, True]


def test_session_ends_after_twelve_hours_however_busy_and_after_four_idle(anna):
    busy, idle = signed_in(), signed_in()
    for _ in range(3):
        let_time_pass(3.9 * 3600)
        assert is_in(busy)
    let_time_pass(0.4 * 3600)

    assert not is_in(busy)
    assert not is_in(idle)


def test_ended_session_is_not_written_again(anna):
    client = signed_in()
    Session.objects.all().delete()

    client.get("/sign-in/")

    assert Session.objects.count() == 0


def test_request_asks_once_who_it_is(anna):
    client = signed_in()
    client.get("/s/alpha/today/")

    with CaptureQueriesContext(connection) as asked:
        client.get("/health/live")

    assert [one["sql"].split("FROM ")[1].split()[0] for one in asked.captured_queries] == [
        "accounts_session"
    ]


def test_new_device_is_told_to_the_owner_and_a_known_one_is_not(anna):
    client = signed_in()
    assert Notice.objects.count() == 0  # the first device is no news
    client.post("/sign-out/")
    enter(client)
    assert Notice.objects.count() == 0

    signed_in()

    notice = Notice.objects.get()
    assert (notice.account_id, notice.kind) == (anna.pk, "new-device")


def test_appearance_is_kept_in_the_account_for_other_devices(anna):
    signed_in().post("/appearance/", {"theme": "dark", "size": "125"})

    other = signed_in()

    assert other.cookies["appearance"].value == "dark.125.normal.on"
    assert 'data-theme="dark"' in other.get("/account/").content.decode()


# --- Closing ---------------------------------------------------------------------------------


@pytest.mark.requirement("ACC-006", part=True)
def test_dismissal_ends_sessions_and_keys_and_leaves_authorship(anna, two):
    client, key = signed_in(), key_of()
    small = two.alpha
    cell = {"pupil": small.gleb, "value": "5", "seen": 0}
    body = {
        "key": "11111111-1111-4111-8111-111111111111",
        "lesson": small.lessons[0],
        "cells": [cell],
    }
    saved = client.post("/s/alpha/journal/cells/", body, content_type=JSON)
    assert saved.status_code == 200

    block_account(account_id=anna.pk, now=clock.now())

    assert not is_in(client)
    assert Client().get("/api/v1/me/", headers=key).status_code == 401
    assert enter(Client()).status_code == 400
    school = two.refs["alpha"]
    actor = Actor.system(school)
    with school_transaction(actor, school.id):
        assert Mark.objects.get().put_by == anna.pk
    unblock_account(account_id=anna.pk)
    assert enter(Client()).status_code == 302


def test_frozen_account_stays_frozen_when_it_is_unblocked(anna):
    now = clock.now()
    block_account(account_id=anna.pk, now=now)
    freeze_account(account_id=anna.pk, noticed_at=now, reported_by=None, now=now, due_on=now.date())
    unblock_account(account_id=anna.pk)
    assert Account.objects.get(pk=anna.pk).is_active is False

    unfreeze_account(account_id=anna.pk, by=None, now=now)

    assert Account.objects.get(pk=anna.pk).is_active is True


def test_addresses_of_who_holds_no_role_for_a_month_are_erased_everywhere(anna, two):
    """From the journal of actions too; who moves to another school keeps them (ст. 21 ч. 4)."""
    now, address = clock.now(), "anna@example.ru"
    boris = make_account((Role.TEACHER, two.refs["beta"], None), login="boris")
    for account in (anna, boris):
        Contact.objects.create(
            account=account, kind="email", value=f"{account.login}@example.ru", confirmed_at=now
        )
    Membership.objects.filter(account=anna).delete()

    assert forget_contacts_of_departed(now=now, kept_days=30) == 0
    later = now + timedelta(days=366)  # the journal of actions keeps the clock of the database
    assert forget_contacts_of_departed(now=later, kept_days=30) == 1
    assert forget_contacts_of_departed(now=later, kept_days=30) == 0

    assert Contact.objects.get().account_id == boris.pk
    told = [
        str(one.before) + str(one.after)
        for one in AuditEntry.objects.filter(table_name="accounts_contact")
    ]
    assert len(told) == 3
    assert not any(address in one for one in told)
    assert any("boris@example.ru" in one for one in told)


def test_addresses_that_are_still_there_are_not_taken_out_of_the_journal_of_actions(anna):
    Contact.objects.create(account=anna, kind="email", value="anna@example.ru")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_forget_contacts(%s)", [anna.pk])


# --- A theft ---------------------------------------------------------------------------------


@pytest.mark.requirement("ACC-009", "ACC-010")
def test_owner_reports_a_theft_and_everything_ends(anna, two):
    boris = make_account((Role.MANAGEMENT, two.refs["alpha"], two.alpha.boris), login="boris")
    thief, client, key = signed_in(), signed_in(), key_of()

    answer = client.post("/account/theft/", {"since": "2026-11-20T00:01"})

    assert "Вход закрыт" in answer.content.decode()
    assert [is_in(one) for one in (thief, client)] == [False, False]
    assert Client().get("/api/v1/me/", headers=key).status_code == 401
    assert enter(Client()).status_code == 400
    case = Compromise.objects.get()
    assert (case.reporter, str(case.due_on)) == ("owner", "2026-11-23")
    told = Notice.objects.get(kind="theft")
    assert (told.account_id, told.url) == (boris.pk, f"/s/alpha/office/thefts/{case.pk}/")
    assert "Анин" not in told.title + told.text


@pytest.mark.requirement("ACC-010", part=True)
def test_codes_that_a_stolen_account_printed_for_others_die_with_it(anna, two):
    """Else the thief walks back in through the director's new sheet."""
    boris = make_account((Role.MANAGEMENT, two.refs["alpha"], two.alpha.boris), login="boris")
    now = clock.now()
    earlier = make_account(login="earlier")
    honest = issue_activation_code(
        account_id=earlier.pk, issued_by=anna.pk, now=now - timedelta(hours=3)
    )
    stolen = issue_activation_code(account_id=boris.pk, issued_by=anna.pk, now=now)

    freeze_account(
        account_id=anna.pk,
        noticed_at=now - timedelta(hours=1),
        reported_by=None,
        now=now,
        due_on=now.date(),
    )

    assert Client().post("/activate/", {"code": stolen, "password": GOOD}).status_code == 400
    assert Client().post("/activate/", {"code": honest, "password": GOOD}).status_code == 302


def test_second_factor_that_a_thief_set_up_goes_and_the_owners_stays(anna):
    now = clock.now()
    boris = make_account(login="boris")
    for account, hours in ((anna, 0), (boris, 3)):
        SecondFactor.objects.create(
            account=account, secret=b"-", confirmed_at=now - timedelta(hours=hours)
        )
        freeze_account(
            account_id=account.pk,
            noticed_at=now - timedelta(hours=1),
            reported_by=None,
            now=now,
            due_on=now.date(),
        )

    assert list(SecondFactor.objects.values_list("account_id", flat=True)) == [boris.pk]


def reset_asked(account: Account) -> tuple[int, str]:
    """Return a request for a new password and the code that went to the account's address."""
    Contact.objects.create(
        account=account, kind="email", value="anna@example.ru", confirmed_at=clock.now()
    )
    number = ask_reset(login=account.login)
    (parcel,) = prepare_reset_code(request_id=number)
    return number, parcel.code


def freeze(account: Account, *, hours_ago: int = 1) -> None:
    now = clock.now()
    freeze_account(
        account_id=account.pk,
        noticed_at=now - timedelta(hours=hours_ago),
        reported_by=None,
        now=now,
        due_on=now.date(),
    )


def test_reset_that_was_under_way_gives_a_thief_no_password(anna):
    """A code of before the notice would wait for the day the account comes back."""
    number, code = reset_asked(anna)
    freeze(anna)

    with pytest.raises(ResetCodeIsWrong):
        take_reset_code(request_id=number, code=code)
    with pytest.raises(ResetCodeIsWrong):  # a code that was taken a moment before
        reset_password(request_id=number, account_id=anna.pk, password=GOOD)
    unfreeze_account(account_id=anna.pk, by=None, now=clock.now())

    assert enter(Client(), password=GOOD).status_code == 400


def test_password_changed_at_the_very_moment_of_freezing_is_refused(anna):
    freeze(anna)

    with pytest.raises(NotFound):
        change_password(account_id=anna.pk, new=GOOD, kept=None)


def test_account_comes_back_without_what_slipped_in_between(anna):
    """An address or a factor confirmed by a request that was on its way when it was frozen."""
    now = clock.now()
    freeze(anna)
    Contact.objects.create(account=anna, kind="email", value="thief@example.ru", confirmed_at=now)
    SecondFactor.objects.create(account=anna, secret=b"-", confirmed_at=now)
    set_password(account_id=anna.pk, password=GOOD)

    unfreeze_account(account_id=anna.pk, by=None, now=now)

    assert not Contact.objects.exists()
    assert not SecondFactor.objects.exists()
    assert enter(Client(), password=GOOD).status_code == 400


def test_theft_of_tomorrow_is_refused(anna):
    client = signed_in()

    assert client.post("/account/theft/", {"since": "2026-11-22T10:00"}).status_code == 400
    assert is_in(client)


@pytest.mark.requirement("ACC-009", "ACC-010", "AUD-006")
def test_head_freezes_takes_back_in_one_act_and_gives_the_account_back(anna, two):
    small, thief = two.alpha, signed_in()
    make_account((Role.MANAGEMENT, two.refs["alpha"], small.boris), login="boris")
    cell = {"pupil": small.gleb, "value": "2", "seen": 0}
    body = {"key": "11111111-1111-4111-8111-111111111111", "lesson": small.lessons[0]}
    saved = thief.post("/s/alpha/journal/cells/", {**body, "cells": [cell]}, content_type=JSON)
    assert saved.status_code == 200
    boris = signed_in("boris")
    school = two.refs["alpha"]
    with school_transaction(Actor(anna.pk, school, frozenset()), school.id):
        Pupil.objects.filter(pk=small.gleb).update(last_name="Чужой")
        Pupil.objects.create(last_name="Нет", first_name="Такого")

    reported = boris.post(
        "/s/alpha/office/thefts/", {"login": " ANNA ", "since": "2026-11-20T00:01"}
    )
    page = boris.get(reported["Location"]).content.decode()

    assert not is_in(thief)
    assert "пусто → 2" in page
    assert "вернётся, как было" in page
    assert "Карточка новая" in page
    boris.post(f"{reported['Location']}void/")
    after = boris.get(reported["Location"]).content.decode()
    assert "возвращено, как было" in after
    assert "недействительно" in after
    with school_transaction(Actor.system(school), school.id):
        assert Mark.objects.count() == 0
        assert Pupil.objects.get(pk=small.gleb).last_name == "Глебов"
    boris.post(f"{reported['Location']}give-back/")
    code = issue_activation_code(account_id=anna.pk, issued_by=None, now=clock.now())
    assert Client().post("/activate/", {"code": code, "password": GOOD}).status_code == 302


def test_school_freezes_its_own_people_only_and_sees_its_own_cases_only(anna, two):
    make_account((Role.ADMINISTRATOR, two.refs["beta"], None), login="stranger")
    stranger = signed_in("stranger")

    refused = stranger.post(
        "/s/beta/office/thefts/", {"login": "anna", "since": "2026-11-20T00:01"}
    )

    assert refused.status_code == 400
    assert Account.objects.get(login="anna").is_active
    case = two.steal_sign_in("alpha")
    for what in ("", "void/", "give-back/"):
        address = f"/s/beta/office/thefts/{case}/{what}"
        answer = stranger.post(address) if what else stranger.get(address)
        assert answer.status_code == 404
    assert Compromise.objects.get(pk=case).closed_at is None


@pytest.mark.requirement("ACC-017")
def test_staff_get_in_at_any_hour_of_any_day(anna, monkeypatch):
    for day in ("2026-11-22", "2027-01-01", "2027-07-15"):
        monkeypatch.setenv("OKRUG_TODAY", day)
        assert is_in(signed_in())
