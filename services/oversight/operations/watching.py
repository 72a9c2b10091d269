"""Looking after the committee's terms at night."""

from datetime import datetime

from kernel.days import local_day
from services.oversight.notices import tell_of_terms
from services.oversight.operations.complaints import keep_terms
from services.oversight.queries.checks import count_overdue_findings
from services.oversight.queries.complaints import list_pressing
from tenants.registry.queries import get_district


def watch_complaints(*, now: datetime) -> int:
    """Register what waits too long, tell of terms that are near or over; return how many press."""
    keep_terms(now=now)
    today = local_day(now, get_district().timezone)
    pressing = list_pressing(today=today)
    tell_of_terms(pressing=pressing, findings=count_overdue_findings(today=today), day=today)
    return len(pressing)
