"""The service over HTTP: the open form, the state by code, the applicant's pages, the desk."""

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation import clock
from foundation.db.door import school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.outbox.models import OutboxEvent
from kernel.actor import Actor
from kernel.names import FullName
from kernel.roles import Role
from services.cases.models import Application, Attachment
from services.diary.models import AccessGrant
from services.people.models import Employee, Guardian, Pupil, SchoolClass
from services.people.operations.consents import accept_consent
from services.regulation.operations import change_setting
from tenants.accounts.models import Account, Membership
from tests.doors.knocks.knock import an_application
from tests.factories.district import A_PICTURE, ALPHA, BETA, TwoSchools, open_account, sign_in
from tests.rooms.cases.families import DETAILS

pytestmark = pytest.mark.django_db
APPLY = "/p/alpha/apply/"


def posted(two: TwoSchools, **more: Any) -> dict[str, Any]:
    """Return the form of Vera for Gleb."""
    named = {"child": "Глебов Глеб", "birth_date": "5.5.2013", "applicant": "верина вера"}
    return {**an_application(two, ALPHA), **named, **more}


def cases_of(two: TwoSchools, slug: str = ALPHA) -> list[Application]:
    """Return the rows of a school."""
    school = two.refs[slug]
    with school_transaction(Actor.system(school), school.id):
        return list(Application.objects.order_by("pk"))


def code_on(page: str) -> tuple[str, str]:
    """Return the number and the code a page shows."""
    number = re.search(r"\d{4}/\d{6}", page)
    code = re.search(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", page)
    assert number is not None
    assert code is not None
    return number[0], code[0]


@pytest.mark.requirement("INF-002", "SRV-003")
def test_mother_applies_from_a_phone_and_follows_the_case_by_its_code(two: TwoSchools) -> None:
    phone, other = Client(), Client()
    assert phone.get(APPLY).status_code == 200

    done = phone.post(APPLY, posted(two), follow=True)
    number, code = code_on(done.text)
    state = other.post("/p/alpha/status/", {"number": number, "secret": code})

    assert done.redirect_chain[-1][0] == "/p/alpha/apply/done/"
    assert "Зарегистрировано 20" in state.text
    assert "Принесите в школу письменное согласие" in state.text
    assert "Глеб" not in state.text  # the page names nobody: a code may be read over a shoulder
    paper = other.post(
        "/p/alpha/status/paper/", {"number": number, "secret": code, "paper": "receipt"}
    )
    assert paper.content.startswith(b"%PDF")


def test_who_withdraws_by_the_code_sees_it_at_once_and_types_no_code_again(two: TwoSchools) -> None:
    phone = Client()
    phone.get(APPLY)
    number, code = code_on(phone.post(APPLY, posted(two), follow=True).text)
    about = {"number": number, "secret": code, "action": "withdraw"}

    done = phone.post("/p/alpha/status/act/", about)
    again = phone.post("/p/alpha/status/act/", about)
    wrong = phone.post("/p/alpha/status/act/", {**about, "secret": "A" * 20})

    assert (done.status_code, "отозвано заявителем" in done.text) == (200, True)
    assert "Сделано." in done.text
    assert "Сейчас это действие невозможно" in again.text
    assert (wrong.status_code, "отозвано" in wrong.text) == (400, False)


def test_form_sent_twice_is_registered_once(two: TwoSchools) -> None:
    phone, form = Client(), posted(two)

    pages = [phone.post(APPLY, form, follow=True).text for _ in range(2)]

    assert code_on(pages[0]) == code_on(pages[1])
    assert len(cases_of(two)) == 1


def test_answer_to_a_stranger_is_word_for_word_the_same(two: TwoSchools) -> None:
    def answer(**more: str) -> str:
        page = Client().post(APPLY, posted(two, **more), follow=True).text
        number, code = code_on(page)
        plain = page.replace(number, "N").replace(code, "C")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", plain)

    assert answer() == answer(child="Никогдаев Нил Нилович", applicant="Никогдаева Нина")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("child", "Глеб", "Напишите фамилию, имя и отчество"),
        ("birth_date", "31.02.2013", "Напишите день, месяц и год рождения"),
        ("birth_date", "05.05.2005", "уже исполнилось 18 лет"),
        ("class_title", "класс", "Напишите класс: 7А"),
        ("phone", "", "Укажите телефон или электронную почту"),
        ("phone", "12", "Такого телефона нет"),
        ("relation", "", "Выберите родство"),
        ("website", "http", "его заполняют только программы"),
    ],
)
def test_error_stands_by_its_field_and_what_was_typed_stays(
    two: TwoSchools, field: str, typed: str, words: str
) -> None:
    phone = Client()

    answer = phone.post(APPLY, posted(two, **{field: typed}))

    assert answer.status_code == 400
    assert words in answer.text
    assert "+79001234567" in answer.text or "8 900 123-45-67" in answer.text or field == "phone"
    assert [one.state for one in cases_of(two)] == ["draft"]
    assert "8 900 123-45-67" in phone.get(APPLY).text or field == "phone"


@pytest.mark.requirement("SRV-003")
def test_pupil_of_fourteen_needs_the_parents_consent_and_of_thirteen_may_not(two) -> None:
    alone = {"who": "pupil", "birth_date": "20.11.2012"}

    without = Client().post(APPLY, posted(two, **alone))
    young = Client().post(APPLY, posted(two, who="pupil", birth_date="21.11.2012"))
    scan = SimpleUploadedFile("согласие.png", A_PICTURE)
    with_it = Client().post(APPLY, posted(two, **alone, parental_consent=scan))

    assert "нужно письменное согласие родителей" in without.text
    assert "можно с 14 лет" in young.text
    assert with_it.status_code == 302
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        assert Attachment.objects.get().file_id


def test_file_that_is_no_scan_is_refused_in_words(two: TwoSchools) -> None:
    bad = SimpleUploadedFile("согласие.png", b"MZ not a picture")

    answer = Client().post(
        APPLY, posted(two, who="pupil", birth_date="20.11.2012", parental_consent=bad)
    )

    assert answer.status_code == 400
    assert "Примем PDF, JPEG или PNG" in answer.text


def test_draft_is_kept_by_the_script_and_shown_again(two: TwoSchools) -> None:
    phone, form = Client(), {**posted(two), "child": "Глебо"}
    phone.get(APPLY)
    form["key"] = phone.cookies["okrug_form"].value

    kept = phone.post("/p/alpha/apply/draft/", form, headers={"accept": "application/json"})

    assert set(kept.json()) == {"saved_at"}
    assert "Глебо" in phone.get(APPLY).text
    assert "Глебо" not in Client().get(APPLY).text
    phone.post("/p/alpha/apply/drop/")
    assert cases_of(two) == []


def test_draft_of_a_signed_in_mother_goes_on_in_another_browser(two: TwoSchools) -> None:
    account = open_account((Role.GUARDIAN, two.refs[ALPHA], two.alpha.vera), name="Верина Вера")
    first, second = Client(), Client()
    first.force_login(account)
    second.force_login(account)
    assert "Верина Вера" in first.get(APPLY).text

    first.post("/p/alpha/apply/draft/", {**posted(two), "child": "Глебо"})

    assert "Глебо" in second.get(APPLY).text


def test_too_many_from_one_network_wait_and_lose_nothing(two: TwoSchools) -> None:
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        change_setting(
            actor=Actor.system(school), key="service.anonymous_per_network_hour", value=1,
            clause="тест", since_on=date(2026, 1, 1),
        )  # fmt: skip
    Client().post(APPLY, posted(two))
    phone = Client()

    answer = phone.post(APPLY, posted(two, phone="8 900 123-45-68"))
    signed_in = sign_in((Role.GUARDIAN, school, two.alpha.vera)).post(APPLY, posted(two))

    assert (answer.status_code, answer["Retry-After"]) == (429, "600")
    assert "8 900 123-45-68" in phone.get(APPLY).text
    assert signed_in.status_code == 302  # who has signed in is no stranger


def test_wrong_code_says_one_thing_whatever_is_wrong(two: TwoSchools) -> None:
    number, code = code_on(Client().post(APPLY, posted(two), follow=True).text)
    wrong = [(number, "AAAA"), ("2026/000999", code), ("1", "1")]

    answers = [
        Client().post("/p/alpha/status/", {"number": one, "secret": other}) for one, other in wrong
    ]

    assert {answer.status_code for answer in answers} == {400}
    assert all("номер и код не подходят" in answer.text for answer in answers)
    elsewhere = Client().post("/p/beta/status/", {"number": number, "secret": code})
    assert elsewhere.status_code == 400


def test_number_is_no_number_of_another_applicant_on_family_pages(two: TwoSchools) -> None:
    vera = sign_in((Role.GUARDIAN, two.refs[ALPHA], two.alpha.vera))
    vera.post(APPLY, posted(two))
    (case,) = cases_of(two)
    page = f"/family/service/alpha/{case.pk}/"

    assert vera.get(page).status_code == 200
    for stranger in (
        sign_in((Role.GUARDIAN, two.refs[ALPHA], two.alpha.dmitry)),
        sign_in((Role.ADMINISTRATOR, two.refs[ALPHA], None)),
        sign_in((Role.GUARDIAN, two.refs[BETA], two.beta.vera)),
    ):
        assert stranger.get(page).status_code == 404


@pytest.mark.requirement("SRV-032")
def test_applicant_changes_delivery_withdraws_and_applies_again(two: TwoSchools) -> None:
    vera = sign_in((Role.GUARDIAN, two.refs[ALPHA], two.alpha.vera))
    vera.post(APPLY, posted(two))
    page = f"/family/service/alpha/{cases_of(two)[0].pk}/"

    refused = vera.post(f"{page}change_delivery/do/", {"delivery": "email", "email": ""})
    vera.post(f"{page}change_delivery/do/", {"delivery": "email", "email": "vera@example.org"})
    vera.post(f"{page}withdraw/do/")
    again = vera.post(f"{page}resubmit/do/", follow=True)

    assert (refused.status_code, "Укажите электронную почту" in refused.text) == (409, True)
    assert (cases_of(two)[0].delivery, cases_of(two)[0].state) == ("email", "withdrawn")
    assert "Глебов Глеб" in again.text
    assert "vera@example.org" in again.text


def make_desk(two: TwoSchools, slug: str = ALPHA) -> None:
    """Let the school be named in its consents and Anna be class teacher of 7А."""
    school = two.refs[slug]
    with school_transaction(Actor.system(school), school.id):
        for key in ("operator.name", "operator.address"):
            change_setting(
                actor=Actor.system(school), key=key, value="МБОУ «Школа»", clause="Устав",
                since_on=date(2026, 1, 1),
            )  # fmt: skip
        AccessGrant.objects.all().delete()
        SchoolClass.objects.filter(letter="А").update(class_teacher=two.small[slug].anna)


def sign_consent(two: TwoSchools, slug: str, pupil_id: int, guardian_id: int) -> None:
    """Let the consent be taken at its own desk."""
    school = two.refs[slug]
    clerk = Actor(1, school, frozenset({Role.SECRETARY}), name="Секретова С. И.")
    with school_transaction(clerk, school.id):
        accept_consent(
            actor=clerk, pupil_id=pupil_id, guardian_id=guardian_id, details=DETAILS,
            identified_by="in_person", accepted_on=date(2026, 11, 20), now=clock.now(),
        )  # fmt: skip


@pytest.mark.requirement("SRV-017", "SRV-024")
def test_class_teacher_leads_a_case_from_the_queue_to_the_service(two: TwoSchools) -> None:
    make_desk(two)
    number, code = code_on(Client().post(APPLY, posted(two), follow=True).text)
    anna = sign_in((Role.TEACHER, two.refs[ALPHA], two.alpha.anna))
    (case,) = cases_of(two)
    page = f"/s/alpha/office/service/{case.pk}/"
    match = f"{two.alpha.gleb}-{two.alpha.vera}"

    assert "Глебов Глеб" in anna.get("/s/alpha/office/service/").text
    assert "имя и дата рождения совпали" in anna.get(page).text
    assert anna.post(f"{page}recognise/do/", {}).status_code == 409
    anna.post(f"{page}recognise/do/", {"match": match})
    assert "Примите у него письменное согласие" in anna.get(page).text
    sign_consent(two, ALPHA, two.alpha.gleb, two.alpha.vera)
    deliver_waiting(two.refs[ALPHA], clock.now())
    assert "Откройте доступ не позднее" in anna.get(page).text
    anna.post(f"{page}grant/do/")
    assert anna.post(f"{page}grant/do/").status_code == 409
    assert "Доступ открывается" in anna.get(page).text
    deliver_waiting(two.refs[ALPHA], clock.now())
    assert "лист активации" in anna.get(page).text
    anna.post(f"{page}hand_over/do/", {"explained": "on"})

    assert cases_of(two)[0].state == "active"
    told = Client().post("/p/alpha/status/", {"number": number, "secret": code}).text
    assert "Услуга оказывается" in told
    mother = sign_in((Role.GUARDIAN, two.refs[ALPHA], two.alpha.vera))
    assert mother.get(f"/family/alpha/{two.alpha.gleb}/").status_code == 200
    assert anna.get(f"{page}access.pdf").content.startswith(b"%PDF")


def test_filters_of_the_queue_live_in_the_address(two: TwoSchools) -> None:
    make_desk(two)
    Client().post(APPLY, posted(two))
    office = sign_in((Role.SECRETARY, two.refs[ALPHA], None))

    def shows(query: str) -> bool:
        return "Глебов Глеб" in office.get(f"/s/alpha/office/service/{query}").text

    assert [shows(query) for query in ("", "?state=registered", "?q=глеб", "?class=7А")] == [
        True
    ] * 4
    assert not any(
        shows(query) for query in ("?state=active", "?due=overdue", "?q=зоя", "?class=7Б")
    )


@pytest.mark.requirement("ACC-020", part=True)
def test_child_who_changed_school_keeps_the_login_and_gets_the_service_anew(two) -> None:
    """Alpha ends the service with a transfer; in Beta the case waits for the parent's consent."""
    for slug in (ALPHA, BETA):
        make_desk(two, slug)
    vera = open_account((Role.GUARDIAN, two.refs[ALPHA], two.alpha.vera), name="Верина Вера")
    mother = Client()
    mother.force_login(vera)
    mother.post(APPLY, posted(two))
    (case,) = cases_of(two)
    admin = sign_in((Role.ADMINISTRATOR, two.refs[ALPHA], None))
    page = f"/s/alpha/office/service/{case.pk}/"
    admin.post(f"{page}recognise/do/", {"match": f"{two.alpha.gleb}-{two.alpha.vera}"})
    sign_consent(two, ALPHA, two.alpha.gleb, two.alpha.vera)
    deliver_waiting(two.refs[ALPHA], clock.now())
    admin.post(f"{page}grant/do/")
    there = two.refs[BETA]
    guessed = str(
        uuid5(UUID("8a5ce9a1-1f0b-4d0c-9d4e-3a1c5f6b7d20"), f"{two.refs[ALPHA].id}/{case.pk}")
    )
    stranger = Client()  # knows how the house names what it carries over
    stranger.post("/p/beta/apply/keep/", {**posted(two), "key": guessed})
    admin.post(f"{page}terminate/do/", {"ground": "transfer", "to_school": str(there.id)})
    for _ in range(2):
        deliver_waiting(two.refs[ALPHA], clock.now())

    moved = next(one for one in cases_of(two, BETA) if one.state == "registered")
    assert (moved.channel, moved.account_id) == ("transfer", vera.pk)
    assert stranger.get("/p/beta/apply/done/", {"form": guessed}).status_code == 302
    assert str(moved.request_key) != guessed
    assert moved.came_from_case_id == case.pk
    assert "Глебов Глеб" in mother.get("/family/service/").text

    with school_transaction(Actor.system(there), there.id):
        gleb = Pupil.objects.get(last_name="Глебов").pk
        mum = Guardian.objects.get(last_name="Верина").pk
    admin = sign_in((Role.ADMINISTRATOR, there, None))
    page = f"/s/beta/office/service/{moved.pk}/"
    admin.post(f"{page}recognise/do/", {"match": f"{gleb}-{mum}"})
    sign_consent(two, BETA, gleb, mum)
    deliver_waiting(there, clock.now())
    before = Account.objects.count()
    admin.post(f"{page}grant/do/")
    deliver_waiting(there, clock.now())

    assert Account.objects.count() == before
    assert Membership.objects.filter(account=vera, school_id=there.id, role="guardian").exists()


@pytest.mark.requirement("SRV-012", "ROL-034", part=True)
def test_order_of_leaving_ends_the_service_and_the_access(two: TwoSchools) -> None:
    make_desk(two)
    Client().post(APPLY, posted(two))
    (case,) = cases_of(two)
    admin = sign_in((Role.ADMINISTRATOR, two.refs[ALPHA], None))
    page = f"/s/alpha/office/service/{case.pk}/"
    admin.post(f"{page}recognise/do/", {"match": f"{two.alpha.gleb}-{two.alpha.vera}"})
    sign_consent(two, ALPHA, two.alpha.gleb, two.alpha.vera)
    deliver_waiting(two.refs[ALPHA], clock.now())
    admin.post(f"{page}grant/do/")
    leave = f"/s/alpha/office/pupils/{two.alpha.gleb}/leave/"
    order = {"last_day": "2026-11-19", "order": "№ 15", "ground": "finished"}

    wrong = admin.post(leave, {**order, "to_school": str(two.refs[BETA].id)})
    done = admin.post(leave, order)
    deliver_waiting(two.refs[ALPHA], clock.now())

    assert (wrong.status_code, done.status_code) == (400, 302)
    assert "Школу выбирают только при переводе." in wrong.text
    (case,) = cases_of(two)
    assert (case.state, case.ground) == ("terminated", "finished")
    with school_transaction(two.system_of(), two.refs[ALPHA].id):
        assert not AccessGrant.objects.filter(pupil_id=two.alpha.gleb, revoked_at=None).exists()
    assert admin.get(f"{page}termination.pdf").content.startswith(b"%PDF")


def test_in_person_application_is_registered_at_the_desk(two: TwoSchools) -> None:
    make_desk(two)
    anna = sign_in((Role.TEACHER, two.refs[ALPHA], two.alpha.anna))

    page = anna.post("/s/alpha/office/service/new/", posted(two, phone=""), follow=True)

    assert "Зарегистрировано под № 2026/000001" in page.text
    assert [(one.channel, one.state) for one in cases_of(two)] == [("in_person", "registered")]


def test_notices_reach_the_office_and_the_class_teacher(two: TwoSchools) -> None:
    make_desk(two)
    school = two.refs[ALPHA]
    secretary = open_account((Role.SECRETARY, school, None))
    teacher = open_account((Role.TEACHER, school, two.alpha.anna))
    with school_transaction(Actor.system(school), school.id):
        Employee.objects.filter(pk=two.alpha.anna).update(account_id=teacher.pk)
    Client().post(APPLY, posted(two))
    deliver_waiting(school, clock.now())

    for account in (secretary, teacher):
        browser = Client()
        browser.force_login(account)
        assert "Новое заявление на доступ к дневнику" in browser.get("/notices/").text


def test_names_of_people_stand_in_no_address_and_no_event(two: TwoSchools) -> None:
    Client().post(APPLY, posted(two))
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        payloads = list(OutboxEvent.objects.values_list("payload", flat=True))

    assert payloads
    assert FullName("Глебов", "Глеб").last not in str(payloads)
