"""The school's regulation of the service over HTTP: terms, grounds, ticks, from a day on."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from foundation.db.door import public_transaction, school_transaction
from kernel.roles import Role
from services.regulation.queries import forget_settings, get_district_setting, get_setting
from tests.factories.district import ALPHA, BETA, TwoSchools, sign_in

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
SUSPENDED = "service.grounds.suspended"
WAITS = "Ждём решения суда о месте жительства ребёнка"


def url(route: str = "regulation", **more: object) -> str:
    return reverse(f"office:{route}", kwargs={"school": ALPHA, **more})


def post(client: Client, key: str, value: object, on: date = FRIDAY, clause: str = "п. 2.8"):
    typed = {"key": key, "value": value, "clause": clause, "since_on": on.isoformat()}
    return client.post(url("regulation-change"), typed)


def held(two: TwoSchools, key: str, on: date = FRIDAY, slug: str = ALPHA):
    forget_settings()
    with school_transaction(two.system_of(slug), two.refs[slug].id):
        return get_setting(key=key, on=on)


@pytest.mark.requirement("SRV-009", part=True)
def test_school_sets_its_own_term_from_a_day_on_and_says_on_what_ground(two):
    boss, key = two.sign_in(Role.MANAGEMENT), "access.parent_due_workdays"

    answer = post(boss, key, "7", MONDAY, " приказ\n№ 5 ")

    assert answer.status_code == 302
    assert [held(two, key, on).value for on in (FRIDAY, MONDAY)] == [10, 7]
    assert held(two, key, MONDAY).clause == "приказ № 5"
    assert held(two, key, MONDAY, BETA).value == 10
    page = " ".join(boss.get(url()).text.split())
    assert "с 23.11.2026: 7" in page


@pytest.mark.requirement("SRV-012", part=True)
def test_suspension_is_offered_once_the_school_has_a_ground_for_it(full):
    """The list ships empty; what the local regulation adds is chosen like any other ground."""
    boss = full.sign_in(Role.MANAGEMENT)
    case = reverse("office:service-case", kwargs={"school": ALPHA, "case": accepted(full)})
    assert "Приостановить" not in boss.get(case).text

    post(boss, SUSPENDED, f"  {WAITS} \n\n{WAITS}")
    forget_settings()

    assert [title for _, title in held(full, SUSPENDED).value] == [WAITS]
    form = boss.get(case).text.partition("/suspend/do/")[2].partition("</form>")[0]
    assert WAITS in form
    assert "Продолжить в другой школе" not in form  # a pause moves nobody
    assert f"{WAITS}</textarea>" in boss.get(url(), {"key": SUSPENDED}).text


@pytest.mark.requirement("SRV-012", part=True)
def test_grounds_other_rooms_stand_on_are_never_lost(two):
    boss, key = two.sign_in(Role.MANAGEMENT), "service.grounds.refused"
    shipped = held(two, key).value

    post(boss, key, WAITS)
    first = held(two, key).value
    post(boss, key, f"Другое основание\n{WAITS}", MONDAY)
    second = held(two, key, MONDAY).value
    post(boss, key, "", date(2026, 11, 24))

    assert first[: len(shipped)] == second[: len(shipped)] == shipped
    assert first[-1] == second[-1]  # the same words keep their code
    assert held(two, key, date(2026, 11, 24)).value == shipped


def test_consent_may_come_by_a_confirmed_account_where_the_school_says_so(two):
    boss, key = two.sign_in(Role.MANAGEMENT), "consent.identification"

    nobody = post(boss, key, [])
    post(boss, key, ["in_person", "account"])

    assert nobody.status_code == 400
    assert "Укажите значение." in nobody.text
    assert held(two, key).value == ["in_person", "account"]


def test_week_of_six_days_is_set_by_the_school(two):
    post(two.sign_in(Role.MANAGEMENT), "deadline.week", "6")

    assert held(two, "deadline.week").value == 6


@pytest.mark.parametrize(
    ("key", "value", "clause"),
    [
        ("access.parent_due_workdays", "много", "п. 1"),
        ("access.parent_due_workdays", "-1", "п. 1"),
        ("access.parent_due_workdays", "5", " "),
        ("deadline.week", "7", "п. 1"),
        ("consent.identification", ["by_phone"], "п. 1"),
        (SUSPENDED, "а" * 301, "п. 1"),
    ],
)
def test_nonsense_is_refused_beside_its_field(two, key, value, clause):
    before = held(two, key).value

    assert post(two.sign_in(Role.MANAGEMENT), key, value, clause=clause).status_code == 400
    assert held(two, key).value == before


def test_regulation_is_not_changed_backwards(two):
    """Terms that were counted by the old week would be recounted by the new one."""
    answer = post(two.sign_in(Role.MANAGEMENT), "deadline.week", "6", date(2026, 11, 19))

    assert answer.status_code == 400
    assert "Прошлым числом регламент не меняют" in answer.text
    assert held(two, "deadline.week", date(2026, 11, 19)).value == 5


def test_committee_does_not_change_it_backwards_either(two):
    admin = sign_in((Role.DISTRICT_ADMIN, None, None))
    typed = {"key": SUSPENDED, "value": WAITS, "clause": "№ 7", "since_on": "2026-11-19"}

    answer = admin.post("/district/regulation/change/", typed)

    assert answer.status_code == 400
    assert "Прошлым числом регламент не меняют" in answer.text


@pytest.mark.parametrize("key", ["rights.matrix_editors", "calendar.edition", "mark.values", "нет"])
def test_what_has_its_own_page_or_none_is_not_set_here(two, key):
    assert post(two.sign_in(Role.MANAGEMENT), key, "1").status_code == 404


def test_committee_adds_a_ground_for_every_school(two):
    admin = sign_in((Role.DISTRICT_ADMIN, None, None))
    typed = {"key": SUSPENDED, "value": WAITS, "clause": "№ 7", "since_on": "2026-11-20"}

    assert admin.post("/district/regulation/change/", typed).status_code == 302

    with public_transaction():
        found = get_district_setting(key=SUSPENDED, on=FRIDAY).value
    assert [title for _, title in found] == [WAITS]


def accepted(two: TwoSchools) -> int:
    """Return Vera's case with her consent taken: only then there is a term to stop."""
    case_id = two.cases[ALPHA].case_id
    clerk = two.sign_in(Role.ADMINISTRATOR)
    where = {"school": ALPHA, "case": case_id}
    typed = {"recognise": {"match": f"{two.alpha.gleb}-{two.alpha.vera}"}, "accept": {}}
    for action, body in typed.items():
        clerk.post(reverse("office:service-act", kwargs={**where, "action": action}), body)
    return case_id
