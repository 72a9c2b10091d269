"""The service, paper and complaints at the desk; Anna teaches, but no class is hers."""

from typing import Any

from tests.doors import complaint_places as complaints
from tests.doors.knocks.knock import (
    COMPLAINTS,
    HEAD,
    HEADS,
    IMPORTS,
    OFFICE,
    Knock,
    an_application,
    answers,
    case,
    case_to_withdraw,
    nothing,
    receipt,
    scan,
    school,
)
from tests.factories.district import TwoSchools


def a_setting(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A value of the school's own regulation."""
    return {
        "key": "print.parent_interval_days",
        "value": "14",
        "clause": "п. 3",
        "since_on": "2026-12-01",
    }


def a_card(two: TwoSchools, slug: str) -> dict[str, Any]:
    """What a school tells of itself."""
    return {"phones": "8 (877) 700-00-01"}


def family_on_paper(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Vera's row among the families on paper."""
    return {"school": slug, "row": two.printouts[slug].row}


def gleb_on_paper(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Gleb, about whom somebody asks for paper."""
    return {"school": slug, "pupil_id": two.small[slug].gleb}


def a_row(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A batch of one family."""
    return {"row": two.printouts[slug].row}


def a_sheet(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A sheet that is handed over."""
    return {"sheet": two.printouts[slug].sheet}


KNOCKS = (
    Knock("office:quality", HEADS, school),
    Knock("office:due", OFFICE, school),
    Knock("office:regulation", HEADS, school),
    Knock("office:regulation-change", HEADS, school, a_setting, answers=answers(302)),
    Knock("office:stand", HEADS, school),
    Knock("office:stand", HEADS, school, a_card, answers=answers(302)),
    Knock("office:service", OFFICE, school),
    Knock("office:service-table", OFFICE, school),
    Knock("office:service-register", OFFICE, school),
    Knock("office:service-new", IMPORTS, school),
    Knock("office:service-new", IMPORTS, school, an_application, answers=answers(302)),
    Knock("office:service-case", OFFICE, case),
    Knock("office:service-act", IMPORTS, case_to_withdraw, nothing, answers=answers(302)),
    Knock("office:service-paper", OFFICE, receipt),
    Knock("office:service-file", OFFICE, scan),
    Knock("office:printouts", IMPORTS, school),
    Knock("office:printouts-print", IMPORTS, school, a_row),
    Knock("office:printouts-hand", IMPORTS, school, a_sheet, answers=answers(302)),
    Knock("office:printout-new", IMPORTS, school),
    Knock("office:printout-ask", IMPORTS, gleb_on_paper),
    Knock("office:printout-end", IMPORTS, family_on_paper, nothing, answers=answers(302)),
    Knock("office:printouts-register", OFFICE, school),
    Knock("office:printouts-table", OFFICE, school),
    Knock("office:printouts-paper", OFFICE, school),
    Knock("office:complaints", COMPLAINTS, school),
    Knock("office:complaint-new", COMPLAINTS, school),
    Knock("office:complaint-new", COMPLAINTS, school, complaints.a_complaint, answers=answers(302)),
    Knock("office:complaints-export", COMPLAINTS, school),
    Knock("office:complaints-print", COMPLAINTS, school),
    Knock("office:complaint", COMPLAINTS, complaints.at_school(complaint_id="complaint_id")),
    Knock(
        "office:complaint",
        COMPLAINTS,
        complaints.at_school(complaint_id="complaint_id"),
        complaints.a_move,
        answers=answers(302),
    ),
    Knock(
        "office:complaint-paper",
        COMPLAINTS,
        complaints.at_school(complaint_id="complaint_id", kind="receipt"),
    ),
    Knock(
        "office:complaint-file",
        COMPLAINTS,
        complaints.at_school(complaint_id="complaint_id", file_id="file_id"),
    ),
    Knock("office:committee", HEAD, school),
    Knock("office:committee-letter", HEAD, complaints.at_school(letter_id="letter_id")),
    Knock(
        "office:committee-letter",
        HEAD,
        complaints.at_school(letter_id="letter_id"),
        complaints.a_reply,
        answers=answers(302),
    ),
)
