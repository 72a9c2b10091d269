"""Consents over HTTP: the clerk's minute, the register, withdrawal, destruction, own data."""

import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from foundation import clock
from foundation.db.door import school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.spreadsheets import read_table
from kernel.actor import Actor
from kernel.roles import Role
from services.diary.models import AccessGrant
from services.people.models import (
    Consent,
    DestructionAct,
    Guardian,
    Pupil,
    SchoolClass,
    SubjectRequest,
)
from services.people.operations.consents import change_operator
from tests.factories.consents import TYPED as PAPERS_TYPED
from tests.factories.district import TwoSchools

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TYPED = {**PAPERS_TYPED, "kind": "parent"}


@pytest.fixture
def named(two: TwoSchools) -> TwoSchools:
    """Both schools have a name and an address; Vera has contacts; Anna leads 7А."""
    for slug, school in two.refs.items():
        small, system = two.small[slug], Actor.system(school)
        with school_transaction(system, school.id):
            change_operator(
                actor=system,
                values={"operator.name": f"МБОУ {slug}", "operator.address": "ул. Школьная, д. 1"},
                since_on=date(2026, 9, 1),
            )
            Guardian.objects.filter(pk=small.vera).update(phone="+79001112233")
            SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.anna)
    return two


def office(route: str, **more: Any) -> str:
    return reverse(f"office:{route}", kwargs={"school": "alpha", **more})


def family(route: str, **more: Any) -> str:
    return reverse(f"guardian:{route}", kwargs={"school": "alpha", **more})


@pytest.fixture
def accept(named: TwoSchools):
    """Walk the clerk's way to the end; return the answer of the last step."""

    def run(role=Role.SECRETARY, **changes):
        client = named.sign_in(role)
        small = named.alpha
        address = office("consent-new", pupil_id=small.gleb, guardian_id=small.vera)
        shown = client.post(address, {**TYPED, "step": "check", **changes})
        if shown.status_code != 200:
            return client, shown
        context = shown.context
        signed = {
            **TYPED,
            **changes,
            "salt": context["document"].salt,
            "digest": context["digest"],
            "key": context["key"],
            "identified_by": "in_person",
            "is_signed": "on",
            "step": "accept",
        }
        return client, client.post(address, signed, follow=True)

    return run


@pytest.mark.requirement("SRV-014")
@pytest.mark.parametrize("role", [Role.SECRETARY, Role.ADMINISTRATOR, Role.TEACHER])
def test_clerk_and_class_teacher_accept_a_consent_in_two_steps(named, accept, inside, role):
    client, answer = accept(role)

    assert "Согласие зарегистрировано: № 2026/000001" in answer.text
    assert "действует" in answer.text
    with inside():
        consent = Consent.objects.get()
        assert consent.guardian_id == named.alpha.vera
        paper = office("consent-paper", consent_id=consent.pk)
    pdf = client.get(paper)
    assert pdf.content.startswith(b"%PDF")
    assert "no-store" in pdf["Cache-Control"]


@pytest.mark.requirement("SRV-014", "ROL-013", part=True)
def test_clerk_finds_the_child_then_who_signs(named, accept):
    client = named.sign_in(Role.SECRETARY)

    found = client.get(office("consent-pupils"), {"q": "глеб"}).text
    signers = client.get(office("consent-signers", pupil_id=named.alpha.gleb)).text

    assert "Глебов Глеб" in found
    assert "без очереди" in found
    assert "Верина Вера" in signers
    assert "Требовать другие документы нельзя" in signers
    accept()
    assert "уже принято" in client.get(office("consent-signers", pupil_id=named.alpha.gleb)).text


def test_class_teacher_sees_the_own_class_at_once_and_no_other(named):
    anna = named.sign_in(Role.TEACHER)

    page = anna.get(office("consent-pupils")).text

    assert "Глебов" in page
    assert "Егоров" not in page
    assert anna.get(office("consent-signers", pupil_id=named.alpha.yegor)).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"representative-number": ""}, "Впишите серию и номер документа."),
        ({"representative-issued_on": "2031-01-01"}, "Такой даты выдачи быть не может."),
        ({"subject-issued_on": "вчера"}, "Напишите дату так: 12.03.2015."),
        ({"representative-address": " "}, "Впишите адрес: его требует закон."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_the_typed_stays(accept, change, words):
    _, answer = accept(**change)

    assert answer.status_code == 400
    assert words in answer.text
    assert "I-АЖ 765432" in answer.text


def test_nothing_is_kept_before_it_is_signed(named, inside):
    client = named.sign_in(Role.SECRETARY)
    small = named.alpha
    address = office("consent-new", pupil_id=small.gleb, guardian_id=small.vera)

    shown = client.post(address, {**TYPED, "step": "check"})
    printed = client.post(address, {**TYPED, "step": "print", "salt": "0" * 32})
    unsigned = client.post(address, {**TYPED, "step": "accept", "identified_by": "in_person"})

    assert shown.status_code == 200
    assert 'name="is_signed"' in shown.text
    assert "checked" not in shown.text.partition("<main")[2].partition("</main>")[0]
    assert printed.content.startswith(b"%PDF")
    assert unsigned.status_code == 400
    assert "Отметьте, когда человек подпишет согласие." in unsigned.text
    with inside():
        assert not Consent.objects.exists()


def test_second_press_makes_no_second_row(named, inside):
    client = named.sign_in(Role.SECRETARY)
    small = named.alpha
    address = office("consent-new", pupil_id=small.gleb, guardian_id=small.vera)
    context = client.post(address, {**TYPED, "step": "check"}).context
    signed = {
        **TYPED,
        "salt": context["document"].salt,
        "digest": context["digest"],
        "key": context["key"],
        "identified_by": "in_person",
        "is_signed": "on",
        "step": "accept",
    }

    first, again = (client.post(address, signed) for _ in range(2))

    assert first["Location"] == again["Location"]
    with inside():
        assert Consent.objects.count() == 1


def test_second_clerk_learns_that_it_is_accepted_already(accept):
    accept()
    _, answer = accept()

    assert answer.status_code == 409
    assert "Это согласие уже принято: № 2026/000001" in answer.text


@pytest.mark.requirement("AUD-005")
def test_register_is_filtered_printed_and_taken_away(named, accept):
    accept()
    client = named.sign_in(Role.SECRETARY)

    page = client.get(office("consents"), {"q": "верин", "state": "live", "kind": "parent"}).text
    nothing = client.get(office("consents"), {"state": "withdrawn"}).text
    book = client.get(office("consents-table"))

    assert "2026/000001" in page
    assert "consents/register.pdf" in page
    assert "Ничего не нашлось" in nothing
    rows = read_table(book.content, "журнал.xlsx").rows
    assert [str(one) for one in rows[1].cells][:1] == ["2026/000001"]
    paper = client.get(office("consents-register"), {"kind": "parent"}).content
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    for words in ("Журнал регистрации согласий", "2026/000001", "20.11.2026", "Верина Вера"):
        assert words in " ".join(text.split())
    employees = client.get(office("consents-register"), {"kind": "employee"}).content
    assert "Согласий нет." in PdfReader(BytesIO(employees)).pages[0].extract_text()


@pytest.mark.requirement("AUD-005")
def test_paper_of_the_register_is_whole_not_the_page_on_the_screen(named, accept, monkeypatch):
    """A prosecutor is given the register, not fifty lines of it."""
    accept()
    monkeypatch.setattr("services.people.queries.consents.PAGE_SIZE", 0)
    client = named.sign_in(Role.SECRETARY)

    paper = client.get(office("consents-register")).content

    assert "2026/000001" in PdfReader(BytesIO(paper)).pages[0].extract_text()


@pytest.mark.requirement("AUD-005")
def test_register_knows_the_day_of_a_withdrawal_by_the_clock_of_the_school(
    accept, inside, monkeypatch
):
    """Half past one in the night in Moscow is still yesterday in UTC."""
    client, _ = accept()
    with inside():
        consent = Consent.objects.get().pk
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 22, 30, tzinfo=UTC))
    client.post(office("withdraw-consent", consent_id=consent), {"is_signed": "on"})

    book = client.get(office("consents-table")).content

    cells = dict(zip(*[one.cells for one in read_table(book, "журнал.xlsx").rows], strict=True))
    assert cells["Отозвано"] == date(2026, 11, 21)


def test_register_of_a_new_school_says_what_to_do(named):
    assert "Согласий пока нет" in named.sign_in(Role.SECRETARY).get(office("consents")).text


def test_withdrawal_at_the_desk_closes_the_diary_of_that_parent(named, accept, inside):
    client, _ = accept()
    with inside():
        consent = Consent.objects.get().pk
    form = client.get(office("withdrawal-paper", consent_id=consent))
    assert form.content.startswith(b"%PDF")
    unsure = client.post(office("withdraw-consent", consent_id=consent), {})
    assert unsure.status_code == 400

    client.post(office("withdraw-consent", consent_id=consent), {"is_signed": "on"})
    deliver_waiting(named.refs["alpha"], clock.now())

    with inside():
        grant = AccessGrant.objects.get(guardian_id=named.alpha.vera)
        assert grant.revoked_ground == "consent"
        assert AccessGrant.objects.get(guardian_id=named.alpha.dmitry).revoked_at is None


def test_scan_is_attached_once_and_shown(named, accept, inside):
    client, _ = accept()
    with inside():
        consent = Consent.objects.get().pk
    address = office("consent-scan", consent_id=consent)

    first = client.post(address, {"scan": SimpleUploadedFile("лист.pdf", PDF)}, follow=True)
    again = client.post(address, {"scan": SimpleUploadedFile("лист.pdf", PDF)})

    assert "Скан приложен" in first.text
    assert again.status_code == 400
    assert client.get(address).content == PDF
    assert client.post(address, {}).status_code == 400


def test_data_are_destroyed_with_an_act(named, accept, inside):
    client, _ = accept()
    with inside():
        consent = Consent.objects.get().pk
    client.post(office("withdraw-consent", consent_id=consent), {"is_signed": "on"})
    administrator = named.sign_in(Role.ADMINISTRATOR)
    page = administrator.get(office("destruction")).text
    assert "номер телефона (законного представителя)" in page
    assert "+79001112233" not in page
    address = office("destroy", consent_id=consent)
    formset = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "1"}

    asked = administrator.get(address)
    unnamed = administrator.post(address, {**formset, "form-0-post": "", "form-0-name": ""})
    named_ = {**formset, "form-0-post": "Администратор", "form-0-name": "Анина А. П."}
    half = administrator.post(address, {**named_, "form-1-name": "Борин Б. Б."})
    done = administrator.post(address, named_, follow=True)

    assert "Вернуть будет нельзя" in asked.text
    assert asked.text.count("необязательно") == 4  # the first who signs is needed, two more may be
    assert unnamed.status_code == 400
    assert "Укажите фамилию и инициалы." in unnamed.text

    assert (half.status_code, "Укажите должность." in half.text) == (400, True)
    assert "Акт № 2026/000001 составлен" in done.text
    with inside():
        act = DestructionAct.objects.get().pk
        assert Guardian.objects.get(pk=named.alpha.vera).phone == ""
    pdf = administrator.get(office("destruction-act", act_id=act))
    assert pdf.content.startswith(b"%PDF")
    assert client.get(office("destroy", consent_id=consent)).status_code == 404  # a secretary


def test_school_words_its_own_text(named, inside):
    client = named.sign_in(Role.ADMINISTRATOR)
    page = client.get(office("consent-text", kind="parent"))
    sections = {one.code: one.text for one in page.context["card"].sections}

    bad = client.post(office("consent-text", kind="parent"), {**sections, "operator": "Школа"})
    good = client.post(
        office("consent-text", kind="parent"),
        {**sections, "purpose": "Электронный дневник."},
        follow=True,
    )

    assert bad.status_code == 400
    assert "нет обязательного: {школа: название}, {школа: адрес}" in bad.text
    assert "текст школы от 20.11.2026" in good.text
    shipped = client.post(office("consent-text", kind="parent"), {"reset": "1"}, follow=True)
    assert "текст школы" not in shipped.text


def test_school_says_who_it_is_and_who_processes(two):
    client = two.sign_in(Role.ADMINISTRATOR)
    assert "Впишите адрес школы" in client.get(office("consent-texts")).text
    typed = {"name": "МБОУ «Школа»", "address": "ул. Школьная", "processor_name": "МКУ"}

    lacking = client.post(office("consent-texts"), typed)
    saved = client.post(
        office("consent-texts"), {**typed, "processor_address": "пл. Победы"}, follow=True
    )

    assert "Впишите адрес: его требует закон." in lacking.text
    assert "Сохранено" in saved.text
    assert "Впишите адрес школы" not in saved.text


@pytest.mark.requirement("SRV-035")
@pytest.mark.parametrize("kind", ["parent", "adult_pupil", "pupil", "employee"])
def test_blank_forms_are_there_for_every_signer(named, kind):
    answer = named.sign_in(Role.SECRETARY).get(office("consent-blank", kind=kind))

    assert answer.content.startswith(b"%PDF")


@pytest.mark.requirement("PDP-010")
def test_regulation_on_personal_data_is_printed_with_the_data_of_the_school(named):
    answer = named.sign_in(Role.MANAGEMENT).get(office("data-policy"))

    assert answer.content.startswith(b"%PDF")


@pytest.mark.requirement("PDP-004", part=True)
def test_employee_signs_at_the_personnel_desk(named, inside):
    client = named.sign_in(Role.PERSONNEL)
    assert "Анина Анна" in client.get(office("consent-pupils"), {"who": "staff"}).text
    address = office("consent-new-staff", employee_id=named.alpha.anna)
    typed = {
        key.replace("representative", "subject"): value
        for key, value in TYPED.items()
        if key.startswith("representative")
    }
    context = client.post(address, {**typed, "step": "check"}).context

    signed = {
        **typed,
        "salt": context["document"].salt,
        "digest": context["digest"],
        "key": context["key"],
        "identified_by": "in_person",
        "is_signed": "on",
        "step": "accept",
    }
    answer = client.post(address, signed, follow=True)

    assert "Согласие зарегистрировано" in answer.text
    with inside():
        assert Consent.objects.get().employee_id == named.alpha.anna


# --- The family -------------------------------------------------------------------------------


def test_mother_sees_what_she_signed_and_withdraws_it_herself(named, accept, inside):
    accept()
    vera = named.sign_in(Role.GUARDIAN)
    with inside():
        consent = Consent.objects.get().pk
    page = vera.get(family("consents")).text
    assert "№&nbsp;2026/000001" in page
    assert vera.get(family("consent-paper", consent_id=consent)).content.startswith(b"%PDF")
    address = family("withdraw-consent", consent_id=consent)
    assert "Для второго родителя ничего не изменится" in vera.get(address).text
    assert vera.post(address, {}).status_code == 400

    vera.post(address, {"is_sure": "on"})

    with inside():
        row = Consent.objects.get()
        assert (row.withdrawn_manner, row.is_live) == ("account", False)


def test_consent_of_another_family_is_not_there(named, accept, inside):
    accept()
    dmitry = named.sign_in(Role.PUPIL)
    with inside():
        consent = Consent.objects.get().pk

    for route in ("consent-paper", "withdraw-consent"):
        assert dmitry.get(family(route, consent_id=consent)).status_code == 404


@pytest.mark.requirement("PDP-001", part=True)
def test_mother_asks_for_her_data_and_takes_the_answer(named, accept, inside):
    accept()
    vera = named.sign_in(Role.GUARDIAN)
    asked = vera.post(family("ask-data"), {"about": str(named.alpha.gleb)}, follow=True)
    assert "Школа ответит до 04.12.2026" in asked.text
    vera.post(family("ask-data"), {"about": ""})
    again = vera.post(family("ask-data"), {"about": ""}, follow=True)
    assert "Такой запрос уже подан" in again.text
    stranger = vera.post(family("ask-data"), {"about": str(named.alpha.yegor)})
    assert stranger.status_code == 404
    with inside():
        child, own = SubjectRequest.objects.order_by("pk").values_list("pk", flat=True)
    clerk = named.sign_in(Role.SECRETARY)
    assert "Глебов Глеб" in clerk.get(office("data-requests")).text
    assert clerk.get(office("data-request", request_id=child)).status_code == 200
    early = vera.get(family("data-answer", request_id=child))
    assert early.status_code == 404

    for one in (child, own):
        clerk.post(office("answer-request", request_id=one))
    packed = vera.get(family("data-answer", request_id=child))

    with zipfile.ZipFile(BytesIO(packed.content)) as archive:
        data = json.loads(archive.read("данные.json"))
        assert archive.read("ответ.pdf").startswith(b"%PDF")
    assert data["subject"] == "Глебов Глеб"
    assert "Карточка" in [part["title"] for part in data["parts"]]
    assert "+79001112233" not in json.dumps(data)


def test_clerk_extends_a_term_with_a_reason(named, inside):
    vera = named.sign_in(Role.GUARDIAN)
    vera.post(family("ask-data"), {"about": ""})
    with inside():
        request = SubjectRequest.objects.get().pk
    clerk = named.sign_in(Role.SECRETARY)

    silent = clerk.post(office("extend-request", request_id=request), {"reason": " "})
    clerk.post(office("extend-request", request_id=request), {"reason": "Архив на бумаге"})

    assert "Напишите причину" in silent.text
    assert "Срок продлён: Архив на бумаге" in vera.get(family("consents")).text


def test_request_on_paper_is_written_down(named, inside):
    clerk = named.sign_in(Role.SECRETARY)

    answer = clerk.post(
        office("data-request-new"), {"guardian": str(named.alpha.vera)}, follow=True
    )

    assert "Запрос зарегистрирован: № 2026/000001" in answer.text
    assert clerk.post(office("data-request-new"), {"pupil": "x"}).status_code == 404


def test_pupil_of_age_sees_the_own_page(named, inside):
    with inside():
        Pupil.objects.filter(pk=named.alpha.gleb).update(birth_date=date(2008, 1, 1))

    page = named.sign_in(Role.PUPIL).get(family("consents"))

    assert page.status_code == 200
    assert "Обо мне" in page.text
