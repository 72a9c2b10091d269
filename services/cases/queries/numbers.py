"""The numbers of the service in a school, by day: for the committee, without a name (SRV-023)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from kernel.school_year import week_of
from kernel.service_counts import ServiceCount, ServiceMeasure
from services.cases.models import Application, CaseEvent, Complaint
from services.cases.queries.cases import count_cases_by_state, count_terms, list_access_days
from services.cases.queries.complaints import count_due
from services.cases.rules import State
from services.people.queries.consents import count_consents

GROUNDED = {
    State.NOT_ACCEPTED: ServiceMeasure.NOT_ACCEPTED,
    State.REFUSED: ServiceMeasure.REFUSED,
    State.TERMINATED: ServiceMeasure.TERMINATED,
}


def count_service_flows(*, day: date, timezone: str) -> list[ServiceCount]:
    """Return what happened on a day: registered, granted, refused, complained of, decided."""
    zone = ZoneInfo(timezone)
    tally: Counter[tuple[ServiceMeasure, str]] = Counter()
    registered = Application.objects.filter(registered_on=day)
    for submitted_at in registered.values_list("submitted_at", flat=True):
        tally[ServiceMeasure.REGISTERED, ""] += 1
        if submitted_at is not None and submitted_at.astimezone(zone).date() < day:
            tally[ServiceMeasure.REGISTERED_LATE, ""] += 1
    for access in list_access_days(since=day, until=day):
        tally[ServiceMeasure.ACCESS_DAYS, str(access.days)] += 1
        if not access.is_in_time:
            tally[ServiceMeasure.ACCESS_LATE, ""] += 1
    for state, ground in _ended_on(day):
        tally[GROUNDED[State(state)], ground] += 1
    consents = count_consents(day=day, timezone=timezone)
    tally.update({(ServiceMeasure.CONSENT, kind): n for kind, n in consents.accepted.items()})
    tally.update(
        {(ServiceMeasure.CONSENT_WITHDRAWN, kind): n for kind, n in consents.withdrawn.items()}
    )
    for grounds in Complaint.objects.filter(received_on=day).values_list("grounds", flat=True):
        tally.update((ServiceMeasure.COMPLAINT, ground) for ground in grounds)
    decided = Complaint.objects.filter(decided_on=day)
    for outcome, due_on in decided.values_list("outcome", "due_on"):
        tally[ServiceMeasure.COMPLAINT_DECIDED, outcome] += 1
        if due_on is not None and day > due_on:
            tally[ServiceMeasure.COMPLAINT_LATE, ""] += 1
    return _counts(tally)


def count_service_standing(*, today: date, timezone: str) -> list[ServiceCount]:
    """Return how the cases, terms and consents of the school stand today."""
    tally: Counter[tuple[ServiceMeasure, str]] = Counter()
    for state, number in count_cases_by_state().items():
        tally[ServiceMeasure.STATE, state] = number
    for state, number in count_terms(on=today).items():
        tally[ServiceMeasure.TERM, state] = number
    week = week_of(today)
    tally[ServiceMeasure.DUE_THIS_WEEK, ""] = (
        Application.objects.in_states(State.ACCEPTED)
        .filter(due_on__gte=today, due_on__lt=week.until)
        .count()
    )
    for kind, number in count_consents(day=today, timezone=timezone).live.items():
        tally[ServiceMeasure.CONSENTS_LIVE, kind] = number
    complaints = count_due(today=today)
    for state in ("overdue", "due", "nearing"):
        tally[ServiceMeasure.COMPLAINT_TERM, state] = getattr(complaints, state)
    return _counts(tally)


def _ended_on(day: date) -> Iterable[tuple[str, str]]:
    """Return (state, ground) of the cases that ended on a day on a ground of the closed lists."""
    cases = Application.objects.in_states(*GROUNDED).filter(ended_on=day)
    events = CaseEvent.objects.filter(application__in=cases, to_state__in=list(GROUNDED))
    newest = events.order_by("application_id", "-at", "-pk").distinct("application_id")
    return newest.values_list("to_state", "ground")


def _counts(tally: Counter[tuple[ServiceMeasure, str]]) -> list[ServiceCount]:
    return [
        ServiceCount(measure, detail, number)
        for (measure, detail), number in sorted(tally.items())
        if number
    ]
