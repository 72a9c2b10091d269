"""When works may be, which minutes count, how much is too much; NFR-002…005, 007, 008.

Hours are of a school's own clock; a school's day goes from the opening hour to the closing hour of
the next morning (06:00–02:00), the rest of the night is for works.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours: `opens` in the morning, `closes` after midnight."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class WorksTerms:
    """What works outside the night must keep: days of notice, longest duration in hours."""

    notice_days: int
    longest_hours: int


def working_day(day: date, zone: str, hours: Hours) -> Stretch:
    """Return the stretch in which the product must be there on a day of a school."""
    clock = ZoneInfo(zone)
    opens = datetime.combine(day, time(hours.opens), clock)
    closes = datetime.combine(day + timedelta(days=1), time(hours.closes), clock)
    return opens, closes


def is_at_night(starts_at: datetime, ends_at: datetime, zone: str, hours: Hours) -> bool:
    """Return whether a stretch lies within one night of a school."""
    clock = ZoneInfo(zone)
    day = starts_at.astimezone(clock).date()
    night = (time(hours.closes), time(hours.opens))
    from_at, until_at = (datetime.combine(day, hour, clock) for hour in night)
    return from_at <= starts_at and ends_at <= until_at


def list_days(starts_at: datetime, ends_at: datetime, zone: str) -> list[date]:
    """Return the days of a school's clock that a stretch touches."""
    clock = ZoneInfo(zone)
    first = starts_at.astimezone(clock).date()
    last = (ends_at - timedelta(microseconds=1)).astimezone(clock).date()
    return [first + timedelta(days=shift) for shift in range((last - first).days + 1)]


def find_refusal(
    *,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    at_night: bool,
    studying: Collection[str],
    terms: WorksTerms,
) -> str:
    """Return why works may not be so, or "". `studying`: schools with lessons on those days."""
    if ends_at <= starts_at:
        return "Окончание раньше начала."
    if starts_at <= now:
        return "Работы уже начались: запишите их как сбой."
    if at_night:
        return ""
    if ends_at - starts_at > timedelta(hours=terms.longest_hours):
        return f"Работы не ночью — не дольше {terms.longest_hours} ч."
    if studying:
        names = ", ".join(sorted(studying)[:3]) + (" и другие" if len(studying) > 3 else "")
        return f"Не каникулы: {names}. Днём работы идут только в каникулы, иначе — ночью."
    if starts_at - now < timedelta(days=terms.notice_days):
        return f"Предупредить надо за {terms.notice_days} дней до начала."
    return ""


def say_stretch(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Return «12.12.2026 02:00–06:00» on a clock; with both days when there are two."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    first, last = (f"{moment:%d.%m.%Y} " for moment in (start, end))
    return f"{first}{start:%H:%M}–{'' if first == last else last}{end:%H:%M}"


def cut_out(stretch: Stretch, holes: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of a stretch without the holes, in order."""
    left = [stretch]
    for begins, ends in holes:
        left = [
            piece
            for start, stop in left
            for piece in ((start, min(stop, begins)), (max(start, ends), stop))
            if piece[0] < piece[1]
        ]
    return sorted(left)


def whole_minutes(pieces: Sequence[Stretch]) -> int:
    """Return how many minutes begin within the pieces."""
    return sum(max(0, _ceil(stop) - _ceil(start)) for start, stop in pieces)


def _ceil(moment: datetime) -> int:
    return -int(-moment.timestamp() // 60)


def percent_up(up: int, expected: int) -> Decimal | None:
    """Return the share in percent, rounded down: 98,999 is no 99; None when nothing is known."""
    if not expected:
        return None
    return (Decimal(100) * up / expected).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def is_emergency(
    started_at: datetime, ended_at: datetime | None, now: datetime, minutes: int
) -> bool:
    """Return whether an incident has lasted longer than a short one may."""
    return (ended_at or now) - started_at > timedelta(minutes=minutes)
