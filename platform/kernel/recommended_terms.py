"""Periods of study recommended to every school of the district (рекомендованные четверти).

Source: 2025/26 as the ministry recommended, 2026/27 derived by the same pattern (curriculum.md §5:
no recommendation was published). A school may keep others; the district's pages use these.
"""

from datetime import date

from kernel.periods import Period
from kernel.school_year import TermKind, TermSpan

RECOMMENDED = (
    TermSpan(TermKind.QUARTER, 1, date(2025, 9, 1), date(2025, 10, 24)),
    TermSpan(TermKind.QUARTER, 2, date(2025, 11, 5), date(2025, 12, 30)),
    TermSpan(TermKind.QUARTER, 3, date(2026, 1, 12), date(2026, 3, 27)),
    TermSpan(TermKind.QUARTER, 4, date(2026, 4, 6), date(2026, 5, 26)),
    TermSpan(TermKind.QUARTER, 1, date(2026, 9, 1), date(2026, 10, 23)),
    TermSpan(TermKind.QUARTER, 2, date(2026, 11, 2), date(2026, 12, 30)),
    TermSpan(TermKind.QUARTER, 3, date(2027, 1, 11), date(2027, 3, 26)),
    TermSpan(TermKind.QUARTER, 4, date(2027, 4, 5), date(2027, 5, 26)),
)


def recommended_term(day: date) -> TermSpan | None:
    """Return the quarter a day lies in, or the last one before it; None before the first."""
    begun = [term for term in RECOMMENDED if term.starts_on <= day]
    return max(begun, key=lambda term: term.starts_on, default=None)


def days_of(term: TermSpan) -> Period:
    """Return the days of a quarter."""
    return Period.of_days(term.starts_on, term.ends_on)
