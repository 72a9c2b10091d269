"""One case as the committee is shown it: plain words and days, nothing else of the school."""

from datetime import date
from typing import Any

from kernel.actor import Actor
from kernel.days import local_day
from kernel.errors import NotFound
from kernel.roles import Role
from services.cases.models import Application
from services.cases.queries.reading import read_grounds

SHOWN = (
    "number",
    "kind",
    "channel",
    "state",
    "registered_on",
    "accepted_on",
    "term_days",
    "extra_days",
    "week",
    "edition",
    "due_on",
    "is_provisional",
    "granted_on",
    "ended_on",
    "ground",
    "applicant_last_name",
    "applicant_first_name",
    "applicant_middle_name",
    "child_last_name",
    "child_first_name",
    "child_middle_name",
    "child_class",
    "delivery",
)
STEPS_SHOWN = (
    "at",
    "action",
    "from_state",
    "to_state",
    "party",
    "ground",
    "ground_clause",
    "note",
    "paper",
    "paper_number",
    "due_on",
)


def describe_case(*, actor: Actor, number: str) -> dict[str, Any] | None:
    """Return a case with its log by the number of its application, JSON-able; None when none is.

    For the system only, that hands it over to the committee. Contacts, accounts and files of the
    case stay in the school.
    """
    if not actor.has(Role.SYSTEM):
        raise NotFound
    row = Application.objects.filter(number=number).exclude(number="").first()
    if row is None:
        return None
    log = list(row.log.order_by("at", "pk"))
    titles = _titles(local_day(log[-1].at, actor.school.timezone)) if log else {}
    words = {
        "state": row.get_state_display(),
        "kind": row.get_kind_display(),
        "channel": row.get_channel_display(),
        "delivery": row.get_delivery_display(),
        "ground": titles.get(row.ground, row.ground),
    }
    return {
        **{name: _plain(getattr(row, name)) for name in SHOWN},
        **words,
        "log": [
            {
                **{name: _plain(getattr(step, name)) for name in STEPS_SHOWN},
                "from_state": step.get_from_state_display(),
                "to_state": step.get_to_state_display(),
                "ground": titles.get(step.ground, step.ground),
            }
            for step in log
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _titles(on: date) -> dict[str, str]:
    return {code: title for pairs in read_grounds(on).values() for code, title in pairs}
