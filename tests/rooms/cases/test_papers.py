"""The documents of a case as people read them: number, day, issuer, ground, appeal order."""

import io
from datetime import date

import pypdf
import pytest

from foundation.documents.rendering import render_pdf
from kernel.errors import NotFound
from services.cases.operations import desk, service
from services.cases.queries.papers import get_paper, get_paper_by_secret
from services.people.models import Employee
from tests.rooms.cases.families import FRIDAY, Family, case_of, noon

pytestmark = pytest.mark.django_db


def read(family: Family, case_id: int, paper: str) -> str:
    """Return the words of a document on one line."""
    document = get_paper(actor=family.director, case_id=case_id, paper=paper, on=FRIDAY)
    content = render_pdf(template=document.template, data=document.data)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    words = " ".join(page.extract_text() for page in pages)
    return " ".join(words.replace("\u00a0", " ").replace("-\n", "").split())


@pytest.fixture
def named(family: Family) -> Family:
    """The administrator has a card, so papers name who issued them."""
    Employee.objects.create(last_name="Адмова", first_name="Ада", post="секретарь", account_id=10)
    return family


@pytest.mark.requirement("SRV-025")
@pytest.mark.parametrize(
    ("paper", "title"),
    [
        ("receipt", "Расписка о регистрации заявления"),
        ("access", "Уведомление о предоставлении доступа"),
        ("termination", "Уведомление о прекращении услуги"),
    ],
)
def test_what_the_school_issues_has_number_day_source_and_issuer(
    named: Family, paper: str, title: str
) -> None:
    case_id = named.granted()
    service.terminate(actor=named.administrator, case_id=case_id, ground="finished", now=noon())

    text = read(named, case_id, paper)

    number = case_of(case_id).log.filter(paper=paper).get().paper_number
    assert title in text
    assert f"20 ноября 2026 г. № {number}" in text
    assert "МБОУ «Школа»" in text
    assert case_of(case_id).number in text
    assert paper == "receipt" or "Адмова" in text


@pytest.mark.requirement("SRV-011", "SRV-030", part=True)
def test_refusal_names_its_ground_and_how_to_appeal(named: Family) -> None:
    case_id = named.apply().case_id
    desk.refuse_to_accept(
        actor=named.administrator, case_id=case_id, ground="stranger", note="паспорт другого лица",
        now=noon(),
    )  # fmt: skip

    text = read(named, case_id, "not_accepted")

    assert "не является родителем (законным представителем)" in text
    assert "регламент услуги, п. 2.7" in text
    assert "паспорт другого лица" in text
    assert "15 рабочих дней" in text


@pytest.mark.requirement("SRV-017", "SRV-013")
def test_notice_of_access_tells_rights_and_duties(named: Family) -> None:
    text = read(named, named.granted(), "access")

    for words in ("Услуга бесплатна", "Храните логин и пароль", "Согласие можно отозвать"):
        assert words in text


@pytest.mark.requirement("SRV-010", "SRV-032")
def test_application_and_consent_are_two_documents(named: Family) -> None:
    text = read(named, named.granted(), "application")

    assert "Согласие на обработку персональных данных подаю отдельным документом" in text
    assert "Верина Вера" in text
    assert "паспорт" not in text


def test_stop_application_says_that_the_consent_stays(named: Family) -> None:
    case_id = named.active()
    service.stop(actor=named.vera, case_id=case_id, now=noon(date(2026, 12, 1)))

    assert "этим заявлением не отзывается" in read(named, case_id, "stop")


def test_document_that_was_never_made_is_not_there(named: Family) -> None:
    receipt = named.apply()

    for paper in ("access", "refusal", "", "../settings"):
        with pytest.raises(NotFound):
            get_paper(actor=named.director, case_id=receipt.case_id, paper=paper, on=FRIDAY)
    with pytest.raises(NotFound):
        get_paper(actor=named.stranger, case_id=receipt.case_id, paper="receipt", on=FRIDAY)
    with pytest.raises(NotFound):
        get_paper_by_secret(
            actor=named.stranger, number=receipt.number, secret="A", paper="receipt", on=FRIDAY
        )
