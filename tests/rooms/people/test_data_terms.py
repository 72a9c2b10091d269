"""Nightly reminders of terms of personal data; an employee asks for own data as a parent can."""

from datetime import date, timedelta

import pytest

from foundation.notify.models import Notice
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import Employee
from services.people.operations.consents import withdraw_consent
from services.people.operations.reminding import remind_of_data_terms
from services.people.operations.subject_requests import (
    RequestIsThere,
    answer_request,
    ask_as_employee,
    ask_for_data,
)
from services.people.queries.subject_requests import (
    get_request_as_employee,
    list_requests_as_employee,
)
from tests.rooms.people.families import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("PDP-001", part=True)]
ADMINISTRATOR, DIRECTOR = 501, 502
DESTROY_BY, ANSWER_BY = date(2026, 12, 20), date(2026, 12, 4)


@pytest.fixture
def remind(system):
    def on(day: date) -> list[str]:
        remind_of_data_terms(actor=system, account_ids=[ADMINISTRATOR, DIRECTOR], today=day)
        remind_of_data_terms(actor=system, account_ids=[ADMINISTRATOR, DIRECTOR], today=day)
        told = Notice.objects.filter(account_id=DIRECTOR, kind="data-term").order_by("pk")
        return [one.title for one in told]

    return on


def test_destruction_is_reminded_of_a_week_before_on_the_day_and_after(accept, system, remind):
    withdraw_consent(actor=system, consent_id=accept().id, manner="desk", now=NOW)

    assert remind(DESTROY_BY - timedelta(days=8)) == []
    near, due, over = (
        "Приближается срок: персональные данные",
        "Сегодня последний день: персональные данные",
        "Срок нарушен: персональные данные",
    )
    assert remind(DESTROY_BY - timedelta(days=7)) == [near]
    assert remind(DESTROY_BY - timedelta(days=1)) == [near]
    assert remind(DESTROY_BY) == [near, due]
    assert remind(DESTROY_BY + timedelta(days=2)) == [near, due, over]
    notice = Notice.objects.filter(account_id=ADMINISTRATOR).latest("pk")
    assert notice.url == "/s/alpha/office/consents/destruction/"
    assert "не позднее 20.12.2026" in notice.text
    assert "Верина" not in notice.text


def test_request_for_own_data_is_reminded_of_and_an_answered_one_is_not(
    family, make_actor, system, remind
):
    vera = make_actor(Role.GUARDIAN, person=family.vera.pk, account_id=77)
    card = ask_for_data(actor=vera, pupil_id=None, now=NOW)

    assert remind(ANSWER_BY - timedelta(days=4)) == []
    assert len(remind(ANSWER_BY - timedelta(days=3))) == 1
    answer_request(actor=system, request_id=card.id, digest="", now=NOW)
    assert len(remind(ANSWER_BY + timedelta(days=1))) == 1


def test_employee_asks_in_person_and_takes_only_the_own_answer(family, make_actor, system):
    Employee.objects.filter(pk=family.anna.pk).update(account_id=91)
    anna = make_actor(Role.TEACHER, person=family.anna.pk, account_id=91)
    boris = make_actor(Role.MANAGEMENT, person=family.boris.pk, account_id=92)

    card = ask_as_employee(actor=anna, now=NOW)

    assert (card.due_on, card.about) == (ANSWER_BY, "Анина Анна")
    with pytest.raises(RequestIsThere):
        ask_as_employee(actor=anna, now=NOW)
    assert [one.id for one in list_requests_as_employee(actor=anna, on=TODAY)] == [card.id]
    assert list_requests_as_employee(actor=boris, on=TODAY) == []
    with pytest.raises(NotFound):
        get_request_as_employee(actor=boris, request_id=card.id, on=TODAY)
    answer_request(actor=system, request_id=card.id, digest="", now=NOW)
    assert get_request_as_employee(actor=anna, request_id=card.id, on=TODAY).is_ready
    assert Notice.objects.get(account_id=91).url == "/s/alpha/office/my-data/"


def test_who_has_no_card_of_an_employee_asks_nothing(family, make_actor):
    for actor in (make_actor(Role.GUARDIAN, person=family.vera.pk), make_actor(Role.SECRETARY)):
        with pytest.raises(NotFound):
            ask_as_employee(actor=actor, now=NOW)
