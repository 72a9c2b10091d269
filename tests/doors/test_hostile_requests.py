"""What no form of ours sends is refused with a sentence: never a broken page."""

import uuid
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from kernel.roles import Role
from tenants.registry.queries import forget_schools
from tests.factories.district import TwoSchools

pytestmark = pytest.mark.django_db
ENDLESS = "9" * 5000


def lesson_form(two: TwoSchools, **fields: str) -> dict[str, str]:
    """Return the form of the first lesson as its page gives it, with a topic."""
    pupils = two.alpha.pupils
    return {
        "key": str(uuid.uuid4()),
        "topic": "Линейная функция",
        **{f"seen-{pupil}": "0" for pupil in pupils},
        **{f"was-{pupil}": "" for pupil in pupils},
        **fields,
    }


def lesson_url(two: TwoSchools) -> str:
    return f"/s/alpha/lessons/{two.alpha.lessons[0]}/"


# --- A zero byte ------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["topic", "material", "homework", "manner", "key"])
def test_zero_byte_in_a_form_is_not_understood(two, field):
    anna, before = two.sign_in(Role.TEACHER), two.count_everything()

    answer = anna.post(lesson_url(two), lesson_form(two, **{field: "а\x00б"}))

    assert answer.status_code == 400
    assert "Запрос не понят" in answer.text
    assert two.count_everything() == before


@pytest.mark.parametrize("page", ["office/", "office/employees/"])
def test_zero_byte_in_a_search_is_not_understood(two, page):
    answer = two.sign_in(Role.SECRETARY).get(f"/s/alpha/{page}?q=%D0%90%00")

    assert answer.status_code == 400


def test_zero_byte_in_a_programs_address_is_a_problem(two):
    answer = two.sign_in(Role.DISTRICT_OFFICER, None).get("/api/v1/district/indicators/?since=%00")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


# --- Numbers and days no calendar has ---------------------------------------------------------


@pytest.mark.parametrize("grade", [ENDLESS, "12", "-1", "7.5", "²", "vii"])
def test_grade_that_no_school_has_is_not_there(two, grade):
    officer = two.sign_in(Role.DISTRICT_OFFICER, None)

    assert officer.get("/district/schools/alpha/", {"grade": grade}).status_code == 404


@pytest.mark.parametrize("page", ["/district/", "/district/schools/alpha/"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31"])
def test_days_at_the_end_of_time_get_a_sentence(two, page, day):
    answer = two.sign_in(Role.DISTRICT_OFFICER, None).get(page, {"since": day, "last": day})

    assert answer.status_code == 200
    assert "слишком далеко" in answer.text


@pytest.mark.parametrize("field", ["work_kind", "seen", "was", "due_on"])
@pytest.mark.parametrize("value", [ENDLESS, "9" * 19, "²", "-1"])
def test_number_beyond_reason_in_the_lesson_form_breaks_nothing(two, field, value):
    gleb = two.alpha.gleb
    name = field if field in {"work_kind", "due_on"} else f"{field}-{gleb}"
    form = lesson_form(two, **{f"mark-{gleb}": "5", name: value})

    assert two.sign_in(Role.TEACHER).post(lesson_url(two), form).status_code in {302, 409}


# --- Bodies and ways back ---------------------------------------------------------------------


@pytest.mark.parametrize("route", ["cells", "kind"])
@pytest.mark.parametrize(
    "media", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"]
)
def test_body_that_is_no_json_is_not_read(two, route, media):
    answer = two.sign_in(Role.TEACHER).generic(
        "POST", f"/s/alpha/journal/{route}/", b"{}", media, headers={"accept": "application/json"}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("way", ["sign-in", "-1", "home:home", "%s", "//evil.example/", "\\\\evil"])
def test_appearance_leads_back_only_to_an_address_of_ours(db, way):
    answer = Client().post("/appearance/", {"theme": "dark", "next": way})

    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


# --- A refused lesson keeps what was typed ----------------------------------------------------


def test_form_sent_again_with_another_content_is_not_taken_for_saved(two):
    anna = two.sign_in(Role.TEACHER)
    form = lesson_form(two)
    assert anna.post(lesson_url(two), form).status_code == 302

    answer = anna.post(lesson_url(two), {**form, "topic": "Квадратные уравнения"})

    assert answer.status_code == 409
    assert "Квадратные уравнения" in answer.text


def test_lesson_changed_by_another_keeps_every_typed_mark_and_shows_what_stands(two):
    anna, gleb = two.sign_in(Role.TEACHER), two.alpha.gleb
    stale = "0" * 16
    assert anna.post(lesson_url(two), lesson_form(two, topic="Тема замещающего")).status_code == 302
    kind = str(_kinds(anna, two)[-1]["id"])
    form = lesson_form(
        two,
        topic="Моя тема",
        homework_none="on",
        work_kind=kind,
        **{f"mark-{gleb}": "4", "seen-record": stale},
    )

    refused = anna.post(lesson_url(two), form)

    assert refused.status_code == 409
    page = refused.text
    assert "Тема замещающего" in page
    assert 'value="Моя тема"' in page
    assert "<option selected>4</option>" in page
    assert f'<option value="{kind}" selected>' in page
    assert 'name="homework_none" checked' in page


def test_lesson_refused_whole_still_notices_a_mark_that_came_meanwhile(two):
    anna, gleb = two.sign_in(Role.TEACHER), two.alpha.gleb
    anna.post(lesson_url(two), lesson_form(two, **{f"mark-{gleb}": "2"}))
    form = lesson_form(two, **{f"mark-{gleb}": "4", "seen-record": "0" * 16})

    refused = anna.post(lesson_url(two), form)

    # Sent once more as it is shown, the mark still stands over the empty cell that Anna saw.
    assert f'name="seen-{gleb}" value="0"' in refused.text
    assert f'name="was-{gleb}" value=""' in refused.text


def _kinds(anna: Client, two: TwoSchools) -> Any:
    small = two.alpha
    page = f"{small.group_id}/{small.subject_id}/{small.term_id}"
    return anna.get(f"/s/alpha/journal/{page}/cells.json").json()["work_kinds"]


# --- The database does not answer -------------------------------------------------------------


@pytest.mark.parametrize("step", ["tenants.accounts.gate.get_visitor", "portal.teacher.journal"])
def test_page_is_busy_with_a_sentence_when_not_even_the_districts_name_is_known(
    two, monkeypatch, step
):
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("the database system is starting up")

    anna = two.sign_in(Role.TEACHER)
    anna.raise_request_exception = False
    forget_schools()
    monkeypatch.setattr("tenants.registry.queries._read_district", fail)
    monkeypatch.setattr(step if "gate" in step else f"{step}.school_transaction", fail)

    answer = anna.get("/s/alpha/journals/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "ненадолго занят" in answer.text
