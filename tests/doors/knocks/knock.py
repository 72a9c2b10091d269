"""A knock: a request, who may make it, what the door answers; and the places many doors share."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.roles import DISTRICT_ROLES, SCHOOL_ROLES, Role
from services.cases.models import Attachment
from tests.factories.district import PASSWORD, TwoSchools

EVERYBODY = SCHOOL_ROLES | DISTRICT_ROLES
TEACHING = frozenset({Role.TEACHER})
JOURNAL = frozenset({Role.TEACHER, Role.MANAGEMENT})
OFFICE = frozenset({Role.ADMINISTRATOR, Role.MANAGEMENT, Role.SECRETARY})
IMPORTS = frozenset({Role.ADMINISTRATOR, Role.SECRETARY})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
STAFF_DESK = IMPORTS | {Role.PERSONNEL}
CONSENTS = OFFICE | {Role.PERSONNEL}
HEADS = frozenset({Role.ADMINISTRATOR, Role.MANAGEMENT})
PUPIL = frozenset({Role.PUPIL})
STAFF_LIST = OFFICE | {Role.PERSONNEL}
STAFF_KEEP = IMPORTS | {Role.PERSONNEL}
FAMILY = frozenset({Role.PUPIL, Role.GUARDIAN})
MOTHER = frozenset({Role.GUARDIAN})
DISTRICT = DISTRICT_ROLES
DISTRICT_ADMIN = frozenset({Role.DISTRICT_ADMIN})
COMPLAINTS = frozenset({Role.MANAGEMENT, Role.SECRETARY})
HEAD = frozenset({Role.MANAGEMENT})
WITH_A_CARD = frozenset({Role.TEACHER, Role.MANAGEMENT})
NOBODY: frozenset[Role] = frozenset()
JSON = "application/json"
Place = Callable[[TwoSchools, str], dict[str, Any]]
Body = Callable[[TwoSchools, str], Any]


def nowhere(two: TwoSchools, slug: str) -> dict[str, Any]:
    """No school in the address."""
    return {}


def school(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A school."""
    return {"school": slug}


def no_provider(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A provider of sign-in that nobody configured."""
    return {"provider": "nobody"}


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


def case(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Vera's application at the desk."""
    return {"school": slug, "case": two.cases[slug].case_id}


def case_to_withdraw(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The same, withdrawn in person."""
    return {**case(two, slug), "action": "withdraw"}


def receipt(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A document of it."""
    return {**case(two, slug), "paper": "receipt"}


def scan(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The scan that came with it."""
    school = two.refs[slug]
    with school_transaction(Actor.system(school), school.id):
        paper = Attachment.objects.get(application_id=two.cases[slug].case_id)
    return {**case(two, slug), "paper_id": paper.pk}


def signed(name: str, key: str = "consent_id") -> Place:
    """Return the place of something in the papers of a school: a consent, an act, a request."""

    def place(two: TwoSchools, slug: str) -> dict[str, Any]:
        return {"school": slug, key: getattr(two.papers[slug], name)}

    return place


def sheet(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Vera signs for Gleb."""
    small = two.small[slug]
    return {"school": slug, "pupil_id": small.gleb, "guardian_id": small.vera}


def blank(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The text of a parent's consent."""
    return {"school": slug, "kind": "parent"}


def a_word(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The ticked word of who is sure."""
    return {"is_signed": "on", "is_sure": "on"}


def a_question(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A request of Gleb's own, on paper or from home."""
    return {"pupil": two.small[slug].gleb, "about": ""}


def outside(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A school as the committee sees it."""
    return {"slug": slug}


def a_notice(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A notice told to nobody here."""
    return {"place": "-", "notice_id": 1}


def no_day(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A day nobody entered."""
    return {"day_id": 1_000_000}


def a_save(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A five for Gleb."""
    small = two.small[slug]
    cell = {"pupil": small.gleb, "value": "5", "seen": 0}
    return {"key": str(uuid.uuid4()), "lesson": small.lessons[0], "cells": [cell]}


def an_application(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A form a family fills in."""
    return {
        "key": str(uuid.uuid4()),
        "who": "parent",
        "child": "Соколов Лев Петрович",
        "birth_date": "01.05.2013",
        "class_title": "7А",
        "applicant": "Соколова Вера Ильинична",
        "relation": "mother",
        "phone": "8 900 123-45-67",
        "delivery": "portal",
    }


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
        if self.route.startswith("district:"):
            return False
        elsewhere = (nowhere, outside, a_notice, no_day, no_provider)
        return not self.is_open and self.place not in elsewhere

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
