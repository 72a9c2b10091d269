"""Whoever passes by."""

from typing import Any

from tests.doors import complaint_places as complaints
from tests.doors.knocks.knock import EVERYBODY, Knock, an_application, answers, nothing, school
from tests.factories.district import TwoSchools


def a_blank(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A form of a consent."""
    return {"school": slug, "kind": "parent"}


def a_code(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The number and the code of Vera's application, and what they may open."""
    known = two.cases[slug]
    about = {"number": known.number, "secret": known.secret}
    return {**about, "action": "withdraw", "paper": "receipt"}


KNOCKS = (
    Knock("public:service", EVERYBODY, school, is_open=True),
    Knock("public:order", EVERYBODY, school, is_open=True),
    Knock("public:poster", EVERYBODY, school, is_open=True),
    Knock("public:blank", EVERYBODY, a_blank, is_open=True),
    Knock("public:apply", EVERYBODY, school, is_open=True),
    Knock("public:apply", EVERYBODY, school, an_application, answers=answers(302), is_open=True),
    Knock("public:keep", EVERYBODY, school, an_application, answers=answers(302), is_open=True),
    Knock("public:drop", EVERYBODY, school, nothing, answers=answers(302), is_open=True),
    Knock("public:done", EVERYBODY, school, answers=answers(302), is_open=True),
    Knock("public:status", EVERYBODY, school, is_open=True),
    Knock("public:status", EVERYBODY, school, a_code, is_open=True),
    Knock("public:act", EVERYBODY, school, a_code, is_open=True),
    Knock("public:paper", EVERYBODY, school, a_code, is_open=True),
    Knock("public:complaint", EVERYBODY, school, is_open=True),
    # One network after another complaint waits longer and longer
    Knock(
        "public:complaint",
        EVERYBODY,
        school,
        complaints.a_complaint,
        answers=answers(200, 429),
        is_open=True,
    ),
    Knock("public:complaint-status", EVERYBODY, school, is_open=True),
    Knock("public:complaint-status", EVERYBODY, school, complaints.a_code, is_open=True),
    Knock("public:complaint-paper", EVERYBODY, school, complaints.a_code, is_open=True),
)
