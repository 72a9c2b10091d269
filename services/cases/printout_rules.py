"""When a sheet of paper falls due: decisions from plain values.

Source: INF-003 (once in two weeks), INF-004 and INF-006 (once a week); the interval is a setting.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from kernel.errors import DomainError
from kernel.working_days import ProductionCalendar


class Reason(StrEnum):
    """Why a family gets paper."""

    DELIVERY = "delivery"
    CONSENT = "consent"
    REQUEST = "request"
    ONCE = "once"


class Due(StrEnum):
    """Where a sheet stands on a day."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    NEVER = "never"


class NobodyIsChosen(DomainError):
    """The form names nobody."""

    code = "nobody-is-chosen"
    message = "Отметьте, для кого."


class TooManyAtOnce(DomainError):
    """A batch is a class, not a school."""

    code = "too-many-at-once"
    message = "За один раз можно не больше 60 распечаток. Отметьте меньше."


class NotAReceiver(DomainError):
    """The person does not stand for the child, or may not learn of his marks."""

    code = "not-a-receiver"
    message = "Этому человеку сведения о ребёнке выдавать нельзя."


class PaperIsGiven(DomainError):
    """The family gets paper already."""

    code = "paper-is-given"
    message = "Эта семья уже получает распечатки: напечатать можно в любой день."


LARGEST_BATCH = 60


def due_day(
    *,
    last_on: date,
    interval: int,
    calendar: ProductionCalendar,
    study_days: Sequence[date],
) -> date | None:
    """Return the day a sheet is due after the last one, or None when there is nothing to tell.

    `interval` days after `last_on`, on a working day. An interval without a lesson owes nothing:
    the next one is taken. `study_days` are in order; after the last of them nothing is due.
    """
    if interval < 1:
        return None
    coming = next((day for day in study_days if day > last_on), None)
    if coming is None:
        return None
    due = last_on + timedelta(days=interval)
    while due < coming:
        due += timedelta(days=interval)
    return calendar.working_day_from(due)


def state_on(due_on: date | None, today: date) -> Due:
    """Return where a sheet stands on a day."""
    if due_on is None:
        return Due.NEVER
    if due_on < today:
        return Due.OVERDUE
    return Due.TODAY if due_on == today else Due.LATER
