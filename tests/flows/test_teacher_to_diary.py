"""What a teacher writes on the day of the lesson stands in the diary at once."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.indicators import Measure
from kernel.roles import Role
from services.journal.queries import count_school_day
from services.schedule.models import Lesson
from tenants.accounts.models import Account
from tenants.accounts.operations import give_role
from tenants.registry.models import School
from tenants.registry.queries import forget_schools
from tests.factories.school import MONDAY, SmallSchool, make_small_school

pytestmark = pytest.mark.django_db
IN_CLASS = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)  # 09:00 in Moscow


@pytest.fixture
def small(school: SchoolRef, system: Actor) -> SmallSchool:
    with school_transaction(system, school.id):
        return make_small_school(system)


@pytest.fixture
def signed_in(school: SchoolRef) -> Callable[..., Client]:
    """Return a client of somebody with these roles in the school."""

    def enter(login: str, **persons: int) -> Client:
        account = Account.objects.create(login=login, display_name=f"{login.title()} Имя Отчество")
        for role, person in persons.items():
            give_role(account_id=account.pk, role=Role(role), school_id=school.id, person_id=person)
        client = Client()
        client.force_login(account)
        return client

    return enter


@pytest.fixture
def anna(signed_in: Callable[..., Client], small: SmallSchool) -> Client:
    return signed_in("anna", teacher=small.anna)


@pytest.fixture
def fill_lesson(anna: Client, school: SchoolRef, small: SmallSchool) -> Callable[..., int]:
    """Fill the lesson page of an algebra lesson, as its form does; return the status."""

    def fill(lesson: int = 0, **fields: str) -> int:
        url = reverse(
            "teacher:lesson", kwargs={"school": school.slug, "lesson_id": small.lessons[lesson]}
        )
        form = {
            "key": str(uuid.uuid4()),
            "topic": "Линейная функция",
            "homework": "§ 12, № 301, письменно",
            **{f"seen-{pupil}": "0" for pupil in small.pupils},
            **{f"was-{pupil}": "" for pupil in small.pupils},
            **fields,
        }
        return anna.post(url, form).status_code

    return fill


def plain(text: str) -> str:
    """Return a page with its no-break spaces as spaces."""
    return text.replace("\xa0", " ")


def diary(client: Client, school: SchoolRef, child: int, page: str = "", query: str = "") -> str:
    """Return a page of the diary as text."""
    answer = client.get(f"/family/{school.slug}/{child}/{page}{query}")
    assert answer.status_code == 200
    return str(answer.text)


@pytest.mark.requirement("JRN-017", "ROL-027", "INF-001")
def test_topic_homework_mark_and_absence_appear_in_the_diaries_of_their_children_only(
    signed_in, school, small, fill_lesson
):
    vera = signed_in("vera", guardian=small.vera)
    gleb = signed_in("gleb", pupil=small.gleb)
    with time_machine.travel(IN_CLASS, tick=False):
        saved = fill_lesson(**{f"mark-{small.gleb}": "5", f"code-{small.zoya}": "Н"})
        assert saved == 302
        for reader in (vera, gleb):
            day = diary(reader, school, small.gleb, query=f"?day={MONDAY}")
            assert "Линейная функция" in day
            assert ">5<" in day
            assert "Зоина" not in day
            marks = diary(reader, school, small.gleb, "marks/")
            assert "Алгебра" in marks
            assert "5,00" in marks
        tomorrow = diary(vera, school, small.gleb, query=f"?day={MONDAY + timedelta(days=1)}")
        assert "№ 301" in tomorrow


@pytest.mark.requirement("JRN-001", "ATT-001", "ATT-002", "MRK-004")
def test_record_attendance_and_marks_of_the_lessons_day_count_as_in_time_and_late_ones_do_not(
    school, system, small, fill_lesson
):
    with time_machine.travel(IN_CLASS, tick=False):
        assert fill_lesson(0, **{f"mark-{small.gleb}": "5", f"code-{small.zoya}": "Н"}) == 302
    with time_machine.travel(IN_CLASS + timedelta(days=3), tick=False):
        assert fill_lesson(1) == 302  # Tuesday's lesson, on Thursday

    with school_transaction(system, school.id):
        for day, in_time, absent in ((MONDAY, 1, 1), (MONDAY + timedelta(days=1), 0, 0)):
            now = IN_CLASS + timedelta(days=3)
            counts = count_school_day(actor=system, day=day, now=now)
            algebra = {c.measure: c.count for c in counts if c.subject_code}
            assert algebra[Measure.LESSONS_FILLED] == 1
            assert algebra.get(Measure.LESSONS_FILLED_SAME_DAY, 0) == in_time
            assert algebra.get(Measure.ABSENT, 0) == absent


@pytest.mark.requirement("ATT-002")
def test_attendance_of_a_day_to_come_waits_for_its_day(anna, school, small):
    url = reverse("teacher:save-cells", kwargs={"school": school.slug})
    body = {
        "key": str(uuid.uuid4()),
        "lesson": small.lessons[4],
        "cells": [{"pupil": small.gleb, "value": "Н", "seen": 0}],
    }

    def send() -> int:
        answer = anna.post(
            url, json.dumps(body), content_type="application/json", HTTP_ACCEPT="application/json"
        )
        return int(answer.status_code)

    with time_machine.travel(IN_CLASS, tick=False):
        assert send() == 409
    with time_machine.travel(IN_CLASS + timedelta(days=4), tick=False):
        assert send() == 200


@pytest.mark.requirement("NFR-008")
def test_clock_of_the_school_decides_which_day_it_is(anna, school, small, system):
    """22:00 in Moscow is already tomorrow in Vladivostok: the lesson may be filled there."""
    late = datetime(2026, 11, 16, 19, 0, tzinfo=UTC)
    url = reverse("teacher:today", kwargs={"school": school.slug})
    with time_machine.travel(late, tick=False):
        assert "16 ноября" in plain(anna.get(url).text)

        School.objects.filter(pk=school.id).update(timezone="Asia/Vladivostok")
        forget_schools()

        page = plain(anna.get(url).text)
        assert "17 ноября" in page
        with school_transaction(system, school.id):
            lesson = Lesson.objects.get(pk=small.lessons[1])
            assert lesson.date == date(2026, 11, 17)
        assert "15:30" in page  # the bell of 08:30 in Moscow


@pytest.mark.requirement("NFR-016")
def test_number_of_users_has_no_cap(school):
    """Accounts and roles are rows: nothing counts them, nothing refuses the next one."""
    Account.objects.bulk_create(
        Account(login=f"user{number}", display_name=f"Имя {number}") for number in range(3000)
    )
    last = Account.objects.get(login="user2999")

    give_role(account_id=last.pk, role=Role.GUARDIAN, school_id=school.id, person_id=2999)

    client = Client()
    client.force_login(last)
    assert client.get("/").status_code in (200, 302)
