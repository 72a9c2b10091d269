"""Paper over HTTP: the queue, a batch as one PDF, the hand-over, the registers."""

import io
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from foundation.db.door import school_transaction
from foundation.spreadsheets.reading import read_table
from kernel.actor import Actor
from kernel.roles import Role
from services.cases.models import Printout, PrintoutSubscription
from services.people.models import SchoolClass
from tests.factories.district import ALPHA, TwoSchools, sign_in, take_application
from tests.factories.printouts import print_for_vera

pytestmark = pytest.mark.django_db
PAGE = "/s/alpha/office/printouts/"


def office_of(two: TwoSchools) -> Client:
    """Return the secretary's browser."""
    return sign_in((Role.SECRETARY, two.refs[ALPHA], None))


def sheets_of(two: TwoSchools) -> list[Printout]:
    """Return the register's rows."""
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        return list(Printout.objects.order_by("pk"))


def ask(two: TwoSchools, browser: Client, **more: Any) -> int:
    """Let Vera ask for a sheet at the desk; return the row."""
    form = {"receiver": two.alpha.vera, "manner": "once", **more}
    answer = browser.post(f"{PAGE}new/{two.alpha.gleb}/", form)
    assert answer.status_code == 302
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        return PrintoutSubscription.objects.get(until=None).pk


@pytest.mark.requirement("INF-006", "INF-004", part=True)
def test_sheet_goes_from_the_request_to_the_signature(two: TwoSchools) -> None:
    office = office_of(two)
    assert "Печатать сегодня нечего" in office.get(PAGE).text
    assert "Глебов Глеб" in office.get(f"{PAGE}new/?q=гле").text

    row = ask(two, office)
    assert "Глебов Глеб" in office.get(PAGE).text
    pdf = office.post(f"{PAGE}print/", {"row": row})
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    (sheet,) = sheets_of(two)
    assert "Ждут вручения" in office.get(PAGE).text
    done = office.post(f"{PAGE}hand/", {"sheet": sheet.pk}, follow=True)

    assert sheet.number == "2026/000001"
    for words in ("Глебов Глеб", "2026/000001", "получил", "Верина Вера"):
        assert words in text
    assert "Зоина" not in text
    assert "Отмечено вручение: 1" in done.text
    assert "2026/000001" in office.get(f"{PAGE}register/?state=handed").text
    assert "Ничего не нашлось" in office.get(f"{PAGE}register/?state=voided").text


def test_two_sided_print_gives_each_child_a_leaf_of_its_own(two: TwoSchools) -> None:
    office = office_of(two)
    rows = [ask(two, office)]
    office.post(f"{PAGE}new/{two.alpha.yegor}/", {"receiver": two.alpha.dmitry, "manner": "once"})
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        rows = list(PrintoutSubscription.objects.values_list("pk", flat=True))

    pages = [
        len(PdfReader(io.BytesIO(office.post(f"{PAGE}print/", form).content)).pages)
        for form in ({"row": rows}, {"row": rows, "two_sided": "on"})
    ]

    assert pages == [2, 3]
    assert len(sheets_of(two)) == 2


@pytest.mark.parametrize("form", [{}, {"row": "x"}])
def test_nobody_chosen_is_said_in_words(two: TwoSchools, form: dict[str, str]) -> None:
    answer = office_of(two).post(f"{PAGE}print/", form, follow=True)

    assert "Отметьте, для кого" in answer.text


@pytest.mark.requirement("PDP-005", part=True)
def test_class_teacher_of_another_class_and_a_parent_find_nothing(two: TwoSchools) -> None:
    school, small = two.refs[ALPHA], two.alpha
    paper = print_for_vera(school, small)
    with school_transaction(Actor.system(school), school.id):
        SchoolClass.objects.filter(letter="А").update(class_teacher=small.anna)
        SchoolClass.objects.filter(letter="Б").update(class_teacher=small.oksana)
    anna = sign_in((Role.TEACHER, school, small.anna))
    oksana = sign_in((Role.TEACHER, school, small.oksana))
    vera = sign_in((Role.GUARDIAN, school, small.vera))

    assert "Глебов Глеб" in anna.get(f"{PAGE}?state=all").text
    assert anna.post(f"{PAGE}print/", {"row": paper.row}).content.startswith(b"%PDF")
    assert "Глебов" not in oksana.get(f"{PAGE}?state=all").text
    assert "Глебов" not in oksana.get(f"{PAGE}register/").text
    for stranger in (oksana, vera):
        assert stranger.post(f"{PAGE}print/", {"row": paper.row}).status_code == 404
        assert stranger.post(f"{PAGE}hand/", {"sheet": paper.sheet}).status_code == 404
        assert stranger.post(f"{PAGE}{paper.row}/end/").status_code == 404
        assert stranger.get(f"{PAGE}new/{small.gleb}/").status_code == 404
    for page in (PAGE, f"{PAGE}register/", f"{PAGE}register.xlsx", f"{PAGE}register.pdf"):
        assert vera.get(page).status_code == 404
    assert anna.get(f"{PAGE}register.xlsx").status_code == 404  # exports are the office's
    (sheet,) = sheets_of(two)
    assert sheet.handed_on is None


def test_registers_are_exported_and_printed(two: TwoSchools) -> None:
    print_for_vera(two.refs[ALPHA], two.alpha)
    take_application(two.refs[ALPHA], two.alpha)
    head = two.sign_in(Role.MANAGEMENT)

    for page, words in (
        (f"{PAGE}register.xlsx", "2026/000001"),
        ("/s/alpha/office/service/register.xlsx?state=", "Глебов Глеб"),
    ):
        book = read_table(head.get(page).content, filename="a.xlsx")
        assert words in str(book)
    for page in (f"{PAGE}register.pdf", "/s/alpha/office/service/register.pdf?state=refusals"):
        assert head.get(page).content.startswith(b"%PDF")
    assert "Excel" in head.get(f"{PAGE}register/").text
    assert "Пора печатать" not in head.get(f"{PAGE}register/").text


@pytest.mark.requirement("INF-013")
def test_rules_say_the_diary_may_be_read_at_school(two: TwoSchools) -> None:
    assert "Обучающийся без домашнего компьютера" in Client().get("/p/alpha/service/order/").text
