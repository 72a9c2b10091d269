"""Words in which the municipal service is counted in a school (показатели услуги): counts only.

Of a day either flows, what happened on it, or what stands, as it was when the day was counted.
Source: SRV-023 (the six indicators of quality), SRV-009 (the term of access).
"""

from dataclasses import dataclass
from enum import StrEnum


class ServiceMeasure(StrEnum):
    """What is counted; `detail` says of which kind."""

    # Flows of a day.
    REGISTERED = "registered"
    REGISTERED_LATE = "registered_late"  # not on the day of submission (SRV-015)
    ACCESS_DAYS = "access_days"  # detail: working days from the consent
    ACCESS_LATE = "access_late"
    NOT_ACCEPTED = "not_accepted"  # detail: ground
    REFUSED = "refused"  # detail: ground
    TERMINATED = "terminated"  # detail: ground
    CONSENT = "consent"  # detail: whose
    CONSENT_WITHDRAWN = "consent_withdrawn"  # detail: whose
    COMPLAINT = "complaint"  # detail: ground
    COMPLAINT_DECIDED = "complaint_decided"  # detail: outcome
    COMPLAINT_LATE = "complaint_late"
    # What stands.
    STATE = "state"  # detail: state of the case
    TERM = "term"  # detail: overdue, due, nearing
    DUE_THIS_WEEK = "due_this_week"
    COMPLAINT_TERM = "complaint_term"  # detail: overdue, due, nearing
    CONSENTS_LIVE = "consents_live"  # detail: whose
    PUPILS = "pupils"
    PUPILS_SERVED = "pupils_served"
    PARENTS = "parents"
    PARENTS_SERVED = "parents_served"


AUDIENCE = frozenset(
    {
        ServiceMeasure.PUPILS,
        ServiceMeasure.PUPILS_SERVED,
        ServiceMeasure.PARENTS,
        ServiceMeasure.PARENTS_SERVED,
    }
)
STANDING = frozenset(
    {
        ServiceMeasure.STATE,
        ServiceMeasure.TERM,
        ServiceMeasure.DUE_THIS_WEEK,
        ServiceMeasure.COMPLAINT_TERM,
        ServiceMeasure.CONSENTS_LIVE,
    }
)


@dataclass(frozen=True, slots=True)
class ServiceCount:
    """One count of a school's day. Zero counts are left out."""

    measure: ServiceMeasure
    detail: str
    count: int
