"""The term of a case: ten working days from the consent, by the calendar that holds (SRV-009)."""

from datetime import date

from services.cases.models import Application
from services.cases.rules import Clock
from services.regulation.queries import get_setting
from services.regulation.queries.terms import count_working_days, get_due_day

TERM = "access.parent_due_workdays"


def turn_clock(case: Application, clock: Clock | None, today: date) -> None:
    """Do with the term of a case what a step says; the row is saved by the caller."""
    if clock is Clock.START:
        case.term_days = int(get_setting(key=TERM, on=today).value)
        case.extra_days = 0
        count_term(case)
    elif clock is Clock.PAUSE:
        case.suspended_on = today
    elif clock is Clock.RESUME:
        case.extra_days += _days_waited(case, today)
        case.suspended_on = None
        count_term(case)
    elif clock is Clock.RECOUNT:
        count_term(case)


def count_term(case: Application) -> bool:
    """Count the term by the calendar as it is now; return whether anything became different."""
    assert case.accepted_on is not None, "the term runs from the consent"
    before = (case.due_on, case.week, case.edition, case.is_provisional)
    due = get_due_day(
        start=case.accepted_on, number=(case.term_days or 0) + case.extra_days, unit="working"
    )
    case.due_on, case.week = due.due_on, due.week
    case.edition, case.is_provisional = due.edition, due.is_provisional
    return before != (case.due_on, case.week, case.edition, case.is_provisional)


def _days_waited(case: Application, today: date) -> int:
    """Return the working days a suspension took: its first day still counted, its last did not."""
    if case.suspended_on is None or case.suspended_on >= today:
        return 0
    waited = count_working_days(since=case.suspended_on, until=today)
    return waited - count_working_days(since=case.suspended_on, until=case.suspended_on)
