"""The calendar of terms in a school: a copy of the committee's, and the word that it changed."""

from collections.abc import Mapping, Sequence

from foundation.outbox.operations import record
from kernel.actor import Actor
from kernel.working_days import calendar_fingerprint
from services.regulation.defaults import SHIPPED_SINCE
from services.regulation.events import CalendarChanged
from services.regulation.models import RegulationSetting
from services.regulation.operations import copy_district_setting
from services.regulation.queries.terms import (
    EDITION,
    REGIONAL,
    get_known_edition,
    get_regional_days,
)

LONGEST_CLAUSE = 200


def copy_calendar(*, actor: Actor, regional: Mapping[str, str], acts: Sequence[str]) -> bool:
    """Copy the region's days into the school that is open; return whether its calendar changed.

    A fact, not a norm: there is one copy, replaced each time, and the audit keeps what was before.
    Also notices a decree that a release brought. Safe to repeat. Raise `NotFound`.
    """
    clause = "; ".join(dict.fromkeys(acts)) or "Региональных дней нет"
    if _copied() != (dict(regional) or None):
        copy_district_setting(
            actor=actor,
            key=REGIONAL,
            value=dict(regional),
            clause=clause[:LONGEST_CLAUSE],
            since_on=SHIPPED_SINCE,
        )
    edition = calendar_fingerprint(get_regional_days())
    if edition == get_known_edition():
        return False
    copy_district_setting(
        actor=actor, key=EDITION, value=edition, clause="law.md §3", since_on=SHIPPED_SINCE
    )
    record(CalendarChanged(edition=edition))
    return True


def _copied() -> dict[str, str] | None:
    """Return what the committee's copy holds now; None: nothing."""
    row = RegulationSetting.objects.filter(
        key=REGIONAL, source=RegulationSetting.Source.DISTRICT, since_on=SHIPPED_SINCE
    ).first()
    return (row.value or None) if row else None
