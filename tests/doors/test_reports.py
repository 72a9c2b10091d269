"""Reports over HTTP: who sees which (ROL-028), what stands on them, what is in the spreadsheet."""

import io
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.rights import Hat, Right
from kernel.roles import DISTRICT_ROLES, SCHOOL_ROLES, Role
from services.journal.models import Absence
from services.people.models import (
    Appointment,
    ClassEnrollment,
    LastSeen,
    Look,
    Pupil,
    SchoolClass,
    TeachingGroup,
)
from services.regulation.operations import change_right
from services.schedule.models import SchoolYear, TeachingLoad, Term
from tests.factories.district import ALPHA, BETA, TwoSchools, sign_in
from tests.factories.marks import class_of, fill_table, lead, make_group, move, write

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
STRANGERS = sorted((SCHOOL_ROLES | DISTRICT_ROLES) - {Role.TEACHER, Role.MANAGEMENT})


class Inside:
    """«Альфа» open for a change by the system."""

    def __init__(self, two: TwoSchools, slug: str = ALPHA) -> None:
        self.school = two.refs[slug]

    def __enter__(self) -> Actor:
        self.system = Actor.system(self.school)
        self.door = school_transaction(self.system, self.school.id)
        self.door.__enter__()
        return self.system

    def __exit__(self, *what: Any) -> None:
        self.door.__exit__(*what)


@pytest.fixture
def filled(two: TwoSchools) -> TwoSchools:
    """The table of 7А is filled; Yegor of 7Б has a four."""
    with Inside(two):
        fill_table(two.alpha)
        write(two.alpha.other_lessons[0], {two.alpha.yegor: 4})
    return two


def addresses(two: TwoSchools, slug: str = ALPHA) -> dict[str, str]:
    """Return the address of every report of a school: of 7А, of 7Б, of the school."""
    small = two.small[slug]
    with Inside(two, slug):
        own, other = class_of(small.group_id), class_of(small.other_group_id)

    def at(route: str, **place: int) -> str:
        return reverse(f"reports:{route}", kwargs={"school": slug, **place})

    return {
        "school": at("school"),
        "7А": at("class", class_id=own),
        "7А алгебра": at("subject", group=small.group_id, subject=small.subject_id),
        "Глеб": at("pupil", pupil_id=small.gleb),
        "Зоя": at("pupil", pupil_id=small.zoya),
        "7Б": at("class", class_id=other),
        "7Б алгебра": at("subject", group=small.other_group_id, subject=small.subject_id),
        "Егор": at("pupil", pupil_id=small.yegor),
    }


OF_A, OF_B = {"7А", "7А алгебра", "Глеб", "Зоя"}, {"7Б", "7Б алгебра", "Егор"}
EVERYTHING = {"school", *OF_A, *OF_B}


def opened(client: Client, two: TwoSchools, slug: str = ALPHA) -> set[str]:
    """Return which reports open to somebody; the page and its spreadsheet alike."""
    seen = {}
    for name, address in addresses(two, slug).items():
        statuses = {client.get(address).status_code, client.get(f"{address}?as=xlsx").status_code}
        assert statuses in ({200}, {404}), (name, statuses)
        seen[name] = statuses == {200}
    return {name for name, is_open in seen.items() if is_open}


def teacher(two: TwoSchools, employee_id: int) -> Client:
    """Return the browser of a teacher of «Альфа»."""
    return sign_in((Role.TEACHER, two.refs[ALPHA], employee_id))


def set_right(two: TwoSchools, right: Right, subject: Role | Hat | int, is_allowed: bool) -> None:
    """Change a cell of the matrix of «Альфа»."""
    with Inside(two) as system:
        change_right(
            actor=system,
            hats=(),
            right=right,
            subject=subject,
            is_allowed=is_allowed,
            on=TODAY,
            now=NOW,
        )


def text_of(client: Client, address: str) -> str:
    """Return what a page says, its blanks put in order."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    words = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(words.replace("\xa0", " ").split())


def sheet_of(client: Client, address: str) -> list[list[Any]]:
    """Return the rows of a spreadsheet."""
    answer = client.get(f"{address}{'&' if '?' in address else '?'}as=xlsx")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python()


# --- Who sees which ----------------------------------------------------------------------------


@pytest.mark.requirement("ROL-028")
def test_management_sees_every_report(filled: TwoSchools) -> None:
    assert opened(filled.sign_in(Role.MANAGEMENT), filled) == EVERYTHING


@pytest.mark.requirement("ROL-028")
def test_teacher_sees_the_reports_of_the_classes_he_works_in(filled: TwoSchools) -> None:
    small = filled.alpha

    assert opened(teacher(filled, small.anna), filled) == OF_A
    assert opened(teacher(filled, small.oksana), filled) == OF_B


@pytest.mark.requirement("ROL-028")
def test_class_teacher_sees_the_reports_of_the_own_class(filled: TwoSchools) -> None:
    """Oksana teaches in 7Б and leads 7А."""
    with Inside(filled):
        lead(filled.alpha.group_id, filled.alpha.oksana)

    assert opened(teacher(filled, filled.alpha.oksana), filled) == OF_A | OF_B


@pytest.mark.requirement("ROL-028")
def test_load_in_a_subgroup_is_work_in_its_class(filled: TwoSchools) -> None:
    small = filled.alpha
    with Inside(filled):
        make_group(small, small.oksana, [small.gleb], of_group=small.group_id)

    assert opened(teacher(filled, small.oksana), filled) == OF_A | OF_B


@pytest.mark.requirement("ROL-028")
def test_elective_of_several_classes_opens_its_own_report_only(filled: TwoSchools) -> None:
    small = filled.alpha
    with Inside(filled):
        chess = make_group(small, small.oksana, [small.gleb], of_group=None, title="Шахматы")
        write(chess.lessons[0], {small.gleb: 5})
    page = {"school": ALPHA, "group": chess.id, "subject": chess.subject_id}
    oksana, anna = teacher(filled, small.oksana), teacher(filled, small.anna)
    address = reverse("reports:subject", kwargs=page)

    assert opened(oksana, filled) == OF_B
    assert (oksana.get(address).status_code, anna.get(address).status_code) == (200, 404)
    assert "Глебов Глеб" in text_of(oksana, address)
    assert "/pupils/" not in oksana.get(address).content.decode()  # no way to a pupil of 7А
    assert "Шахматы" in text_of(oksana, reverse("reports:home", kwargs={"school": ALPHA}))


@pytest.mark.requirement("ROL-028")
@pytest.mark.parametrize("role", STRANGERS)
def test_nobody_else_sees_a_report(filled: TwoSchools, role: Role) -> None:
    """Psychologist, personnel, secretary, administrator, family, committee: no such page."""
    client = filled.sign_in(role, None if role in DISTRICT_ROLES else ALPHA)

    assert opened(client, filled) == set()
    assert client.get(reverse("reports:home", kwargs={"school": ALPHA})).status_code == 404


@pytest.mark.requirement("ROL-028")
@pytest.mark.parametrize("role", [Role.MANAGEMENT, Role.TEACHER])
def test_reports_of_another_school_are_not_there(filled: TwoSchools, role: Role) -> None:
    client = filled.sign_in(role)
    foreign = {name: client.get(one).status_code for name, one in addresses(filled, BETA).items()}

    assert set(foreign.values()) == {404}
    crossed = reverse("reports:pupil", kwargs={"school": ALPHA, "pupil_id": filled.beta.gleb})
    assert client.get(crossed).status_code == 404


@pytest.mark.requirement("ROL-028")
def test_load_of_last_year_opens_nothing(filled: TwoSchools) -> None:
    with Inside(filled):
        TeachingLoad.objects.filter(employee_id=filled.alpha.anna).update(start_year=2025)

    assert opened(teacher(filled, filled.alpha.anna), filled) == set()


@pytest.mark.requirement("ROL-028")
def test_pupil_who_moved_is_read_by_the_teachers_of_the_new_class(filled: TwoSchools) -> None:
    small = filled.alpha
    with Inside(filled):
        move(small.gleb, to_group=small.other_group_id, on=date(2026, 11, 18))

    anna, oksana = teacher(filled, small.anna), teacher(filled, small.oksana)
    assert opened(anna, filled) == OF_A - {"Глеб"}
    assert opened(oksana, filled) == OF_B | {"Глеб"}
    page = anna.get(addresses(filled)["7А"]).content.decode()
    assert "Глебов Глеб" in page
    assert f"/pupils/{small.gleb}/" not in page


@pytest.mark.requirement("ROL-028", "REP-008", part=True)
@pytest.mark.parametrize("subject", [Role.ADMINISTRATOR, Hat.WORKING_GROUP, "Oksana"])
def test_school_gives_its_own_report_to_whom_it_wants(filled: TwoSchools, subject: Any) -> None:
    small, school = filled.alpha, filled.refs[ALPHA]
    role = Role.ADMINISTRATOR if subject is Role.ADMINISTRATOR else Role.TEACHER
    client = sign_in((role, school, small.oksana))
    if subject is Hat.WORKING_GROUP:
        with Inside(filled):
            Appointment.objects.create(
                duty="working_group",
                employee_id=small.oksana,
                order_number="1",
                order_on=TODAY,
                since_on=TODAY,
            )
    account_id = int(client.session["_auth_user_id"])
    assert opened(client, filled) in (set(), OF_B)

    set_right(
        filled,
        Right.REPORTS_READ_SCHOOL,
        account_id if subject == "Oksana" else subject,
        is_allowed=True,
    )

    assert opened(client, filled) == EVERYTHING


@pytest.mark.requirement("ROL-028", part=True)
def test_school_takes_reports_from_teachers_and_leaves_them_to_class_teachers(filled) -> None:
    with Inside(filled):
        lead(filled.alpha.group_id, filled.alpha.oksana)

    set_right(filled, Right.REPORTS_READ_CLASS, Role.TEACHER, is_allowed=False)

    assert opened(teacher(filled, filled.alpha.anna), filled) == set()
    assert opened(teacher(filled, filled.alpha.oksana), filled) == OF_A  # the class led, no load


# --- The family --------------------------------------------------------------------------------


def child_address(pupil_id: int, slug: str = ALPHA) -> str:
    return reverse("guardian:report", kwargs={"school": slug, "child": pupil_id})


@pytest.mark.requirement("ROL-028")
@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.PUPIL])
def test_family_sees_the_report_of_the_own_child_and_no_other(filled, role: Role) -> None:
    """Grant, link and right are those of the diary: tests/tenancy/test_mutations.py breaks each."""
    client, small = filled.sign_in(role), filled.alpha
    others = [child_address(one) for one in (small.zoya, small.yegor, filled.beta.gleb, 2**62)]

    page = text_of(client, child_address(small.gleb))

    assert "Алгебра 5 4 3 4,25" in page
    assert {client.get(one).status_code for one in others} == {404}
    assert "Зоя" not in page
    assert {client.get(f"{one}?as=xlsx").status_code for one in others} == {404}


def test_report_is_a_step_from_the_marks(filled: TwoSchools) -> None:
    vera, small = filled.sign_in(Role.GUARDIAN), filled.alpha
    marks = vera.get(reverse("guardian:marks", kwargs={"school": ALPHA, "child": small.gleb}))

    link = f"{child_address(small.gleb)}?year=2026&amp;term={small.term_id}"
    assert f'href="{link}"' in marks.content.decode()


@pytest.mark.requirement("ROL-028", "ROL-027", part=True)
def test_family_and_teacher_see_the_same_composition(filled: TwoSchools) -> None:
    teachers = text_of(teacher(filled, filled.alpha.anna), addresses(filled)["Глеб"])
    familys = text_of(filled.sign_in(Role.GUARDIAN), child_address(filled.alpha.gleb))

    def table(page: str) -> str:
        return page[page.index("Предмет Отметки") : page.index("с весом работ.")]

    assert table(teachers) == table(familys)
    assert sheet_of(filled.sign_in(Role.GUARDIAN), child_address(filled.alpha.gleb)) == sheet_of(
        teacher(filled, filled.alpha.anna), addresses(filled)["Глеб"]
    )


# --- What stands on the pages ------------------------------------------------------------------


@pytest.mark.requirement("REP-008")
def test_list_leads_to_what_is_in_reach(filled: TwoSchools) -> None:
    home = reverse("reports:home", kwargs={"school": ALPHA})
    of_anna = teacher(filled, filled.alpha.anna).get(home).content.decode()
    of_boris = filled.sign_in(Role.MANAGEMENT).get(home).content.decode()
    at = addresses(filled)

    assert (at["7А"] in of_anna, at["7А алгебра"] in of_anna) == (True, True)
    assert (at["7Б"] in of_anna, at["school"] in of_anna) == (False, False)
    assert all(at[one] in of_boris for one in ("school", "7А", "7Б", "7Б алгебра"))
    assert ">Отчёты</span>" in of_anna


def test_teacher_without_a_load_is_told_why_the_list_is_empty(filled: TwoSchools) -> None:
    boris = teacher(filled, filled.alpha.boris)

    assert "Отчётов пока нет" in text_of(boris, reverse("reports:home", kwargs={"school": ALPHA}))


@pytest.mark.requirement("REP-001", part=True)
@pytest.mark.requirement("REP-016")
def test_school_report_shows_fullness_averages_and_attendance(filled: TwoSchools) -> None:
    page = text_of(filled.sign_in(Role.MANAGEMENT), addresses(filled)["school"])

    assert "7А не назначен 2 5 5 3,29 40,0 % 1 0 62,5 %" in page
    assert "7Б не назначен 1 5 1 4,00 100,0 % 0 0 100,0 %" in page
    assert "Школа 3 10 6 3,38 50,0 % 1 0 66,7 %" in page


@pytest.mark.requirement("REP-002", "REP-003", part=True)
def test_class_report_shows_averages_or_how_many_marks(filled: TwoSchools) -> None:
    anna, address = teacher(filled, filled.alpha.anna), addresses(filled)["7А"]

    assert "Глебов Глеб 4,25 4,25 1 1 0 75,0" in text_of(anna, address)
    assert "Глебов Глеб 3 3 1 1 0 75,0" in text_of(anna, f"{address}?show=counts")
    assert "По классу 3,29 3,29 3 1 2 62,5" in text_of(anna, f"{address}?term=year")
    assert "Классный руководитель не назначен" in text_of(anna, address)


def test_attendance_of_a_pupil_is_told_by_the_lessons_written_down(filled: TwoSchools) -> None:
    """Zoya missed two of the four written down, and one more of which nothing is written yet."""
    with Inside(filled):
        Absence.objects.filter(pupil_id=filled.alpha.zoya, code="ОП").update(code="Н")

    page = text_of(filled.sign_in(Role.MANAGEMENT), addresses(filled)["Зоя"])

    assert "Посещаемость 50,0 %: пропущено 2 урока из 4 записанных." in page


def test_first_grade_that_missed_nothing_is_told_so(filled: TwoSchools) -> None:
    with Inside(filled):
        SchoolClass.objects.update(level=1)
        TeachingGroup.objects.update(level=1)
        Absence.objects.all().delete()
    client, at = filled.sign_in(Role.MANAGEMENT), addresses(filled)

    assert "отметок ещё нет" not in text_of(client, at["Глеб"])
    assert "Пропусков за этот период нет. Посещаемость 100,0 %" in text_of(client, at["Глеб"])
    assert "Глебов Глеб 0 0 0" in text_of(client, at["7А алгебра"])


@pytest.mark.requirement("REP-024", part=True)
def test_print_bears_the_school_the_period_and_the_day(filled: TwoSchools) -> None:
    client = filled.sign_in(Role.MANAGEMENT)

    for name in ("school", "7А", "7А алгебра", "Глеб"):
        page = text_of(client, addresses(filled)[name])
        assert "Школа «Альфа». 2 четверть 2026/27 учебного года: 2 ноября 2026 г. –" in page, name
        assert "сформировано 20 ноября 2026 г." in page, name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({}, "идёт, посчитано по сегодня", id="running"),
        pytest.param({"closed_at": NOW}, "закрыт 20 ноября 2026 г.", id="closed"),
        pytest.param(
            {"closed_at": datetime(2026, 11, 19, 22, 30, tzinfo=UTC)},
            "закрыт 20 ноября 2026 г.",
            id="closed after midnight in Moscow",
        ),
        pytest.param({"ends_on": date(2026, 11, 19)}, "закончился", id="over"),
        pytest.param({"starts_on": date(2026, 11, 23)}, "Период ещё не начался", id="ahead"),
    ],
)
def test_state_of_the_period_is_told_on_every_report(filled, change, words: str) -> None:
    with Inside(filled):
        Term.objects.filter(pk=filled.alpha.term_id).update(**change)
    client = filled.sign_in(Role.MANAGEMENT)
    pages = {one: addresses(filled)[one] for one in ("school", "7А", "7А алгебра", "Глеб")}

    told = {name: words in text_of(client, f"{one}?term={filled.alpha.term_id}")
            for name, one in pages.items()}  # fmt: skip

    assert told == dict.fromkeys(pages, True)


def test_period_without_marks_says_so(two: TwoSchools) -> None:
    client = two.sign_in(Role.MANAGEMENT)

    for name in ("school", "7А", "7А алгебра", "Глеб"):
        page = text_of(client, addresses(two)[name])
        assert "За этот период отметок ещё нет" in page, name


@pytest.mark.parametrize("asked", ["term=0", "term=x", "year=1", "year=x", "year=99999999999"])
def test_period_that_nobody_offers_is_not_there(filled: TwoSchools, asked: str) -> None:
    client, at = filled.sign_in(Role.MANAGEMENT), addresses(filled)

    assert client.get(f"{at['school']}?{asked}").status_code == 404
    assert client.get(f"{at['Глеб']}?{asked}").status_code == 404


def test_number_beyond_numbers_is_not_there(filled: TwoSchools) -> None:
    client = filled.sign_in(Role.MANAGEMENT)
    for path in (
        f"classes/{2**70}/",
        f"pupils/{2**70}/",
        f"groups/{2**70}/1/",
        f"groups/1/{2**70}/",
    ):
        assert client.get(f"/s/{ALPHA}/reports/{path}").status_code == 404, path


def test_earlier_years_are_the_managements(filled: TwoSchools) -> None:
    with Inside(filled):
        SchoolYear.objects.create(
            start_year=2025, starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 26)
        )
        old = SchoolClass.objects.create(start_year=2025, level=6, letter="А")
        ClassEnrollment.objects.create(
            pupil_id=filled.alpha.zoya,
            school_class=old,
            since_on=date(2025, 9, 1),
            until=date(2026, 5, 30),
        )
    home = reverse("reports:home", kwargs={"school": ALPHA})
    boris, anna = filled.sign_in(Role.MANAGEMENT), teacher(filled, filled.alpha.anna)
    address = reverse("reports:class", kwargs={"school": ALPHA, "class_id": old.pk})

    assert address in boris.get(f"{home}?year=2025").content.decode()
    assert "2025/26" in text_of(boris, f"{addresses(filled)['school']}?year=2025&term=year")
    assert "Зоина Зоя" in text_of(boris, address)
    [step] = re.findall(r'/pupils/\d+/(\?[^"]+)', boris.get(address).content.decode())
    assert "6А, отметки и пропуски" in text_of(boris, addresses(filled)["Зоя"] + unescape(step))
    assert address not in anna.get(f"{home}?year=2025").content.decode()
    assert anna.get(address).status_code == 404


# --- Spreadsheets and looks --------------------------------------------------------------------


@pytest.mark.requirement("REP-024", part=True)
def test_spreadsheet_is_the_report(filled: TwoSchools) -> None:
    client, at = filled.sign_in(Role.MANAGEMENT), addresses(filled)

    assert sheet_of(client, at["school"])[-1][2:] == [3, 10, 6, 3.38, 50.0, 1, 0, 66.7]
    assert sheet_of(client, at["7А"])[-3] == ["Глебов Глеб", 4.25, 3, 4.25, 3, 1, 1, 0, 75.0]
    assert sheet_of(client, at["7А алгебра"])[-3] == [
        *("Глебов Глеб", 3, 1, 1, 1, 0, 4.25),
        *(1, 1, 0),
    ]
    answer = client.get(f"{at['7А']}?as=xlsx")
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "no-store" in answer["Cache-Control"]


def test_name_like_a_formula_stays_a_name(filled: TwoSchools) -> None:
    with Inside(filled):
        Pupil.objects.filter(pk=filled.alpha.gleb).update(last_name="=1+1", first_name="Глеб")
    answer = filled.sign_in(Role.MANAGEMENT).get(f"{addresses(filled)['7А']}?as=xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "=1+1 Глеб" in cells


@pytest.mark.requirement("ROL-028", part=True)
def test_look_at_a_report_is_noted_as_one_at_the_journal(filled: TwoSchools) -> None:
    anna, address = teacher(filled, filled.alpha.anna), addresses(filled)["Глеб"]

    anna.get(address)
    anna.get(address)
    anna.get(addresses(filled)["Егор"])  # refused

    with Inside(filled):
        seen = LastSeen.objects.values_list("page", "times")
        assert list(seen) == [(f"report:pupil:{filled.alpha.gleb}", 2)]
        assert Look.objects.count() == 0
