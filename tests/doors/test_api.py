"""The second door: every answer fits the committed schema, every refusal is a problem."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from jsonschema import Draft4Validator

from api.rest.v1.schema_view import SCHEMA
from kernel.roles import Role
from tenants.accounts.models import Account, ApiToken
from tenants.accounts.operations import set_password
from tests.factories.district import PASSWORD, TwoSchools, open_account, sign_in
from tests.factories.facts import a_grade, count_day

pytestmark = pytest.mark.django_db
DOCUMENT: dict[str, Any] = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


def check_shape(name: str, body: Any) -> None:
    """Assert that a body is what the schema's component says, with nothing beside it."""
    components = DOCUMENT["components"]["schemas"]
    strict = {key: close(value) for key, value in components.items()}
    document = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": strict}}
    errors = [error.message for error in Draft4Validator(document).iter_errors(body)]
    assert errors == []


def close(schema: Any) -> Any:
    """Return a schema of plain JSON Schema: nullable spelt out, unknown members refused."""
    if isinstance(schema, list):
        return [close(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: close(value) for key, value in schema.items()}
    is_nullable = closed.pop("nullable", False)
    if closed.get("type") == "object" and "additionalProperties" not in closed:
        closed["additionalProperties"] = False
    return {"anyOf": [closed, {"type": "null"}]} if is_nullable else closed


def check_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is a problem with a code and a Russian sentence."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    check_shape("Problem", body)
    assert (body["status"], body["code"]) == (status, code)
    assert all("а" <= letter.lower() <= "я" for letter in (body["title"][0], body["detail"][0]))
    return dict(body)


@pytest.fixture
def anna(two: TwoSchools) -> Client:
    return two.sign_in(Role.TEACHER, enforce_csrf_checks=True)


def token_of(client: Client, login: str = "anna", password: str = PASSWORD) -> Any:
    body = {"login": login, "password": password}
    return client.post("/api/v1/token/", body, content_type="application/json")


@pytest.fixture
def anna_by_token(two) -> dict[str, str]:
    account = open_account((Role.TEACHER, two.refs["alpha"], two.alpha.anna), login="anna")
    set_password(account_id=account.pk, password=PASSWORD)
    return {"authorization": f"Token {token_of(Client()).json()['token']}"}


def a_save(two, *cells, lesson: int | None = None, key: str = "") -> dict[str, Any]:
    wanted = cells or ((two.alpha.gleb, "5", 0),)
    return {
        "key": key or str(uuid.uuid4()),
        "lesson": two.alpha.lessons[0] if lesson is None else lesson,
        "cells": [{"pupil": pupil, "value": value, "seen": seen} for pupil, value, seen in wanted],
    }


# --- Shapes -----------------------------------------------------------------------------------


def test_journals_of_a_teacher_are_his_own(two, anna):
    body = anna.get("/api/v1/s/alpha/journals/").json()

    check_shape("Journals", body)
    assert [(line["group"], line["subject"]["title"]) for line in body["journals"]] == [
        ({"id": two.alpha.group_id, "title": "7А"}, "Алгебра")
    ]
    assert [(term["id"], term["title"]) for term in body["terms"]] == [
        (two.alpha.term_id, "2 четверть")
    ]


def test_journals_of_the_management_are_all(two):
    body = two.sign_in(Role.MANAGEMENT).get("/api/v1/s/alpha/journals/").json()

    assert [line["group"]["title"] for line in body["journals"]] == ["7А", "7Б"]


def test_page_and_save_fit_the_schema(two, columns, anna_by_token):
    client = Client(headers=anna_by_token)
    save = a_save(
        two, (two.alpha.gleb, "5", 0), (two.alpha.zoya, "Н", 0), (two.alpha.yegor, "5", 0)
    )

    saved = client.post("/api/v1/s/alpha/journal/cells/", save, content_type="application/json")
    conflict = client.post(
        "/api/v1/s/alpha/journal/cells/",
        a_save(two, (two.alpha.gleb, "2", 0)),
        content_type="application/json",
    )
    page = client.get(reverse("api:journal", kwargs={"school": "alpha", **columns}))

    check_shape("Saved", saved.json())
    check_shape("Saved", conflict.json())
    check_shape("Page", page.json())
    assert [one["pupil"] for one in saved.json()["refused"]] == [two.alpha.yegor]
    assert [one["value"] for one in conflict.json()["conflicts"]] == ["5"]
    assert page.json()["cells"] == [[0, 0, 5, "", 1], [0, 1, 0, "Н", 1]]


def test_week_of_a_child_shows_lessons_and_marks(two, anna_by_token):
    Client(headers=anna_by_token).post(
        "/api/v1/s/alpha/journal/cells/", a_save(two), content_type="application/json"
    )

    vera = two.sign_in(Role.GUARDIAN)
    body = vera.get(f"/api/v1/s/alpha/diary/{two.alpha.gleb}/week/?day=2026-11-18").json()

    check_shape("Week", body)
    assert [day["day"] for day in body["days"]][:2] == ["2026-11-16", "2026-11-17"]
    (lesson,) = body["days"][0]["lessons"]
    assert (lesson["begins"], lesson["subject"], lesson["mark"]) == ("08:30", "Алгебра", 5)


def test_me_names_schools_with_roles_and_children_across_schools(two):
    mother = sign_in(
        (Role.GUARDIAN, two.refs["alpha"], two.alpha.vera),
        (Role.GUARDIAN, two.refs["beta"], two.beta.vera),
        (Role.TEACHER, two.refs["beta"], two.beta.oksana),
        (Role.DISTRICT_OFFICER, None, None),
    )

    body = mother.get("/api/v1/me/").json()

    check_shape("Me", body)
    assert [(one["slug"], [role["code"] for role in one["roles"]]) for one in body["schools"]] == [
        ("alpha", ["guardian"]),
        ("beta", ["teacher", "guardian"]),
    ]
    assert [(one["school"], one["id"], one["class_title"]) for one in body["children"]] == [
        ("alpha", two.alpha.gleb, "7А"),
        ("beta", two.beta.gleb, "7А"),
    ]
    assert [role["code"] for role in body["district_roles"]] == ["district_officer"]


def test_schema_is_served_to_anyone():
    answer = Client().get("/api/v1/schema/")

    assert answer.status_code == 200
    assert answer.content == Path(SCHEMA).read_bytes()


# --- Keys of programs -------------------------------------------------------------------------


def test_token_works_until_it_is_revoked(two, anna_by_token):
    program = Client(headers=anna_by_token, enforce_csrf_checks=True)

    assert program.get("/api/v1/me/").json()["name"] == "Анина Анна"
    assert program.delete("/api/v1/token/").status_code == 204
    check_problem(program.get("/api/v1/me/"), 401, "sign-in-required")
    check_problem(program.delete("/api/v1/token/"), 401, "sign-in-required")


def test_token_is_kept_as_a_digest_only(two, anna_by_token):
    token = anna_by_token["authorization"].removeprefix("Token ")

    assert token not in ApiToken.objects.get().digest


def test_answer_with_a_token_fits_the_schema(two, anna_by_token):
    answer = token_of(Client(enforce_csrf_checks=True))

    assert answer.status_code == 201
    check_shape("Token", answer.json())


def test_token_does_not_open_a_session(two, anna_by_token):
    assert token_of(Client()).cookies == {}


@pytest.mark.parametrize("login", ["anna", "nobody", "closed", "without-password", "an\u0301na"])
def test_wrong_sign_in_says_the_same_whatever_is_wrong(two, anna_by_token, login):
    open_account(login="without-password")
    closed = open_account(login="closed")
    set_password(account_id=closed.pk, password="неверный")
    Account.objects.filter(pk=closed.pk).update(is_active=False)

    answer = token_of(Client(), login, "неверный")

    body = check_problem(answer, 401, "wrong-password")
    assert body["detail"] == "Логин или пароль не подходят."
    assert not ApiToken.objects.filter(account__login=login).exclude(account__login="anna").exists()


def test_session_cannot_revoke_somebodys_key(two, anna):
    check_problem(anna.delete("/api/v1/token/"), 401, "sign-in-required")


# --- Refusals ---------------------------------------------------------------------------------


def test_unknown_address_is_a_problem(two, anna):
    for client in (anna, Client()):
        check_problem(client.get("/api/v1/nothing/"), 404, "not-found")
        check_problem(client.get("/api/"), 404, "not-found")


def test_signed_out_program_is_asked_to_sign_in(two):
    answer = Client().get("/api/v1/me/")

    check_problem(answer, 401, "sign-in-required")
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["Token no-such-key", "Token ", "Bearer abc", "Basic YTpi"])
def test_bad_key_signs_nobody_in(two, header):
    check_problem(
        Client(headers={"authorization": header}).get("/api/v1/me/"), 401, "sign-in-required"
    )


def test_wrong_method_is_a_problem(two, anna_by_token):
    program = Client(headers=anna_by_token)

    check_problem(program.put("/api/v1/me/"), 405, "method-not-allowed")
    check_problem(program.options("/api/v1/me/"), 405, "method-not-allowed")
    check_problem(program.get("/api/v1/s/alpha/journal/cells/"), 405, "method-not-allowed")


def test_answer_is_json_only(two, anna):
    check_problem(anna.get("/api/v1/me/", headers={"accept": "text/html"}), 406, "not-acceptable")


def test_session_needs_the_forms_key(two, anna):
    answer = anna.post(
        "/api/v1/s/alpha/journal/cells/", a_save(two), content_type="application/json"
    )

    check_problem(answer, 403, "csrf-failed")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param("{", 400, "unreadable-request", id="not JSON"),
        pytest.param("[" * 100_000, 400, "unreadable-request", id="too deep"),
        pytest.param(b'{"login": "\xff"}', 400, "unreadable-request", id="not UTF-8"),
        pytest.param('{"login": NaN}', 400, "unreadable-request", id="NaN"),
        pytest.param("1" * 5000, 400, "unreadable-request", id="endless number"),
        pytest.param("[]", 400, "bad-request", id="not an object"),
        pytest.param("{}", 400, "bad-request", id="no fields"),
        pytest.param('{"login": "a\\u0000", "password": "b"}', 400, "bad-request", id="NUL"),
        pytest.param('{"login": "\\ud800", "password": "b"}', 400, "bad-request", id="surrogate"),
        pytest.param('"' + "a" * 1_100_000 + '"', 413, "body-too-large", id="too large"),
    ],
)
def test_body_is_read_with_suspicion(db, body, status, code):
    answer = Client().post("/api/v1/token/", body, content_type="application/json")

    check_problem(answer, status, code)


def test_form_is_not_json(db):
    check_problem(Client().post("/api/v1/token/", {"login": "a"}), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "day", ["tomorrow", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-20 "]
)
def test_impossible_day_is_a_problem(two, day):
    address = f"/api/v1/s/alpha/diary/{two.alpha.gleb}/week/"

    answer = two.sign_in(Role.GUARDIAN).get(address, {"day": day})

    assert check_problem(answer, 400, "bad-request")["errors"].keys() == {"day"}


def test_busy_database_is_said_with_the_time_to_wait(two, anna, monkeypatch):
    def fail(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("services.journal.queries.get_page", fail)
    answer = anna.get("/api/v1/s/alpha/journal/1/1/1/")

    check_problem(answer, 503, "busy")
    assert answer["Retry-After"] == "30"


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/me/", "json"), ("/", "html")])
def test_dead_database_at_the_gate_is_busy_too(two, anna, monkeypatch, path, kind):
    """The visitor is looked up before any view, where views' own handlers do not reach."""

    def fail(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("tenants.accounts.gate.get_visitor", fail)
    anna.raise_request_exception = False
    answer = anna.get(path)

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert kind in answer["Content-Type"]


def test_defect_is_a_problem_without_its_reason(two, anna, monkeypatch):
    def fail(**_: object) -> None:
        raise RuntimeError("Глебов Глеб, 5")

    monkeypatch.setattr("services.journal.queries.get_page", fail)
    anna.raise_request_exception = False
    answer = anna.get("/api/v1/s/alpha/journal/1/1/1/")

    check_problem(answer, 500, "broken")
    assert "Глебов" not in answer.content.decode()


def test_answers_are_kept_out_of_caches(two, anna):
    assert "no-store" in anna.get("/api/v1/me/")["Cache-Control"]
    assert "private" in anna.get("/api/v1/me/")["Cache-Control"]


# --- The district -----------------------------------------------------------------------------


@pytest.fixture
def officer(two: TwoSchools) -> Client:
    return two.sign_in(Role.DISTRICT_OFFICER, None)


def test_indicators_are_numbers_of_every_school_and_missing_ones_are_missing(two, officer):
    count_day(two.refs["alpha"], date(2026, 11, 19), a_grade(5) + a_grade(7))
    count_day(two.refs["beta"], date(2026, 11, 19), a_grade(7, pupils=3))

    body = officer.get("/api/v1/district/indicators/?since=2026-11-16&until=2026-11-22").json()

    check_shape("Indicators", body)
    assert (body["since"], body["until"]) == ("2026-11-16", "2026-11-22")
    readings = {line["slug"]: line["reading"] for line in body["schools"]}
    assert readings["alpha"]["pupils"] == 40
    assert readings["alpha"]["lessons"] == {
        "held": 20,
        "filled": 18,
        "filled_same_day": 16,
        "same_day_percent": "80.00",
    }
    assert readings["alpha"]["marks"]["average"] == "4.00"
    assert readings["beta"]["lessons"]["held"] == 10
    assert [readings["beta"][hidden] for hidden in ("pupils", "marks", "attendance")] == [None] * 3
    assert readings["gamma"] is None


@pytest.mark.parametrize(
    "days",
    [
        {"since": "2026-11-16"},
        {"until": "2026-11-16"},
        {"since": "2026-11-17", "until": "2026-11-16"},
        {"since": "2025-01-01", "until": "2026-11-16"},
        {"since": "x", "until": "2026-11-16"},
    ],
)
def test_half_a_period_is_a_problem(officer, days):
    check_problem(officer.get("/api/v1/district/indicators/", days), 400, "bad-request")


def test_without_days_the_week_of_the_last_lessons_is_shown(two, officer):
    count_day(two.refs["alpha"], date(2026, 10, 22), a_grade(5))

    body = officer.get("/api/v1/district/indicators/").json()

    check_shape("Indicators", body)
    assert (body["since"], body["until"]) == ("2026-10-19", "2026-10-25")
