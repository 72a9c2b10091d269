"""The documents of a case as people read them: number, day, issuer, ground, appeal order."""

import io
from datetime import date

import pypdf
import pytest

from foundation.documents.rendering import render_pdf
from kernel.errors import NotFound
from services.cases.operations import desk, service
from services.cases.queries.cases import CaseFilter, get_case_view
from services.cases.queries.papers import get_paper, get_paper_by_secret
from services.cases.queries.register import list_register
from services.people.models import Employee
from services.regulation.operations import change_setting
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


NEVER_GIVEN = "Не предоставлено согласие на обработку персональных данных"
WITHDRAWN = "Согласие на обработку персональных данных отозвано или утратило силу"


def in_register(family: Family, case_id: int) -> str:
    """Return the ground in the line of the register."""
    lines = list_register(actor=family.administrator, wanted=CaseFilter(), on=FRIDAY)
    return next(one.ground_title for one in lines if one.row.id == case_id)


@pytest.mark.requirement("SRV-012", part=True)
def test_refusal_and_termination_have_their_own_words_for_the_same_ground(named: Family) -> None:
    """Who never brought a consent withdrew none: the lists of п. 2.8 are read each for itself."""
    refused = named.apply().case_id
    service.refuse(actor=named.administrator, case_id=refused, ground="no_consent", now=noon())

    view = get_case_view(actor=named.administrator, case_id=refused, on=FRIDAY)
    assert view.ground_title == view.log[-1].ground_title == NEVER_GIVEN
    assert in_register(named, refused) == NEVER_GIVEN
    text = read(named, refused, "refusal")
    assert NEVER_GIVEN in text
    assert WITHDRAWN not in text


@pytest.mark.requirement("SRV-012", part=True)
def test_termination_of_its_own_ground_cites_the_regulation_too(named: Family) -> None:
    case_id = named.granted()
    consent_id = case_of(case_id).consent_id
    assert consent_id is not None
    service.end_by_consent(actor=named.system, consent_id=consent_id, now=noon())

    text = read(named, case_id, "termination")

    assert WITHDRAWN in text
    assert "регламент услуги, п. 2.8" in text


@pytest.mark.requirement("SRV-012", part=True)
def test_ground_of_a_pause_that_is_over_is_nobodys_ground(named: Family) -> None:
    change_setting(
        actor=named.system,
        key="service.grounds.suspended",
        value=[["court", "Ждём решения суда"]],
        clause="п. 4.2",
        since_on=FRIDAY,
    )
    case_id = named.accepted()
    administrator = {"actor": named.administrator, "case_id": case_id, "now": noon()}
    service.suspend(ground="court", **administrator)  # type: ignore[arg-type]
    assert in_register(named, case_id) == "Ждём решения суда"

    service.resume(**administrator)  # type: ignore[arg-type]
    assert in_register(named, case_id) == ""
    service.withdraw(**administrator)  # type: ignore[arg-type]

    view = get_case_view(actor=named.administrator, case_id=case_id, on=FRIDAY)
    assert (view.row.state, view.ground_title) == ("withdrawn", "")
    assert in_register(named, case_id) == ""
    assert "Ждём решения суда" in [row.ground_title for row in view.log]


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
