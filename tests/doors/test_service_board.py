"""The committee's board of the service: the page, its files, who may see it."""

import io
from datetime import date

import pytest
from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from foundation import clock
from foundation.db.door import public_transaction
from kernel.actor import SchoolRef
from kernel.roles import Role
from kernel.service_counts import ServiceCount
from kernel.service_counts import ServiceMeasure as M
from portal.district.service import quarter_of
from services.monitoring.operations import replace_service_facts
from tests.factories.district import TwoSchools, sign_in

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
HERE, QUALITY = "/district/service/", "/district/quality/"


@pytest.fixture
def officer(two: TwoSchools, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(clock, "today", lambda _zone: FRIDAY)
    put(
        two.refs["alpha"],
        ServiceCount(M.REGISTERED, "", 7),
        ServiceCount(M.ACCESS_DAYS, "3", 4),
        ServiceCount(M.ACCESS_DAYS, "12", 1),
        ServiceCount(M.ACCESS_LATE, "", 1),
        ServiceCount(M.STATE, "accepted", 6),
        ServiceCount(M.TERM, "overdue", 2),
        ServiceCount(M.COMPLAINT, "2", 3),
        ServiceCount(M.NOT_ACCEPTED, "stranger", 1),
        ServiceCount(M.PUPILS, "", 100),
        ServiceCount(M.PUPILS_SERVED, "", 80),
    )
    return sign_in((Role.DISTRICT_OFFICER, None, None))


def put(school: SchoolRef, *counts: ServiceCount) -> None:
    with public_transaction():
        replace_service_facts(school_id=school.id, day=FRIDAY, counts=counts, measures=frozenset(M))


def table(client: Client, address: str, code: str) -> tuple[tuple[str, ...], ...]:
    [found] = [one for one in client.get(address).context["report"].tables if one.code == code]
    rows: tuple[tuple[str, ...], ...] = found.rows
    return rows


@pytest.mark.requirement("SRV-011", "SRV-012", part=True)
def test_refusals_are_those_that_were_and_none_is_lost(two: TwoSchools, officer: Client) -> None:
    """A school may have a ground of its own: its refusals add up to what the register counts."""
    put(
        two.refs["beta"],
        ServiceCount(M.REFUSED, "no_consent", 2),
        ServiceCount(M.REFUSED, "own-1", 1),
        ServiceCount(M.NOT_ACCEPTED, "stranger", 1),
    )
    stranger = (
        "Заявитель не является родителем (законным представителем) обучающегося школы "
        "и не является её обучающимся"
    )
    consent = "Не предоставлено согласие на обработку персональных данных"
    own = "Основание из регламента школы"

    assert table(officer, HERE, "grounds") == (
        ("Отказ в приёме", stranger, "2"),
        ("Отказ в предоставлении", consent, "2"),
        ("Отказ в предоставлении", own, "1"),
    )
    names = {slug: ref.short_name for slug, ref in two.refs.items()}
    assert table(officer, "/district/registers/?decision=refused", "refusals") == (
        (names["beta"], "Отказ в предоставлении", consent, "2"),
        (names["beta"], "Отказ в предоставлении", own, "1"),
    )


@pytest.mark.requirement("SRV-023", "ROL-032", "ROL-033")
def test_officer_sees_cases_terms_and_waits(officer: Client) -> None:
    page = " ".join(officer.get(HERE).content.decode().split())

    assert '<td data-label="Дней в среднем" class="num">4,80</td>' in page
    assert '<td data-label="95 % — за дней" class="num">12</td>' in page
    assert "Заявитель не является родителем" in page
    assert "Нарушен срок предоставления услуги" in page
    assert "Нет данных" in page  # the other schools were never counted


@pytest.mark.requirement("SRV-023")
def test_six_indicators_stand_on_one_page(officer: Client) -> None:
    page = officer.get(QUALITY).content.decode()

    assert "80,0" in page
    for title in ("Пользуются родители", "Доступ открыт в срок", "Нет обоснованных жалоб"):
        assert title in page


@pytest.mark.requirement("SRV-023")
@pytest.mark.parametrize("path", [HERE, QUALITY])
def test_report_is_the_same_in_a_file(officer: Client, path: str) -> None:
    book = officer.get(path, {"as": "xlsx"})
    paper = officer.get(path, {"as": "pdf"})

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    cells = [str(cell) for row in sheet.to_python() for cell in row]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Округ" in cells
    assert "Округ" in text
    assert "no-store" in book.headers["Cache-Control"]


@pytest.mark.parametrize("path", [HERE, QUALITY])
@pytest.mark.parametrize("query", ["?period=week", "?since=2026-10-01&last=2026-11-20", "?since=x"])
def test_days_are_chosen_in_the_address(officer: Client, path: str, query: str) -> None:
    assert officer.get(path + query).status_code == 200


@pytest.mark.parametrize(
    ("day", "since", "until"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 11, 20), date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_report_is_made_for_the_quarter(day: date, since: date, until: date) -> None:
    assert (quarter_of(day).since, quarter_of(day).until) == (since, until)


@pytest.mark.parametrize("path", [HERE, QUALITY])
def test_nobody_else_sees_it(two: TwoSchools, path: str) -> None:
    director = sign_in((Role.MANAGEMENT, two.refs["alpha"], two.alpha.boris))
    mother = sign_in((Role.GUARDIAN, two.refs["alpha"], two.alpha.vera))

    assert director.get(path).status_code == 404
    assert mother.get(path).status_code == 404
    assert Client().get(path).status_code == 302


# --- The registers, and the school's own indicators ----------------------------------------------


@pytest.mark.requirement("ROL-033", "SRV-023", part=True)
def test_committee_reads_how_many_stand_in_the_registers_of_a_school(
    two: TwoSchools, officer: Client
) -> None:
    put(
        two.refs["beta"],
        ServiceCount(M.CONSENT, "parent", 12),
        ServiceCount(M.CONSENT, "employee", 1),
        ServiceCount(M.CONSENT_WITHDRAWN, "parent", 2),
        ServiceCount(M.CONSENTS_LIVE, "parent", 30),
        ServiceCount(M.STATE, "active", 30),
        ServiceCount(M.REFUSED, "expelled", 4),
        ServiceCount(M.TERMINATED, "transfer", 3),
    )
    one = {"school": "beta", "decision": "terminated"}

    page = " ".join(officer.get("/district/registers/", one).text.split())
    book = officer.get("/district/registers/", {**one, "as": "xlsx"}).content
    printed = officer.get("/district/registers/", {**one, "as": "pdf"}).content

    for title, number in (("Согласий принято", 13), ("Отозвано", 2), ("Действует", 30)):
        assert f'<td data-label="{title}" class="num">{number}</td>' in page
    assert "Обучающийся переведён в другую школу" in page
    assert "Обучающийся отчислен" not in page  # another decision than the filter asks for
    assert "Школа «Альфа»</th>" not in page
    assert "?school=beta&amp;decision=terminated&amp;as=xlsx" in page
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert ["Школа «Бета»", "Прекращение", "Обучающийся переведён в другую школу", "3"] in [
        row[:4] for row in rows
    ]
    assert "Прекращение" in PdfReader(io.BytesIO(printed)).pages[0].extract_text()


def test_filter_nobody_offers_shows_everything_or_nothing_but_never_fails(officer: Client) -> None:
    answer = officer.get("/district/registers/", {"school": "никакая", "decision": "x"})

    assert answer.status_code == 200


@pytest.mark.requirement("SRV-023")
def test_head_reads_the_six_indicators_of_the_own_school_by_quarter(
    two: TwoSchools, officer: Client
) -> None:
    boris = two.sign_in(Role.MANAGEMENT)

    page = " ".join(boris.get("/s/alpha/office/quality/").text.split())
    printed = boris.get("/s/alpha/office/quality/?as=pdf").content
    book = boris.get("/s/alpha/office/quality/?as=xlsx").content

    assert '<td data-label="IV кв. 2026, идёт">80,0 % (80 из 100)</td>' in page.replace("\xa0", " ")
    assert 'data-label="I кв. 2026"' in page
    assert printed.startswith(b"%PDF")
    assert book.startswith(b"PK")
