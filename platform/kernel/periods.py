"""Periods of days (период): half-open, `[since, until)`, as PostgreSQL's `daterange` has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from kernel.errors import DomainError

ONE_DAY = timedelta(days=1)


class PeriodIsBackwards(DomainError):
    """The end lies before the start."""

    code = "period-is-backwards"
    message = "Конец периода раньше его начала."


class PeriodIsOpen(DomainError):
    """The days of a period without an end cannot be listed."""

    code = "period-is-open"
    message = "У периода нет конца."


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` up to, but without, `until`: None leaves it open, `since` empty."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise PeriodIsBackwards(since=self.since, until=self.until)

    @classmethod
    def of_days(cls, first: date, last: date) -> Self:
        """Return the period of both days and all between: a term «с 1 сентября по 26 октября»."""
        return cls(first, last + ONE_DAY)

    @property
    def is_empty(self) -> bool:
        """Return whether the period holds no day at all."""
        return self.since == self.until

    @property
    def last_day(self) -> date | None:
        """Return the last day inside, or None for an open or empty period."""
        if self.until is None or self.is_empty:
            return None
        return self.until - ONE_DAY

    def contains(self, day: date) -> bool:
        """Return whether the day lies inside."""
        return self.since <= day and (self.until is None or day < self.until)

    def overlaps(self, other: "Period") -> bool:
        """Return whether the two have a day in common."""
        return self.intersection(other) is not None

    def intersection(self, other: "Period") -> "Period | None":
        """Return the days in both, or None when there are none."""
        since = max(self.since, other.since)
        ends = [end for end in (self.until, other.until) if end is not None]
        until = min(ends) if ends else None
        if until is not None and until <= since:
            return None
        return Period(since, until)

    def days(self) -> Iterator[date]:
        """Yield every day inside, oldest first. Raises PeriodIsOpen when there is no end."""
        if self.until is None:
            raise PeriodIsOpen(since=self.since)
        for offset in range((self.until - self.since).days):
            yield self.since + timedelta(days=offset)
