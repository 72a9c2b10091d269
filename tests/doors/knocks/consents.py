"""Consents and requests for own data; Anna teaches, but no class is hers."""

from typing import Any

from tests.doors.knocks.knock import (
    ADMINISTRATOR,
    CONSENTS,
    HEADS,
    IMPORTS,
    NOBODY,
    OFFICE,
    STAFF_DESK,
    WITH_A_CARD,
    Knock,
    a_question,
    a_word,
    answers,
    blank,
    nothing,
    school,
    sheet,
    signed,
)
from tests.factories.district import TwoSchools


def signers(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Who may sign for Zoya."""
    return {"school": slug, "pupil_id": two.small[slug].zoya}


def staff_sheet(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Boris signs his own."""
    return {"school": slug, "employee_id": two.small[slug].boris}


def a_reset(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The word to use the shipped text again."""
    return {"reset": "1"}


def witnesses(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Who destroys."""
    return {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-post": "Администратор",
        "form-0-name": "Анина А. П.",
    }


def an_operator(two: TwoSchools, slug: str) -> dict[str, Any]:
    """The school as it is called in consents."""
    return {"name": "МБОУ «Школа»", "address": "ул. Школьная, д. 2"}


def a_reason(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Why an answer takes longer."""
    return {"reason": "Архив на бумаге"}


KNOCKS = (
    Knock("office:my-data", WITH_A_CARD, school),
    Knock("office:my-data", WITH_A_CARD, school, nothing, answers=answers(302)),
    Knock("office:my-data-answer", NOBODY, signed("answered", "request_id")),
    Knock("office:consents", CONSENTS, school),
    Knock("office:consents-table", OFFICE, school),
    Knock("office:consents-register", OFFICE, school),
    Knock("office:consent-pupils", CONSENTS, school),
    Knock("office:consent-signers", IMPORTS, signers),
    Knock("office:consent-new", IMPORTS, sheet),
    Knock("office:consent-new", IMPORTS, sheet, nothing),
    Knock("office:consent-new-staff", STAFF_DESK, staff_sheet),
    Knock("office:consent-blank", CONSENTS, blank),
    Knock("office:consent-texts", HEADS, school),
    Knock("office:consent-texts", HEADS, school, an_operator, answers=answers(302)),
    Knock("office:consent-text", HEADS, blank),
    Knock("office:consent-text", HEADS, blank, a_reset, answers=answers(302)),
    Knock("office:data-policy", OFFICE, school),
    Knock("office:destruction", OFFICE, school),
    Knock("office:destroy", ADMINISTRATOR, signed("withdrawn")),
    Knock("office:destroy", ADMINISTRATOR, signed("withdrawn"), witnesses, answers=answers(302)),
    Knock(
        "office:erase-signed", ADMINISTRATOR, signed("destroyed"), witnesses, answers=answers(302)
    ),
    Knock("office:destruction-act", OFFICE, signed("act", "act_id")),
    Knock("office:data-requests", OFFICE, school),
    Knock("office:data-request-new", IMPORTS, school, a_question, answers=answers(302)),
    Knock("office:data-request", OFFICE, signed("request", "request_id")),
    Knock("office:data-answer", IMPORTS, signed("request", "request_id")),
    Knock(
        "office:answer-request",
        IMPORTS,
        signed("request", "request_id"),
        nothing,
        answers=answers(302),
    ),
    Knock(
        "office:extend-request",
        IMPORTS,
        signed("request", "request_id"),
        a_reason,
        answers=answers(302),
    ),
    Knock("office:consent", OFFICE, signed("live")),
    Knock("office:consent", CONSENTS, signed("destroyed")),  # an employee's,
    Knock("office:consent-paper", OFFICE, signed("live")),
    Knock("office:consent-scan", IMPORTS, signed("live"), nothing, answers=answers(400)),
    Knock("office:withdraw-consent", IMPORTS, signed("live"), a_word, answers=answers(302)),
    Knock("office:withdrawal-paper", OFFICE, signed("live")),
)
