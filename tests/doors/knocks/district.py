"""The committee."""

from typing import Any

from tests.doors import complaint_places as complaints
from tests.doors.knocks.knock import (
    DISTRICT,
    DISTRICT_ADMIN,
    Knock,
    Place,
    answers,
    no_day,
    nothing,
    outside,
)
from tests.factories.district import TwoSchools


def a_day(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A day off of the region."""
    return {"date": "2026-10-05", "kind": "off", "act": "Закон о праздничных днях"}


def a_setting(two: TwoSchools, slug: str) -> dict[str, Any]:
    """A term the committee sets."""
    return {
        "key": "complaint.nearing_workdays",
        "value": "4",
        "clause": "приказ № 5",
        "since_on": "2026-11-20",
    }


def some_works(two: TwoSchools, slug: str) -> dict[str, Any]:
    """Works in some night to come."""
    return {
        "works-starts_at": "2026-11-25T02:00",
        "works-ends_at": "2026-11-25T04:00",
        "works-reason": "Диски",
    }


def an_outage(two: TwoSchools, slug: str) -> dict[str, Any]:
    """An incident of the district."""
    return {"incident-kind": "platform", "incident-started_at": "2026-11-18T10:00"}


def unknown(key: str) -> Place:
    """Return the place of something nobody wrote."""
    return lambda two, slug: {key: 1_000_000}


KNOCKS = (
    Knock("district:complaints", DISTRICT),
    Knock("district:complaints-export", DISTRICT),
    Knock("district:complaints-print", DISTRICT),
    Knock("district:complaint", DISTRICT, complaints.at_committee(complaint_id="committee_id")),
    Knock(
        "district:complaint",
        DISTRICT,
        complaints.at_committee(complaint_id="committee_id"),
        complaints.a_decision,
        answers=answers(302),
    ),
    Knock(
        "district:complaint-paper",
        DISTRICT,
        complaints.at_committee(complaint_id="committee_id", kind="receipt"),
    ),
    Knock(
        "district:complaint-file",
        DISTRICT,
        complaints.at_committee(complaint_id="committee_id", file_id="committee_file_id"),
    ),
    Knock(
        "district:snapshot",
        DISTRICT,
        complaints.at_committee(complaint_id="committee_id", snapshot_id="snapshot_id"),
    ),
    Knock("district:checks", DISTRICT),
    Knock("district:check-new", DISTRICT),
    Knock("district:check-new", DISTRICT, body=complaints.a_plan, answers=answers(302)),
    Knock("district:check", DISTRICT, complaints.at_committee(check_id="check_id")),
    Knock(
        "district:check",
        DISTRICT,
        complaints.at_committee(check_id="check_id"),
        complaints.a_finding,
        answers=answers(302),
    ),
    Knock("district:home", DISTRICT),
    Knock("district:school", DISTRICT, outside),
    Knock("district:service", DISTRICT),
    Knock("district:quality", DISTRICT),
    Knock("district:registers", DISTRICT),
    Knock("district:due", DISTRICT),
    Knock("district:calendar", DISTRICT),
    Knock("district:backups", DISTRICT),
    Knock("district:backup-place", DISTRICT_ADMIN, body=nothing, answers=answers(400)),
    Knock("district:calendar-add", DISTRICT_ADMIN, body=a_day, answers=answers(302)),
    Knock("district:calendar-remove", DISTRICT_ADMIN, no_day, nothing, answers=answers(404)),
    Knock("district:regulation", DISTRICT),
    Knock("district:regulation-change", DISTRICT_ADMIN, body=a_setting, answers=answers(302)),
    Knock("district:upkeep", DISTRICT),
    Knock("district:upkeep-school", DISTRICT, outside),
    Knock("district:works-add", DISTRICT_ADMIN, body=some_works, answers=answers(302)),
    Knock(
        "district:works-cancel", DISTRICT_ADMIN, unknown("works_id"), nothing, answers=answers(404)
    ),
    Knock("district:incident-add", DISTRICT_ADMIN, body=an_outage, answers=answers(302)),
    Knock(
        "district:incident-end",
        DISTRICT_ADMIN,
        unknown("incident_id"),
        nothing,
        answers=answers(404),
    ),
    Knock("district:upgrades", DISTRICT_ADMIN),
)
