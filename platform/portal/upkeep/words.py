"""Works, incidents and availability in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kernel.actor import SchoolRef
from kernel.day_words import MONTH_TITLES
from kernel.errors import NotFound
from kernel.periods import Period
from services.upkeep.queries import Availability, IncidentCard, WorksCard, say_stretch

NOTHING = "—"
WHOLE = "Весь округ"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a page: its days, its name, the neighbours for the links."""

    period: Period
    title: str
    before: str
    after: str  # empty: it has not come


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident as a line."""

    card: IncidentCard
    place: str
    when: str
    lasted: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Availability as cells; states are of badges."""

    percent: str
    state: str
    round_percent: str
    answer: str
    answer_state: str
    slow: str


def choose_month(typed: str, today: date) -> Month:
    """Return the month of «2026-11», by default the one it is. Raise `NotFound`."""
    first = today.replace(day=1)
    if typed:
        try:
            first = date.fromisoformat(f"{typed}-01")
        except ValueError as error:
            raise NotFound from error
    if first > today or first.year < 2020:
        raise NotFound
    following = _shift(first, 1)
    return Month(
        period=Period(first, following),
        title=f"{MONTH_TITLES[first.month - 1]} {first.year}",
        before=f"{_shift(first, -1):%Y-%m}",
        after=f"{following:%Y-%m}" if following <= today else "",
    )


def _shift(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def month_moments(period: Period, zone: str) -> tuple[datetime, datetime]:
    """Return the moments between which a month lies on a clock."""
    clock = ZoneInfo(zone)
    assert period.until is not None
    start = datetime.combine(period.since, datetime.min.time(), clock)
    return start, datetime.combine(period.until, datetime.min.time(), clock)


def read(line: Availability, *, goal: Decimal, slowest: int) -> Reading:
    """Return the cells of a line."""
    answer = line.answer_ms
    return Reading(
        percent=say_share(line.percent),
        state="" if line.percent is None else "good" if line.percent >= goal else "bad",
        round_percent=say_share(line.round_percent),
        answer=NOTHING if answer is None else say_seconds(answer),
        answer_state="" if answer is None else "good" if answer <= slowest else "bad",
        slow=f"{line.slow_answers} из {line.answers}" if line.answers else NOTHING,
    )


def say_share(share: Decimal | None) -> str:
    """Return «99,12 %»; never rounded up."""
    return NOTHING if share is None else f"{share}\u00a0%".replace(".", ",")


def say_seconds(milliseconds: int) -> str:
    """Return «0,12 с»."""
    return f"{milliseconds / 1000:.2f}\u00a0с".replace(".", ",")


def incident_rows(
    cards: Iterable[IncidentCard], schools: Mapping[int, SchoolRef], zone: str
) -> list[IncidentRow]:
    """Return incidents as lines, each by the clock of its school."""
    rows = []
    for card in cards:
        school = schools.get(card.school_id or 0)
        own = school.timezone if school else zone
        start = card.started_at.astimezone(ZoneInfo(own))
        when = (
            say_stretch(card.started_at, card.ended_at, own)
            if card.ended_at
            else f"с {start:%d.%m.%Y %H:%M}, продолжается"
        )
        lasted = (card.ended_at or card.started_at) - card.started_at
        minutes = int(lasted.total_seconds() // 60)
        rows.append(
            IncidentRow(
                card=card,
                place=school.short_name if school else WHOLE,
                when=when,
                lasted=f"{minutes // 60} ч {minutes % 60:02} мин" if card.ended_at else NOTHING,
            )
        )
    return rows


def works_rows(
    cards: Iterable[WorksCard], schools: Mapping[int, SchoolRef], zone: str
) -> list[tuple[WorksCard, str, str]]:
    """Return (works, where, when), each by the clock of its school."""
    rows = []
    for card in cards:
        school = schools.get(card.school_id or 0)
        when = say_stretch(card.starts_at, card.ends_at, school.timezone if school else zone)
        rows.append((card, school.short_name if school else WHOLE, when))
    return rows
