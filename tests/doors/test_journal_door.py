"""The journal over HTTP, by the portal and by the API: one contract, the same refusals."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.roles import Role
from services.journal.models import Mark
from services.people.models import Employee
from services.schedule.models import Lesson, Term
from tenants.accounts.operations import set_password
from tests.factories.district import PASSWORD, TwoSchools, open_account

pytestmark = pytest.mark.django_db
JSON = "application/json"
CODES = [("Н", "н"), ("УП", "у"), ("НП", "п"), ("Б", "б"), ("ОП", "о")]


@dataclass
class Door:
    """A way to the journal: who knocks, and where the page and the save are."""

    client: Client
    page_route: str
    save_route: str
    two: TwoSchools
    headers: dict[str, str]

    def read(self, school: str = "alpha", **place: Any) -> Any:
        """Ask for the page of 7А, or of another place."""
        small = self.two.alpha
        page = {"group": small.group_id, "subject": small.subject_id, "term": small.term_id}
        address = reverse(self.page_route, kwargs={"school": school, **page, **place})
        return self.client.get(address, headers=self.headers)

    def send(self, body: Any, school: str = "alpha") -> Any:
        """Post a body to the save."""
        address = reverse(self.save_route, kwargs={"school": school})
        return self.client.post(address, body, content_type=JSON, headers=self.headers)

    def save(self, *cells: tuple[int, str, int], lesson: int = 0, key: str = "") -> Any:
        """Save cells of a lesson by its place in the week."""
        return self.send(
            {
                "key": key or str(uuid.uuid4()),
                "lesson": self.two.alpha.lessons[lesson],
                "cells": [{"pupil": p, "value": value, "seen": seen} for p, value, seen in cells],
            }
        )

    def seen(self, pupil: int) -> list[tuple[int, str, int]]:
        """Return (mark, code, version) of a pupil's cells as the page shows them."""
        body = self.read().json()
        place = [one["id"] for one in body["pupils"]].index(pupil)
        return [
            (mark, code, version) for _, row, mark, code, version in body["cells"] if row == place
        ]


def session_of_anna(two: TwoSchools) -> tuple[Client, dict[str, str]]:
    """Anna's browser with the form's key of a page it has opened."""
    client = two.sign_in(Role.TEACHER, enforce_csrf_checks=True)
    client.get("/sign-in/")
    return client, {"accept": JSON, "x-csrftoken": client.cookies["csrftoken"].value}


def program_of_anna(two: TwoSchools) -> tuple[Client, dict[str, str]]:
    """Anna's program with its key, and no cookie at all."""
    account = open_account((Role.TEACHER, two.refs["alpha"], two.alpha.anna), login="anna")
    set_password(account_id=account.pk, password=PASSWORD)
    client = Client(enforce_csrf_checks=True)
    credentials = {"login": "anna", "password": PASSWORD}
    token = client.post("/api/v1/token/", credentials, content_type=JSON).json()["token"]
    return client, {"authorization": f"Token {token}"}


PORTAL = ("teacher:cells", "teacher:save-cells")
API = ("api:journal", "api:save-cells")
WAYS: dict[str, tuple[Callable[[TwoSchools], tuple[Client, dict[str, str]]], tuple[str, str]]] = {
    "portal": (session_of_anna, PORTAL),
    "api by session": (session_of_anna, API),
    "api by key": (program_of_anna, API),
}


@pytest.fixture(params=WAYS)
def door(request: pytest.FixtureRequest, two: TwoSchools) -> Door:
    """Anna at each of the doors."""
    person, routes = WAYS[request.param]
    client, headers = person(two)
    return Door(client, *routes, two, headers)


@pytest.fixture
def change(two: TwoSchools) -> Callable[[Callable[[], Any]], None]:
    """Change «Альфа» behind Anna's back."""

    def run(what: Callable[[], Any]) -> None:
        school = two.refs["alpha"]
        with school_transaction(Actor.system(school), school.id):
            what()

    return run


def check_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is a problem with this code, and return it."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body: dict[str, Any] = answer.json()
    assert body.keys() >= {"type", "title", "status", "code", "detail"}
    assert (body["status"], body["code"]) == (status, code)
    return body


# --- Shapes -----------------------------------------------------------------------------------


def test_page_has_the_shape_of_the_contract(two, door):
    small = two.alpha
    door.save((small.gleb, "5 ОП", 0), (small.zoya, "Н", 0))

    body = door.read().json()

    assert body["term"] == {"id": small.term_id, "title": "2 четверть", "closed": False}
    assert (body["editable"], body["today"], body["marks"]) == (True, "2026-11-20", [5, 4, 3, 2, 1])
    assert [(one["code"], one["key"]) for one in body["codes"]] == CODES
    assert body["codes"][0].keys() == {"code", "title", "key", "counts_as_absent"}
    assert body["work_kinds"][-1].keys() == {"id", "code", "title", "weight"}
    assert body["pupils"] == [
        {"id": small.gleb, "name": "Глебов Глеб", "since": None, "until": None},
        {"id": small.zoya, "name": "Зоина Зоя", "since": None, "until": None},
    ]
    assert body["lessons"][0] == {
        "id": small.lessons[0],
        "date": "2026-11-16",
        "number": 1,
        "kind": None,
        "topic": "",
        "editable": True,
        "url": f"/s/alpha/lessons/{small.lessons[0]}/",
        "state": "planned",
    }
    assert sorted(body["cells"]) == [[0, 0, 5, "ОП", 1], [0, 1, 0, "Н", 1]]
    assert body["averages"] == {str(small.gleb): "5.00"}


def test_save_answers_with_versions_and_averages(two, door):
    answer = door.save((two.alpha.gleb, "4", 0), (two.alpha.zoya, "н", 0))

    body = answer.json()
    assert answer.status_code == 200
    assert len(body.pop("saved_at")) == len("10:42")
    assert body == {
        "repeat": False,
        "cells": [
            {"pupil": two.alpha.gleb, "value": "4", "version": 1},
            {"pupil": two.alpha.zoya, "value": "Н", "version": 1},
        ],
        "conflicts": [],
        "refused": [],
        "averages": {str(two.alpha.gleb): "4.00", str(two.alpha.zoya): ""},
    }


# --- Repeats and conflicts --------------------------------------------------------------------


def test_same_key_again_changes_nothing_and_says_so(two, door):
    key = str(uuid.uuid4())
    first = door.save((two.alpha.gleb, "5", 0), key=key).json()
    before = two.count_everything()

    second = door.save((two.alpha.gleb, "5", 0), key=key).json()

    assert (first["repeat"], second["repeat"]) == (False, True)
    assert second["cells"] == first["cells"]
    assert two.count_everything() == before


def test_conflict_shows_whose_value_stands_and_saves_the_rest(two, door, change):
    small = two.alpha
    door.save((small.gleb, "4", 0))
    change(lambda: Mark.objects.update(put_by=22))
    change(lambda: Employee.objects.filter(pk=small.oksana).update(account_id=22))

    body = door.save((small.gleb, "5", 0), (small.zoya, "3", 0)).json()

    (conflict,) = body["conflicts"]
    assert len(conflict.pop("at")) == len("10:41")
    assert conflict == {"pupil": small.gleb, "value": "4", "version": 1, "by": "Петрова О."}
    assert [one["pupil"] for one in body["cells"]] == [small.zoya]
    assert door.seen(small.gleb) == [(4, "", 1)]


def test_cell_is_erased_by_an_empty_value(two, door):
    version = door.save((two.alpha.gleb, "5", 0)).json()["cells"][0]["version"]

    body = door.save((two.alpha.gleb, "", version)).json()

    assert body["cells"] == [{"pupil": two.alpha.gleb, "value": "", "version": 0}]
    assert door.seen(two.alpha.gleb) == []


# --- Refusals of the domain -------------------------------------------------------------------


def test_closed_term_takes_nothing(two, door, change):
    midnight = datetime(2026, 11, 17, 21, 30, tzinfo=UTC)  # in Moscow the 18th has begun
    change(lambda: Term.objects.update(closed_at=midnight))
    before = two.count_everything()

    problem = check_problem(door.save((two.alpha.gleb, "5", 0)), 409, "term-is-closed")

    assert problem["detail"].startswith("Этот период закрыт 18")
    assert two.count_everything() == before
    page = door.read().json()
    assert (page["term"]["closed"], page["editable"]) == (True, False)


def test_cancelled_lesson_takes_nothing(two, door, change):
    change(lambda: Lesson.objects.filter(pk=two.alpha.lessons[0]).update(state="cancelled"))

    check_problem(door.save((two.alpha.gleb, "5", 0)), 409, "lesson-is-cancelled")
    assert door.read().json()["lessons"][0]["state"] == "cancelled"


def test_lesson_ahead_takes_nothing(two, door, monkeypatch):
    monkeypatch.setenv("OKRUG_TODAY", "2026-11-17")

    check_problem(door.save((two.alpha.gleb, "5", 0), lesson=2), 409, "lesson-is-ahead")
    assert [one["editable"] for one in door.read().json()["lessons"]] == [True] * 2 + [False] * 3


def test_stranger_and_nonsense_are_refused_by_the_cell(two, door):
    small = two.alpha
    cells = (
        (small.gleb, "6", 0),
        (small.zoya, "5 Н", 0),
        (small.yegor, "5", 0),
        (two.beta.gleb, "5", 0),
        (2**62, "5", 0),
    )

    body = door.save(*cells).json()

    assert [one["pupil"] for one in body["refused"]] == [pupil for pupil, _, _ in cells]
    assert all(one["reason"] for one in body["refused"])
    assert (body["cells"], door.read().json()["cells"]) == ([], [])


def test_odd_value_is_refused_by_the_cell(two, door):
    for value in ("\ud800", "5\x00", "<b>5</b>", "₅", "５", "--", "Ы" * 64):
        body = door.save((two.alpha.gleb, value, 0)).json()

        assert [one["pupil"] for one in body["refused"]] == [two.alpha.gleb], value


# --- Bodies that are not the contract's -------------------------------------------------------


def spoil(**fields: Any) -> Callable[[TwoSchools], Any]:
    """Return a maker of an otherwise right body with some members replaced."""

    def make(two: TwoSchools) -> Any:
        right = {
            "key": str(uuid.uuid4()),
            "lesson": two.alpha.lessons[0],
            "cells": [{"pupil": two.alpha.gleb, "value": "5", "seen": 0}],
        }
        return {**right, **fields}

    return make


def spoil_cell(**fields: Any) -> Callable[[TwoSchools], Any]:
    """Return a maker of a body whose cell has some members replaced."""

    def make(two: TwoSchools) -> Any:
        body = spoil()(two)
        body["cells"][0].update(fields)
        return body

    return make


UNREADABLE = {
    "not JSON": lambda two: '{"key":',
    "empty": lambda two: "",
    "not UTF-8": lambda two: b'{"key": "\xff\xfe"}',
    "too deep": lambda two: "[" * 50_000,
    "endless number": lambda two: '{"key": ' + "9" * 5000 + "}",
    "a list": lambda two: [],
    "a word": lambda two: '"5"',
    "nothing": lambda two: "null",
    "no fields": lambda two: {},
    "no key": spoil(key=None),
    "a key that is no UUID": spoil(key="5"),
    "a lesson in words": spoil(lesson="1"),
    "a broken lesson": spoil(lesson=1.5),
    "a negative lesson": spoil(lesson=-1),
    "a lesson beyond bigint": spoil(lesson=2**63),
    "a lesson of truth": spoil(lesson=True),
    "no cells": spoil(cells=[]),
    "too many cells": spoil(cells=[{"pupil": 1, "value": "5", "seen": 0}] * 2001),
    "cells that are an object": spoil(cells={"pupil": 1}),
    "a cell that is a number": spoil(cells=[5]),
    "a pupil in words": spoil_cell(pupil="Глеб"),
    "a negative pupil": spoil_cell(pupil=-5),
    "a pupil beyond bigint": spoil_cell(pupil=2**64),
    "a value that is a number": spoil_cell(value=5),
    "an endless value": spoil_cell(value="5" * 65),
    "no version": spoil_cell(seen=None),
    "a negative version": spoil_cell(seen=-1),
}


def test_body_that_is_not_the_contracts_is_refused_whole(two, door):
    before = two.count_everything()

    answers = {label: door.send(make(two)) for label, make in UNREADABLE.items()}

    assert {label: answer.status_code for label, answer in answers.items()} == dict.fromkeys(
        UNREADABLE, 400
    )
    for answer in answers.values():
        check_problem(answer, 400, "unreadable-request")
    assert two.count_everything() == before


# --- What is not hers -------------------------------------------------------------------------


@pytest.mark.requirement("ROL-008", part=True)
def test_lessons_that_are_not_hers_are_not_there(two, door):
    before = two.count_everything()
    strangers = {
        "of another teacher": two.alpha.other_lessons[0],
        "of another school": two.beta.lessons[0],
        "of nobody": 2**62,
        "zero": 0,
    }

    for lesson in strangers.values():
        answer = door.send(spoil(lesson=lesson)(two))
        assert answer.status_code == 404, lesson
    assert two.count_everything() == before


@pytest.mark.requirement("ROL-008", part=True)
def test_pages_that_are_not_hers_are_not_there(two, door):
    small, other = two.alpha, two.beta
    with school_transaction(Actor.system(two.refs["alpha"]), two.refs["alpha"].id):
        year = Term.objects.get(pk=small.term_id).school_year
        of_seniors = Term.objects.create(
            school_year=year,
            kind="half_year",
            number=1,
            level_from=10,
            level_to=11,
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 10, 30),
        )
    strangers: list[dict[str, Any]] = [
        {"group": small.other_group_id},
        {"group": other.group_id},
        {"group": 2**70},
        {"subject": other.subject_id},
        {"subject": 0},
        {"term": other.term_id},
        {"term": 2**70},
        {"term": of_seniors.pk},
    ]

    assert {str(place): door.read(**place).status_code for place in strangers} == {
        str(place): 404 for place in strangers
    }


def test_another_schools_address_is_not_there(two, door):
    before = two.count_everything()
    beta = two.beta

    assert door.read("beta").status_code == 404
    place = {"group": beta.group_id, "subject": beta.subject_id, "term": beta.term_id}
    assert door.read("beta", **place).status_code == 404
    assert door.send(spoil(lesson=beta.lessons[0])(two), "beta").status_code == 404
    assert door.read("no-such-school").status_code == 404
    assert two.count_everything() == before


# --- CSRF -------------------------------------------------------------------------------------


@pytest.mark.parametrize("routes", [PORTAL, API], ids=["portal", "api"])
@pytest.mark.parametrize("headers", [{}, {"x-csrftoken": "a" * 32}, {"authorization": "Token"}])
def test_session_without_the_forms_key_writes_nothing(two, routes, headers):
    client, _ = session_of_anna(two)
    before = two.count_everything()

    page, save = routes
    answer = Door(client, page, save, two, headers).save((two.alpha.gleb, "5", 0))

    assert answer.status_code == 403
    assert two.count_everything() == before


def test_foreign_site_cannot_use_a_key_it_made_up_beside_the_session(two):
    """A made-up key frees from CSRF, and from the session too: nobody is signed in."""
    client, _ = session_of_anna(two)

    answer = Door(client, *API, two, {"authorization": "Token x"}).save((two.alpha.gleb, "5", 0))

    check_problem(answer, 401, "sign-in-required")
