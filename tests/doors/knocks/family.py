"""A family and an applicant; his own is nobody else’s."""

from typing import Any

from tests.doors import complaint_places as complaints
from tests.doors.knocks.knock import (
    EVERYBODY,
    FAMILY,
    MOTHER,
    NOBODY,
    PUPIL,
    Knock,
    Place,
    a_question,
    a_word,
    answers,
    case,
    case_to_withdraw,
    child,
    nothing,
    outside,
    receipt,
    scan,
    school,
    signed,
)
from tests.factories.district import TwoSchools


def himself(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb, as he sees himself; his parents have no such page."""
    return child(two, slug)


def as_own(place: Place) -> Place:
    """Return the same place as the applicant's own page: the school is no place of work there."""

    def own(two: TwoSchools, slug: str) -> dict[str, Any]:
        found = place(two, slug)
        return {"slug": found.pop("school"), **found}

    return own


def gleb_to_sign(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb, for whom Vera has signed."""
    return {"school": slug, "pupil_id": two.small[slug].gleb}


KNOCKS = (
    Knock("guardian:service", EVERYBODY),
    Knock("guardian:service-case", MOTHER, as_own(case)),
    Knock("guardian:service-act", MOTHER, as_own(case_to_withdraw), nothing, answers=answers(302)),
    Knock("guardian:service-paper", MOTHER, as_own(receipt)),
    Knock("guardian:service-file", MOTHER, as_own(scan)),
    Knock("guardian:home", FAMILY, answers=answers(200, 302)),  # one child: straight to the day,
    Knock("guardian:consents", FAMILY, school),
    Knock("guardian:sign-consent", MOTHER, gleb_to_sign, answers=answers(302)),  # signed already,
    Knock("guardian:consent-paper", MOTHER, signed("live")),
    Knock("guardian:withdraw-consent", MOTHER, signed("live")),
    Knock("guardian:withdraw-consent", MOTHER, signed("live"), a_word, answers=answers(302)),
    Knock("guardian:ask-data", FAMILY, school, a_question, answers=answers(302)),
    Knock("guardian:data-answer", MOTHER, signed("answered", "request_id")),
    Knock("guardian:day", FAMILY, child),
    Knock("guardian:week", FAMILY, child),
    Knock("guardian:marks", FAMILY, child),
    Knock("guardian:report", FAMILY, child),
    Knock("guardian:absences", FAMILY, child),
    Knock("guardian:calendar", FAMILY, child),
    Knock("guardian:parents", PUPIL, himself),
    Knock("guardian:complaints", EVERYBODY),
    Knock("guardian:complaint-new", EVERYBODY, outside),
    Knock(
        "guardian:complaint-new",
        EVERYBODY,
        outside,
        complaints.a_complaint,
        answers=answers(302),
    ),
    Knock("guardian:complaint", NOBODY, complaints.as_applicant),
    Knock("guardian:complaint-paper", NOBODY, complaints.paper_of_applicant),
    Knock(
        "guardian:committee-complaint",
        NOBODY,
        complaints.at_committee(complaint_id="committee_id"),
    ),
    Knock(
        "guardian:committee-complaint-paper",
        NOBODY,
        complaints.at_committee(complaint_id="committee_id", kind="receipt"),
    ),
)
