"""Every knock at every door: who may, with what, and what the door answers then.

Written by hand, apart from `config.permissions`: the two are compared by knocking. A route without
a knock fails `test_every_route_is_knocked_at`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel.roles import DISTRICT_ROLES, SCHOOL_ROLES, Role
from tests.factories.district import LIST_OF_PUPILS, PASSWORD, TwoSchools

EVERYBODY = SCHOOL_ROLES | DISTRICT_ROLES
TEACHING = frozenset({Role.TEACHER})
JOURNAL = frozenset({Role.TEACHER, Role.MANAGEMENT})
OFFICE = frozenset({Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SECRETARY})
IMPORTS = frozenset({Role.ADMINISTRATOR, Role.SECRETARY})
FAMILY = frozenset({Role.PUPIL, Role.GUARDIAN})
DISTRICT = DISTRICT_ROLES

JSON = "application/json"
Place = Callable[[TwoSchools, str], dict[str, Any]]
Body = Callable[[TwoSchools, str], Any]


def nowhere(two: TwoSchools, slug: str) -> dict[str, Any]:
    """No school in the address."""
    return {}


def school(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A school."""
    return {"school": slug}


def column(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A journal: 7А, algebra."""
    small = two.small[slug]
    return {"school": slug, "group": small.group_id, "subject": small.subject_id}


def page(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A page of the journal: 7А, algebra, second quarter."""
    return {**column(two, slug), "term": two.small[slug].term_id}


def lesson(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Anna's lesson on Monday."""
    return {"school": slug, "lesson_id": two.small[slug].lessons[0]}


def child(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb."""
    return {"school": slug, "child": two.small[slug].gleb}


def job(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A list that waits for its import."""
    return {"school": slug, "job_id": two.jobs[slug]}


def outside(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A school as the committee sees it."""
    return {"slug": slug}


def a_save(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A five for Gleb."""
    small = two.small[slug]
    cell = {"pupil": small.gleb, "value": "5", "seen": 0}
    return {"key": str(uuid.uuid4()), "lesson": small.lessons[0], "cells": [cell]}


def a_kind(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A column without a kind of work."""
    return {"key": str(uuid.uuid4()), "lesson": two.small[slug].lessons[0], "kind": None}


def a_record(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A topic, and a five for Gleb."""
    gleb = two.small[slug].gleb
    return {
        "key": str(uuid.uuid4()),
        "topic": "Дроби",
        "homework_none": "on",
        f"seen-{gleb}": "0",
        f"was-{gleb}": "",
        f"mark-{gleb}": "5",
    }


def a_list(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A file with one pupil."""
    return {"kind": "pupils", "file": SimpleUploadedFile("7А.csv", LIST_OF_PUPILS)}


def nothing(two: TwoSchools, slug: str) -> dict[str, Any]:
    """An empty form."""
    return {}


def credentials(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A login and its password."""
    return {"login": "knocker", "password": PASSWORD}


@dataclass(frozen=True)
class Knock:
    """A request, who may make it, and the answer they get; the others get 404."""

    route: str
    who: frozenset[Role]
    place: Place = nowhere
    body: Body | None = None
    is_json: bool = False
    answers: frozenset[int] = field(default_factory=lambda: frozenset({200}))
    is_open: bool = False  # also to those who are not signed in

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    @property
    def method(self) -> str:
        """Return GET or POST."""
        return "GET" if self.body is None else "POST"

    @property
    def has_school(self) -> bool:
        """Return whether the address lies inside a school."""
        return self.place not in (nowhere, outside)

    @property
    def is_api(self) -> bool:
        """Return whether a program is expected to knock."""
        return self.route.startswith("api:")

    def address(self, two: TwoSchools, slug: str) -> str:
        """Return the address in a school."""
        return reverse(self.route, kwargs=self.place(two, slug))

    def knock(self, client: Client, two: TwoSchools, slug: str) -> Any:
        """Send the request."""
        address = self.address(two, slug)
        if self.body is None:
            return client.get(address)
        body = self.body(two, slug)
        if self.is_json:
            return client.post(address, body, content_type=JSON, headers={"accept": JSON})
        return client.post(address, body)


def answers(*statuses: int) -> frozenset[int]:
    """Return the statuses of an open door."""
    return frozenset(statuses)


KNOCKS = (
    Knock("health:live", EVERYBODY, is_open=True),
    Knock("health:ready", EVERYBODY, is_open=True),
    Knock("home:sign-in", EVERYBODY, is_open=True),
    Knock("home:sign-in", EVERYBODY, body=credentials, answers=answers(302), is_open=True),
    Knock("home:sign-out", EVERYBODY, body=nothing, answers=answers(302), is_open=True),
    Knock("appearance", EVERYBODY, body=nothing, answers=answers(302), is_open=True),
    Knock("home:home", EVERYBODY, answers=answers(200, 302)),
    # A teacher at work, the management beside
    Knock("teacher:today", TEACHING, school),
    Knock("teacher:journals", JOURNAL, school),
    Knock("teacher:journal-now", JOURNAL, column, answers=answers(302)),
    Knock("teacher:journal", JOURNAL, page),
    Knock("teacher:cells", JOURNAL, page),
    Knock("teacher:lessons", JOURNAL, page),
    Knock("teacher:lesson", JOURNAL, lesson),
    Knock("teacher:lesson", TEACHING, lesson, a_record, answers=answers(302)),
    Knock("teacher:save-cells", TEACHING, school, a_save, is_json=True),
    Knock("teacher:set-kind", TEACHING, school, a_kind, is_json=True),
    # The office
    Knock("office:home", OFFICE, school),
    Knock("office:employees", OFFICE, school),
    Knock("office:imports", IMPORTS, school),
    Knock("office:imports", IMPORTS, school, a_list, answers=answers(302)),
    Knock("office:import", IMPORTS, job),
    Knock("office:apply", IMPORTS, job, nothing, answers=answers(302)),
    Knock("office:drop", IMPORTS, job, nothing, answers=answers(302)),
    # A family
    Knock("guardian:home", FAMILY, answers=answers(200, 302)),  # one child: straight to the day
    Knock("guardian:day", FAMILY, child),
    Knock("guardian:week", FAMILY, child),
    Knock("guardian:marks", FAMILY, child),
    Knock("guardian:absences", FAMILY, child),
    Knock("guardian:calendar", FAMILY, child),
    # The committee
    Knock("district:home", DISTRICT),
    Knock("district:school", DISTRICT, outside),
    # Programs
    Knock("api:schema", EVERYBODY, is_open=True),
    Knock(
        "api:token", EVERYBODY, body=credentials, is_json=True, answers=answers(201), is_open=True
    ),
    Knock("api:me", EVERYBODY),
    Knock("api:journals", JOURNAL, school),
    Knock("api:journal", JOURNAL, page),
    Knock("api:save-cells", TEACHING, school, a_save, is_json=True),
    Knock("api:week", FAMILY, child),
    Knock("api:indicators", DISTRICT),
)
JOURNAL_ROUTES = [
    knock
    for knock in KNOCKS
    if knock.route.startswith("teacher:")
    or knock.route in {"api:journals", "api:journal", "api:save-cells"}
]
CHILD_ROUTES = [knock for knock in KNOCKS if knock.place is child]
