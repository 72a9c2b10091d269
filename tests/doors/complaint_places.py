"""Where complaints and checks are knocked at, and with what."""

import uuid
from collections.abc import Callable
from typing import Any

from tests.factories.district import TwoSchools

Given = Callable[[TwoSchools, str], dict[str, Any]]


def at_school(**names: str) -> Given:
    """Return the place of something filed at a school: address names → fields of `Filed`."""

    def place(two: TwoSchools, slug: str) -> dict[str, Any]:
        return {"school": slug, **_take(two, slug, names)}

    return place


def at_committee(**names: str) -> Given:
    """Return the place of something the committee works on: no school stands in its address."""

    def place(two: TwoSchools, slug: str) -> dict[str, Any]:
        return _take(two, slug, names)

    return place


def as_applicant(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A complaint as its applicant's own page; nobody of the table is the applicant."""
    return {"slug": slug, "complaint_id": two.complaints[slug].complaint_id}


def paper_of_applicant(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A paper of it."""
    return {**as_applicant(two, slug), "kind": "receipt"}


def _take(two: TwoSchools, slug: str, names: dict[str, str]) -> dict[str, Any]:
    filed = two.complaints[slug]
    return {name: getattr(filed, field, field) for name, field in names.items()}


def a_complaint(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A whole form about a teacher."""
    return {
        "key": str(uuid.uuid4()),
        "target": "employee",
        "against": "учитель",
        "grounds": ["2"],
        "contested": "Не открыли доступ.",
        "arguments": "Срок прошёл.",
        "applicant": "Глебова Вера Ивановна",
        "residence": "Заречный, Садовая, 1",
        "phone": "8 900 000-00-01",
    }


def a_code(two: TwoSchools, slug: str) -> dict[str, Any]:
    """What an applicant keeps, and the paper he asks for."""
    filed = two.complaints[slug]
    asked = {"body": "school", "paper": "receipt"}
    return {"number": filed.reference, "code": filed.code, **asked}


def a_move(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The complaint is sent where it belongs."""
    return {"action": "forward", "reason": "Не к нам."}


def a_decision(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The complaint is refused."""
    return {
        "action": "decide",
        "outcome": "refused",
        "reasons": "Срок не нарушен.",
        "appeal_order": "В суд.",
    }


def a_reply(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The head's reply to the committee."""
    return {"reply": "Исправим."}


def a_plan(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A check of the school."""
    return {
        "school": slug,
        "kind": "planned",
        "subject": "Журналы",
        "starts_on": "2026-11-23",
        "ends_on": "2026-11-27",
        "inspectors": "Олегов О. О.",
    }


def a_finding(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A breach."""
    return {"action": "finding", "text": "Нет тем.", "cure_until": "2026-12-01"}
