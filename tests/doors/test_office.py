"""The office over HTTP: lists, upload, preview, apply; the outcome is all or nothing."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from foundation import clock
from foundation.db.door import school_transaction
from foundation.outbox.dispatch import deliver_waiting
from foundation.spreadsheets import write_csv, write_ods, write_xlsx
from kernel.roles import Role
from services.people.models import Employee, Guardian, ImportJob, Pupil
from services.schedule.models import Subject
from tenants.accounts.models import Account
from tenants.accounts.operations import give_role

pytestmark = pytest.mark.django_db

HEAD = ["Класс", "ФИО", "Дата рождения", "Пол", "ФИО матери", "Телефон матери"]
GLEB = ["7А", "Глебов Глеб Глебович", "05.05.2013", "м", "Верина Вера Ильинична", "89001234567"]
GLEBS_DAY = date(2013, 5, 5)
BROKEN = ["7А", "Зоина Зоя Петровна", "31.02.2013", "ж", "", ""]


@pytest.fixture
def office(client, school):
    """A client signed in as the school's secretary."""
    account = Account.objects.create(login="sekretar", display_name="Секретова Софья Ильинична")
    give_role(account_id=account.pk, role=Role.SECRETARY, school_id=school.id)
    client.force_login(account)
    return client


@pytest.fixture
def upload(office, school):
    def run(*rows, kind="pupils", name="список.csv", content=None):
        content = content or write_csv([HEAD, *rows], encoding="cp1251", delimiter=";")
        file = SimpleUploadedFile(name, content)
        url = reverse("office:imports", kwargs={"school": school.slug})
        return office.post(url, {"kind": kind, "file": file}, follow=True)

    return run


@pytest.fixture
def count(school, system):
    def run():
        with school_transaction(system, school.id):
            return Pupil.objects.count(), Guardian.objects.count()

    return run


STAFF_HEAD = ["ФИО", "Должность", "Дата рождения", "Пол"]
ANNA = ["Анина Анна Петровна", "учитель математики", "01.03.1985", "ж"]


@pytest.mark.requirement("XCH-002")
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("список.xlsx", lambda rows: write_xlsx(rows, sheet="Лист1")),
        ("список.ods", lambda rows: write_ods(rows, sheet="Лист1")),
        ("список.csv", lambda rows: write_csv(rows, encoding="cp1251", delimiter=";")),
    ],
)
def test_lists_of_users_teachers_and_pupils_come_in_from_other_programs(
    upload, office, school, system, name, write
):
    for kind, rows in (("pupils", [HEAD, GLEB]), ("employees", [STAFF_HEAD, ANNA])):
        shown = upload(kind=kind, name=name, content=write(rows))
        office.post(f"{shown.request['PATH_INFO']}apply/")
    deliver_waiting(school, clock.now())

    with school_transaction(system, school.id):
        assert Pupil.objects.get().account_id
        assert Guardian.objects.get().account_id
        assert Employee.objects.get().account_id
        assert Subject.objects.exists()  # came with the school itself
    names = set(Account.objects.values_list("display_name", flat=True))
    assert {"Анина Анна Петровна", "Верина Вера Ильинична", "Глебов Глеб Глебович"} <= names


@pytest.mark.requirement("XCH-002", part=True)
def test_list_is_shown_first_and_loaded_on_the_word_of_the_secretary(upload, office, count):
    shown = upload(GLEB)
    assert count() == (0, 0)
    assert "Что изменится" in shown.text

    loaded = office.post(f"{shown.request['PATH_INFO']}apply/", follow=True)

    assert loaded.status_code == 200
    assert "Список загружен" in loaded.text
    assert "Ещё в пути: доступ к дневнику — 1, учётные записи — 2." in loaded.text
    assert count() == (1, 1)


def test_file_with_an_error_names_it_and_nothing_is_written(upload, office, count):
    shown = upload(GLEB, BROKEN)
    assert "31.02.2013" in shown.text
    assert "Файл пока нельзя загрузить" in shown.text
    assert "/apply/" not in shown.text

    refused = office.post(f"{shown.request['PATH_INFO']}apply/")

    assert refused.status_code == 409
    assert count() == (0, 0)


def test_list_that_no_longer_fits_the_school_says_why_it_was_not_loaded(
    upload, office, school, system, count
):
    job = upload(GLEB).context["job"]
    with school_transaction(system, school.id):
        for _ in range(2):
            Pupil.objects.create(
                last_name="Глебов", first_name="Глеб", middle_name="Глебович", birth_date=GLEBS_DAY
            )
    before = count()

    url = reverse("office:apply", kwargs={"school": school.slug, "job_id": job.id})
    answer = office.post(url)

    assert answer.status_code == 409
    assert "два ребёнка с таким именем" in answer.text
    assert f'action="{url}"' not in answer.text  # what cannot be loaded is not offered again
    assert count() == before


def test_second_press_changes_nothing(upload, office, count):
    shown = upload(GLEB)
    url = f"{shown.request['PATH_INFO']}apply/"
    office.post(url)

    again = office.post(url, follow=True)

    assert "второй раз ничего не изменилось" in again.text
    assert count() == (1, 1)


def test_dropped_file_is_wiped(upload, office, school, system, count):
    shown = upload(GLEB)
    office.post(f"{shown.request['PATH_INFO']}drop/")

    with school_transaction(system, school.id):
        job = ImportJob.objects.get()
        assert (job.state, job.content) == (ImportJob.State.REFUSED, None)
    assert count() == (0, 0)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("пусто.csv", b" ", "Файл"),
        ("список.xlsx", b"PK\x03\x04 not a workbook", "Файл"),
        ("список.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Файл"),
    ],
)
def test_unreadable_file_gets_one_clear_sentence(upload, count, name, content, word):
    answer = upload(name=name, content=content)

    assert answer.status_code == 400
    assert "Файл не принят" in answer.text
    assert word in answer.text
    assert count() == (0, 0)


def test_form_without_a_file_says_so(office, school):
    answer = office.post(reverse("office:imports", kwargs={"school": school.slug}), {})

    assert answer.status_code == 400
    assert "Выберите файл" in answer.text


def test_people_are_found_by_the_beginning_of_a_name(upload, office, school):
    shown = upload(GLEB, ["7А", "Зоина Зоя Петровна", "01.02.2013", "ж", "", ""])
    office.post(f"{shown.request['PATH_INFO']}apply/")

    page = office.get(reverse("office:home", kwargs={"school": school.slug}), {"q": "глеб"}).text

    assert "Глебов Глеб Глебович" in page
    assert "Зоина" not in page
    assert "7А" in page


def test_empty_lists_say_what_to_do(office, school):
    for route in ("office:home", "office:employees", "office:imports"):
        page = office.get(reverse(route, kwargs={"school": school.slug}))
        assert page.status_code == 200
    assert "Загрузок ещё не было" in page.text


def test_uploads_of_another_school_are_not_there(upload, office, other_school):
    shown = upload(GLEB)
    job = shown.request["PATH_INFO"].rstrip("/").rpartition("/")[2]

    foreign = reverse("office:import", kwargs={"school": other_school.slug, "job_id": job})

    assert office.get(foreign).status_code == 404
