"""Personal cards over HTTP: who sees what, whose looks are noted, who may change (ROL-011, 012)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from foundation.audit.queries import list_changes
from foundation.db.door import school_transaction
from kernel.rights import Hat, Right
from kernel.roles import Role
from services.people.models import (
    Employee,
    Guardian,
    GuardianLink,
    LastSeen,
    Look,
    Pupil,
    SchoolClass,
)
from services.regulation.models import RegulationSetting
from services.regulation.operations import change_right
from services.regulation.queries import forget_settings
from tests.factories.district import ALPHA, TwoSchools
from tests.factories.school import at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
PHONE = "+79001234567"


@pytest.fixture
def led(two: TwoSchools) -> TwoSchools:
    """Anna leads 7А; Vera has a phone, Gleb an address."""
    with inside(two):
        SchoolClass.objects.filter(letter="А").update(class_teacher_id=two.alpha.anna)
        Guardian.objects.filter(pk=two.alpha.vera).update(phone=PHONE)
        Pupil.objects.filter(pk=two.alpha.gleb).update(address="Речная, 5")
    return two


def inside(two: TwoSchools):
    return school_transaction(two.system_of(ALPHA), two.refs[ALPHA].id)


def url(route: str, **more: object) -> str:
    return reverse(f"office:{route}", kwargs={"school": ALPHA, **more})


def set_right(two: TwoSchools, right: Right, subject: Role | Hat, *, is_allowed: bool) -> None:
    with inside(two):
        change_right(
            actor=two.system_of(ALPHA),
            hats=(),
            right=right,
            subject=subject,
            is_allowed=is_allowed,
            on=TODAY,
            now=at(TODAY, 12),
        )


@pytest.mark.requirement("ROL-011", "ROL-012", "ACC-012", "ACC-013", "ACC-014", "ACC-019")
def test_class_teacher_keeps_the_cards_of_the_own_class(led):
    anna, small = led.sign_in(Role.TEACHER), led.alpha
    page = anna.get(url("pupil", pupil_id=small.gleb)).text
    for word in ("Глебов Глеб", "5\u00a0мая 2013", "Речная, 5", "Верина Вера", PHONE):
        assert word in page

    said = {
        "name": "Глебов Глеб Романович",
        "sex": "m",
        "birth_date": "2013-05-06",
        "phone": "+79007654321",
        "address": "Садовая, 1",
    }
    assert anna.post(url("pupil-edit", pupil_id=small.gleb), said).status_code == 302
    mother = {"name": "Верина Вера Ильинична", "sex": "f", "phone": "+79001112233"}
    assert anna.post(url("guardian-edit", guardian_id=small.vera), mother).status_code == 302

    with inside(led):
        gleb, vera = Pupil.objects.get(pk=small.gleb), Guardian.objects.get(pk=small.vera)
        assert (gleb.middle_name, gleb.birth_date) == ("Романович", date(2013, 5, 6))
        assert (gleb.phone, gleb.address) == ("+79007654321", "Садовая, 1")
        assert (vera.middle_name, vera.phone) == ("Ильинична", "+79001112233")
        assert [c.action for c in list_changes(table="people_pupil", row_id=gleb.pk)][
            -1
        ] == "UPDATE"


def test_class_teacher_sees_only_the_own_class(led):
    anna, small = led.sign_in(Role.TEACHER), led.alpha

    shown = anna.get(url("home")).text
    assert "Глебов" in shown
    assert "Егоров" not in shown
    for address in (
        url("pupil", pupil_id=small.yegor),
        url("pupil-edit", pupil_id=small.yegor),
        url("guardian-edit", guardian_id=small.dmitry),
        url("guardian-add", pupil_id=small.gleb),
    ):
        assert anna.get(address).status_code == 404, address


@pytest.mark.parametrize(
    ("right", "route"),
    [
        (Right.PUPILS_LIST, "home"),
        (Right.CARDS_READ, "pupil"),
        (Right.CARDS_WRITE, "pupil-edit"),
        (Right.ACCOUNTS_READ, "accounts"),
    ],
)
def test_right_taken_from_class_teachers_shuts_the_page(led, right, route):
    anna = led.sign_in(Role.TEACHER)
    more = {"pupil_id": led.alpha.gleb} if route.startswith("pupil") else {}
    assert anna.get(url(route, **more)).status_code == 200

    set_right(led, right, Hat.CLASS_TEACHER, is_allowed=False)

    assert anna.get(url(route, **more)).status_code == 404


@pytest.mark.parametrize(
    ("right", "route"),
    [
        (Right.PUPILS_LIST, "home"),
        (Right.CARDS_READ, "pupil"),
        (Right.STAFF_LIST, "employees"),
        (Right.STAFF_KEEP, "employee-dismiss"),
        (Right.APPOINTMENTS_KEEP, "appointments"),
        (Right.RIGHTS_READ, "rights"),
        (Right.RIGHTS_READ, "rights-history"),
        (Right.ACCOUNTS_READ, "accounts"),
        (Right.PEOPLE_IMPORT, "imports"),
        (Right.PEOPLE_KEEP, "pupil-leave"),
        (Right.FAMILY_CONFIRM, "link-end"),
    ],
)
def test_right_given_to_a_nurse_opens_the_page(led, right, route):
    nurse = led.sign_in(Role.NURSE)
    more = {
        "pupil": {"pupil_id": led.alpha.gleb},
        "pupil-leave": {"pupil_id": led.alpha.gleb},
        "employee-dismiss": {"employee_id": led.alpha.anna},
        "link-end": {"link_id": led.link_of_vera()},
    }.get(route, {})
    assert nurse.get(url(route, **more)).status_code == 404

    set_right(led, right, Role.NURSE, is_allowed=True)
    for base in (Right.CARDS_READ, Right.STAFF_LIST):  # what the form shows around itself
        set_right(led, base, Role.NURSE, is_allowed=True)

    assert nurse.get(url(route, **more)).status_code == 200


def test_contacts_are_shown_and_changed_with_their_own_right_only(led):
    anna, small = led.sign_in(Role.TEACHER), led.alpha
    set_right(led, Right.CONTACTS_READ, Hat.CLASS_TEACHER, is_allowed=False)

    page = anna.get(url("pupil", pupil_id=small.gleb)).text
    form = anna.get(url("pupil-edit", pupil_id=small.gleb)).text
    said = {"name": "Глебов Глеб", "phone": "+79009999999", "address": ""}
    anna.post(url("pupil-edit", pupil_id=small.gleb), said)

    assert PHONE not in page
    assert "Речная" not in page
    assert 'name="phone"' not in form
    with inside(led):
        gleb = Pupil.objects.get(pk=small.gleb)
        assert (gleb.phone, gleb.address) == ("", "Речная, 5")


@pytest.mark.requirement("ACC-014")
def test_school_decides_which_additional_fields_it_keeps(led):
    with inside(led):
        RegulationSetting.objects.create(
            key="people.extra_fields",
            source="school",
            since_on=date(2026, 9, 1),
            value=["phone"],
            clause="п. 4",
        )
    forget_settings()

    form = led.sign_in(Role.SECRETARY).get(url("pupil-edit", pupil_id=led.alpha.gleb)).text

    assert 'name="phone"' in form
    assert 'name="address"' not in form


def test_every_look_at_a_card_and_its_contacts_is_noted_and_stays(led):
    boris = led.sign_in(Role.MANAGEMENT)

    boris.get(url("pupil", pupil_id=led.alpha.gleb))
    again = boris.get(url("pupil", pupil_id=led.alpha.gleb)).text

    assert "Кто открывал карту" in again
    with inside(led):
        seen = Look.objects.filter(kind="pupil", object_id=led.alpha.gleb)
        assert list(seen.order_by("pk").values_list("what", flat=True)) == [
            "card",
            "contacts",
            "card",
            "contacts",
        ]
        with pytest.raises(DatabaseError), transaction.atomic():
            Look.objects.all().delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            Look.objects.update(account_id=1)


def test_secretary_does_not_see_who_looked(led):
    page = led.sign_in(Role.SECRETARY).get(url("pupil", pupil_id=led.alpha.gleb)).text

    assert "Кто открывал карту" not in page


def test_page_of_a_diary_is_noted_once_a_day(led):
    vera = led.sign_in(Role.GUARDIAN)
    address = reverse("guardian:day", kwargs={"school": ALPHA, "child": led.alpha.gleb})

    for _ in range(3):
        assert vera.get(address).status_code == 200

    with inside(led):
        row = LastSeen.objects.get()
        assert (row.page, row.day, row.times) == (f"diary:{led.alpha.gleb}", TODAY, 3)


@pytest.mark.requirement("ACC-011", "ACC-019", part=True)
def test_card_of_an_employee_says_post_category_and_speciality(led):
    said = {
        "name": "Анина Анна Петровна",
        "sex": "f",
        "birth_date": "1985-03-01",
        "post": "учитель математики",
        "grade_rank": "14",
        "category": "высшая",
        "functions": "классное руководство",
        "speciality": "математик, преподаватель",
        "hired_on": "2020-08-25",
        "first_day_on": "2020-09-01",
    }
    personnel = led.sign_in(Role.PERSONNEL)

    saved = personnel.post(url("employee-edit", employee_id=led.alpha.anna), said, follow=True)

    for word in ("высшая", "математик, преподаватель", "учитель математики"):
        assert word in saved.text
    with inside(led):
        anna = Employee.objects.get(pk=led.alpha.anna)
        assert (anna.first_day_on, anna.grade_rank) == (date(2020, 9, 1), "14")


def test_what_was_typed_stays_beside_its_error(led):
    admin = led.sign_in(Role.ADMINISTRATOR)

    answer = admin.post(
        url("guardian-add", pupil_id=led.alpha.gleb),
        {"name": "Верин", "relation": "father", "snils": "123", "phone": "+79005554433"},
    )

    assert answer.status_code == 400
    assert "+79005554433" in answer.text
    assert "В СНИЛС одиннадцать цифр." in answer.text
    with inside(led):
        assert GuardianLink.objects.count() == 2


@pytest.mark.requirement("ROL-002")
def test_staff_uses_the_journal_and_families_the_diary(two):
    journals = reverse("teacher:journals", kwargs={"school": ALPHA})
    diary = reverse("guardian:day", kwargs={"school": ALPHA, "child": two.alpha.gleb})
    wanted = {
        Role.TEACHER: (200, 404),
        Role.MANAGEMENT: (200, 404),
        Role.PUPIL: (404, 200),
        Role.GUARDIAN: (404, 200),
    }

    seen = {
        role: tuple(two.sign_in(role).get(page).status_code for page in (journals, diary))
        for role in wanted
    }

    assert seen == wanted
