"""The stand of the service: six parts on a page and a poster, blanks, the order, all schools."""

import io
from datetime import date

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from services.regulation.operations import change_setting
from tests.factories.district import TwoSchools, open_account, sign_in

pytestmark = pytest.mark.django_db

HERE = "/p/alpha/service/"
SINCE = date(2026, 9, 1)


@pytest.fixture
def known_school(school: SchoolRef) -> SchoolRef:
    """A school that has told about itself."""
    actor = Actor.system(school)
    told = {
        "operator.name": "МБОУ «Школа Альфа»",
        "operator.address": "385000, г. Заречный, ул. Школьная, 1",
        "school.card.phones": "8 (877) 700-00-01",
        "school.card.hours": "пн–пт 8:00–17:00",
        "access.parent_due_workdays": 7,
    }
    with school_transaction(Actor.system(school), school.id):
        for key, value in told.items():
            change_setting(actor=actor, key=key, value=value, clause="тест", since_on=SINCE)
    return school


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\u00ad", "-").split())


@pytest.mark.requirement("SRV-019", "SRV-021", "INF-002", "SRV-013")
def test_everybody_reads_the_six_parts(client: Client, known_school: SchoolRef) -> None:
    page = client.get(HERE).content.decode()

    for part in (
        "Как это происходит",
        "ул. Школьная, 1",
        "8 (877) 700-00-01",
        "Бланки согласия",
        "Когда откажут",
        "Как обжаловать",
        "Порядок предоставления услуги",
        "Бесплатно",
    ):
        assert part in page


@pytest.mark.requirement("SRV-001", "SRV-004", "SRV-036", "SRV-038")
def test_order_says_what_the_regulation_says(client: Client, known_school: SchoolRef) -> None:
    page = client.get(f"{HERE}order/").content.decode()

    assert "«Предоставление информации о текущей успеваемости учащегося" in page
    assert "не позднее 7" in page.replace("\xa0", " ")
    assert "№ 273-ФЗ" in page.replace("\xa0", " ")
    assert "единство требований к результату" in page


@pytest.mark.requirement("SRV-005", "SRV-006", "SRV-007")
def test_order_names_the_result(client: Client, known_school: SchoolRef) -> None:
    page = client.get(f"{HERE}order/").content.decode()

    for block in ("расписание", "текущие отметки", "посещаемость", "итоговые", "экзамены"):
        assert block in page


@pytest.mark.requirement("SRV-019", "SRV-016")
def test_poster_has_the_parts_on_one_sheet(client: Client, known_school: SchoolRef) -> None:
    answer = client.get(f"{HERE}poster.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    assert round(float(reader.pages[0].mediabox.width)) == 842  # A3
    text = text_of(answer.content)
    for part in ("Блок-схема", "Школа", "Документы", "Когда откажут", "Как обжаловать", "Порядок"):
        assert part in text
    assert "8 (877) 700-00-01" in text


@pytest.mark.requirement("SRV-035")
@pytest.mark.parametrize("kind", ["parent", "adult_pupil", "pupil"])
def test_consent_blank_is_for_everybody(client: Client, known_school: SchoolRef, kind: str) -> None:
    answer = client.get(f"{HERE}consent/{kind}.pdf")

    assert answer.status_code == 200
    assert "МБОУ «Школа Альфа»" in text_of(answer.content)


@pytest.mark.parametrize("kind", ["employee", "other"])
def test_other_blanks_are_not_there(client: Client, known_school: SchoolRef, kind: str) -> None:
    assert client.get(f"{HERE}consent/{kind}.pdf").status_code == 404


def test_school_that_told_nothing_still_has_a_stand(client: Client, school: SchoolRef) -> None:
    assert client.get(HERE).status_code == 200
    assert client.get(f"{HERE}poster.pdf").status_code == 200


@pytest.mark.requirement("SRV-021")
def test_every_school_of_the_district_is_listed(client: Client, school: SchoolRef) -> None:
    page = client.get("/p/").content.decode()

    assert HERE in page
    assert "/p/beta/service/" in page


def test_stand_of_a_school_that_is_not_there(client: Client, school: SchoolRef) -> None:
    assert client.get("/p/nowhere/service/").status_code == 404


@pytest.mark.requirement("SRV-020", "SRV-026", "ACC-017")
@pytest.mark.parametrize("moment", ["2026-01-01 03:00", "2026-11-22 23:59", "2026-07-15 12:00"])
def test_service_answers_at_any_hour_of_any_day(
    client: Client, two: TwoSchools, moment: str
) -> None:
    vera = open_account((Role.GUARDIAN, two.refs["alpha"], two.alpha.vera))
    mother = Client()
    with time_machine.travel(f"{moment}+03:00", tick=False):
        assert client.get(HERE).status_code == 200
        assert client.get("/p/alpha/apply/").status_code == 200
        assert client.get("/sign-in/").status_code == 200
        mother.force_login(vera)
        assert mother.get("/family/", follow=True).status_code == 200


@pytest.mark.requirement("INF-013")
def test_order_tells_of_the_school_computer_and_of_paper(
    client: Client, known_school: SchoolRef
) -> None:
    page = client.get(f"{HERE}order/").content.decode().replace("\xa0", " ")

    assert "без домашнего компьютера смотрит дневник со школьного" in page
    assert "получает распечатку не реже раза в 7 дней" in page


# --- The school tells of itself ------------------------------------------------------------------


@pytest.mark.requirement("SRV-019")
def test_administrator_changes_what_the_stand_says(two: TwoSchools) -> None:
    client = sign_in((Role.ADMINISTRATOR, two.refs["alpha"], None))
    told = {"phones": "8 (877) 700-00-02", "site": "school1.example", "hours": "", "email": ""}

    answer = client.post("/s/alpha/office/stand/", told)

    assert answer.status_code == 302
    assert "8 (877) 700-00-02" in client.get(HERE).content.decode()


def test_wrong_address_is_told_and_nothing_is_kept(two: TwoSchools) -> None:
    client = sign_in((Role.ADMINISTRATOR, two.refs["alpha"], None))

    answer = client.post("/s/alpha/office/stand/", {"phones": "8", "site": "не сайт <script>"})

    assert answer.status_code == 400
    assert "Это не адрес сайта" in answer.content.decode()
    assert "<dd>8</dd>" not in client.get(HERE).content.decode()


@pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY])
def test_who_may_not_change_the_regulation_sees_no_form(two: TwoSchools, role: Role) -> None:
    client = sign_in((role, two.refs["alpha"], two.alpha.anna))

    assert client.get("/s/alpha/office/stand/").status_code == 404
    assert client.post("/s/alpha/office/stand/", {"phones": "8"}).status_code == 404
