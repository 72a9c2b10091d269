"""Accounts to hand out: the queue with due days, sheets, the register, whose is whose."""

import io
import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from foundation.db.door import school_transaction
from kernel.roles import Role
from services.people.models import (
    ActivationSheet,
    ClassEnrollment,
    Employee,
    Guardian,
    Pupil,
    SchoolClass,
)
from services.regulation.operations import change_setting
from tenants.accounts.models import Account, ActivationCode
from tests.factories.district import ALPHA, TwoSchools, open_account

pytestmark = pytest.mark.django_db
CAME = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
CODE = re.compile(r"(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}")


@pytest.fixture
def waiting(two: TwoSchools) -> TwoSchools:
    """Anna leads 7А; Gleb, Zoya and Vera have accounts without a password."""
    small = two.alpha
    accounts = {
        (Pupil, small.gleb): open_account(login="glebov.gleb", name="Глебов Глеб").pk,
        (Pupil, small.zoya): open_account(login="zoina.zoya", name="Зоина Зоя").pk,
        (Guardian, small.vera): open_account(login="verina.vera", name="Верина Вера").pk,
    }
    with inside(two):
        for (model, card), account in accounts.items():
            model._default_manager.filter(pk=card).update(account_id=account, entered_at=CAME)
        SchoolClass.objects.filter(letter="А").update(class_teacher_id=small.anna)
    return two


def inside(two: TwoSchools):
    school = two.refs[ALPHA]
    return school_transaction(two.system_of(ALPHA), school.id)


def class_of(two: TwoSchools, letter: str) -> int:
    with inside(two):
        return SchoolClass.objects.get(letter=letter).pk


def url(route: str, **more: object) -> str:
    return reverse(f"office:{route}", kwargs={"school": ALPHA, **more})


def text_of(answer) -> str:
    reader = PdfReader(io.BytesIO(answer.content))
    return "\n".join(page.extract_text() for page in reader.pages)


def key(two: TwoSchools, kind: str, name: str) -> str:
    return f"{kind}-{getattr(two.alpha, name)}"


@pytest.mark.requirement("ACC-004", "ACC-005")
def test_queue_shows_who_waits_since_when_and_until_when(waiting):
    with inside(waiting):
        Employee.objects.filter(pk=waiting.alpha.anna).update(
            hired_on=date(2026, 11, 18), first_day_on=date(2026, 11, 18)
        )
        ClassEnrollment.objects.filter(pupil_id=waiting.alpha.zoya).update(
            since_on=date(2026, 11, 19)
        )
    admin = waiting.sign_in(Role.ADMINISTRATOR)

    page = admin.get(url("accounts-of", group=class_of(waiting, "А"))).text
    staff = admin.get(url("accounts-of", group="staff")).text

    # The list came on Tuesday the 10th: three working days end on Friday the 13th.
    assert page.count("просрочен") == 2
    assert "13\u00a0ноября" in page
    # Zoya was enrolled on Thursday the 19th: Tuesday the 24th.
    assert "24\u00a0ноября" in page
    # Anna began on Wednesday the 18th: three calendar days, Saturday the 21st.
    assert "21\u00a0ноября" in staff


@pytest.mark.requirement("ACC-003", "ACC-008", "SRV-017", "SRV-027", "SRV-028")
def test_class_teacher_prints_the_sheets_of_the_own_class_and_hands_them_over(waiting):
    anna, group = waiting.sign_in(Role.TEACHER), class_of(waiting, "А")
    chosen = {"person": [key(waiting, "pupil", "gleb"), key(waiting, "guardian", "vera")]}

    sheets = anna.post(url("sheets", group=group), chosen)

    assert sheets["Content-Type"] == "application/pdf"
    text = text_of(sheets)
    assert len(set(CODE.findall(text))) == 2
    for word in ("Глебов Глеб", "glebov.gleb", "Верина Вера", "школьного компьютера", "Расписка"):
        assert word in text
    assert "Зоина" not in text
    handed = anna.post(url("sheets-hand", group=group), chosen, follow=True)
    assert "Отмечено вручение: 2." in handed.text
    with inside(waiting):
        rows = ActivationSheet.objects.exclude(handed_at=None)
        assert rows.count() == 2
    assert "Отмечать нечего" in anna.post(url("sheets-hand", group=group), chosen, follow=True).text


def names_ticked(page) -> list[str]:
    """Return who is ticked on the page of a class."""
    return re.findall(r'checked><label for="[^"]+">([^<]+)<', page.text)


@pytest.mark.requirement("ACC-008", part=True)
def test_sheet_that_lies_printed_is_not_ticked_with_the_others(waiting):
    """A new code would kill the one on paper."""
    admin, group = waiting.sign_in(Role.ADMINISTRATOR), class_of(waiting, "А")
    where = url("accounts-of", group=group)
    assert names_ticked(admin.get(where)) == ["Глебов Глеб", "Верина Вера", "Зоина Зоя"]
    admin.post(url("sheets", group=group), {"person": [key(waiting, "pupil", "gleb")]})

    fresh, printed, everybody = (
        admin.get(where, {"part": part}) for part in ("", "printed", "all")
    )

    assert names_ticked(fresh) == ["Верина Вера", "Зоина Зоя"]
    assert names_ticked(printed) == ["Глебов Глеб"]
    assert names_ticked(everybody) == []
    assert "Отметить вручение" not in fresh.text
    assert "Отметить вручение" in printed.text


def test_case_leads_to_the_one_sheet_it_needs(waiting):
    admin, group = waiting.sign_in(Role.ADMINISTRATOR), class_of(waiting, "А")
    vera = key(waiting, "guardian", "vera")

    page = admin.get(url("accounts-of", group=group), {"person": vera})

    assert names_ticked(page) == ["Верина Вера"]
    assert "Глебов Глеб" not in page.text.partition("<form id=")[2]


def test_code_lives_as_long_as_the_regulation_of_the_school_says(waiting):
    admin, group = waiting.sign_in(Role.ADMINISTRATOR), class_of(waiting, "А")
    with inside(waiting):
        change_setting(
            actor=waiting.system_of(ALPHA),
            key="access.activation_days",
            value=5,
            clause="приказ",
            since_on=date(2026, 9, 1),
        )

    sheet = admin.post(url("sheets", group=group), {"person": [key(waiting, "pupil", "gleb")]})

    code = ActivationCode.objects.get()
    assert code.expires_at - code.issued_at == timedelta(days=5)
    assert "24 ноября 2026" in text_of(sheet).replace("\xa0", " ")


def test_new_sheet_kills_the_code_of_the_earlier_and_nothing_keeps_it_plain(waiting):
    admin, group = waiting.sign_in(Role.ADMINISTRATOR), class_of(waiting, "А")
    chosen = {"person": [key(waiting, "pupil", "gleb")]}
    page = admin.get(url("accounts-of", group=group)).text
    assert "Новый лист отменяет прежний" in page

    [first] = set(CODE.findall(text_of(admin.post(url("sheets", group=group), chosen))))
    [second] = set(CODE.findall(text_of(admin.post(url("sheets", group=group), chosen))))

    assert first != second
    digest = ActivationCode.objects.get().digest
    assert second.replace("-", "") not in digest
    answers = [
        admin.__class__().post(reverse("home:activate"), {"code": code}).status_code
        for code in (first, second)
    ]
    assert answers == [400, 200]


def test_class_teacher_reaches_neither_another_class_nor_the_staff(waiting):
    anna, other = waiting.sign_in(Role.TEACHER), class_of(waiting, "Б")
    yegor = {"person": [key(waiting, "pupil", "yegor"), key(waiting, "pupil", "gleb")]}

    assert anna.get(url("accounts")).status_code == 200
    for group in (other, "staff"):
        assert anna.get(url("accounts-of", group=group)).status_code == 404
        assert anna.get(url("sheets-register", group=group)).status_code == 404
        assert anna.post(url("sheets", group=group), yegor).status_code == 404
        assert anna.post(url("sheets-hand", group=group), yegor).status_code == 404
    with inside(waiting):
        assert not ActivationSheet.objects.exists()
    assert not ActivationCode.objects.exists()


@pytest.mark.requirement("ACC-008")
def test_register_has_a_column_to_sign_and_no_code(waiting):
    admin, group = waiting.sign_in(Role.ADMINISTRATOR), class_of(waiting, "А")
    admin.post(url("sheets", group=group), {"person": [key(waiting, "pupil", "gleb")]})

    text = text_of(admin.get(url("sheets-register", group=group)))

    assert "Подпись" in text
    assert "glebov.gleb" in text
    assert not CODE.search(text)


def test_who_signs_in_already_waits_for_nothing(waiting):
    account = Account.objects.get(login="glebov.gleb")
    account.set_password("верный пароль 42")
    account.save()

    admin = waiting.sign_in(Role.ADMINISTRATOR)
    where = url("accounts-of", group=class_of(waiting, "А"))

    assert "Глебов Глеб" not in admin.get(where).text
    assert "входит сам" in admin.get(where, {"part": "all"}).text


def test_thirty_sheets_take_three_seconds_at_most(waiting):
    small, group = waiting.alpha, class_of(waiting, "А")
    accounts = [open_account(login=f"uchenik.{n}", name=f"Ученик {n}").pk for n in range(30)]
    with inside(waiting):
        school_class = SchoolClass.objects.get(letter="А")
        keys = []
        for n, account in enumerate(accounts):
            pupil = Pupil.objects.create(
                last_name=f"Константинопольский{n}",
                first_name="Александр",
                middle_name="Владиславович",
                account_id=account,
            )
            ClassEnrollment.objects.create(
                pupil=pupil, school_class=school_class, since_on=date(2026, 9, 1)
            )
            keys.append(f"pupil-{pupil.pk}")
    admin = waiting.sign_in(Role.ADMINISTRATOR)
    admin.post(url("sheets", group=group), {"person": [f"pupil-{small.gleb}"]})  # fonts are read

    began = time.process_time()
    sheets = admin.post(url("sheets", group=group), {"person": keys})
    spent = timedelta(seconds=time.process_time() - began)

    assert len(PdfReader(io.BytesIO(sheets.content)).pages) == 30
    assert spent <= timedelta(seconds=3)
