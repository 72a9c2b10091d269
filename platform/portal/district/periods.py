"""Which days a page is about: chosen in the address, so that a link means the same to another.

`?period=today|yesterday|week|term`, where the term is the quarter the schools keep, or
`?since=2026-11-01&last=2026-11-20`; without any of them the board itself takes the week of the
last lessons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.dateparse import parse_date

from kernel.day_words import MONTHS
from kernel.periods import ONE_DAY, Period
from kernel.recommended_terms import days_of, recommended_term
from kernel.school_year import week_of
from portal.shell.speech import NBSP, say_date

LONGEST_DAYS = 366
FIRST_YEAR, LAST_YEAR = 2000, 2100
TITLES = {"today": "Сегодня", "yesterday": "Вчера", "week": "Неделя", "term": "Четверть"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for; `period` is None when it asks for nothing."""

    code: str = ""
    period: Period | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PeriodLink:
    """A period to choose."""

    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class PeriodBar:
    """The chooser as a page shows it: ready periods, a step back and forth, two dates."""

    title: str
    links: tuple[PeriodLink, ...]
    earlier_url: str
    later_url: str
    first: date
    last: date
    trouble: str
    kept: tuple[tuple[str, str], ...]  # what else stands in the address


def choose_period(query: Mapping[str, str], today: date, quarter: Period | None = None) -> Choice:
    """Return what the address asks for; nonsense is answered with a sentence, not with an error.

    `quarter` is the schools' own; while it is unknown the recommended one stands for it.
    """
    if query.get("since") or query.get("last"):
        return _between(query.get("since", ""), query.get("last", ""))
    code = query.get("period", "")
    period = named_period(code, today, quarter)
    return Choice(code, period) if period else Choice()


def named_period(code: str, today: date, quarter: Period | None = None) -> Period | None:
    """Return the days of a named period, or None for an unknown name."""
    if code == "today":
        return Period(today, today + ONE_DAY)
    if code == "yesterday":
        return Period(today - ONE_DAY, today)
    if code == "week":
        return week_of(today)
    if code != "term":
        return None
    term = recommended_term(today)
    return quarter or (days_of(term) if term else None)


def _between(since: str, last: str) -> Choice:
    try:
        first_day = parse_date(since)
        last_day = parse_date(last)
    except ValueError:  # 31 November
        first_day = last_day = None
    if first_day is None or last_day is None:
        return Choice(trouble="Укажите обе даты: с какого дня и по какой.")
    if first_day.year < FIRST_YEAR or last_day.year > LAST_YEAR:
        return Choice(trouble="Эти дни слишком далеко.")
    if last_day < first_day:
        return Choice(trouble="Первый день позже последнего. Поменяйте их местами.")
    if (last_day - first_day).days >= LONGEST_DAYS:
        return Choice(trouble="Выберите не больше года.")
    return Choice("custom", Period.of_days(first_day, last_day))


def build_bar(
    choice: Choice,
    shown: Period,
    today: date,
    kept: Mapping[str, str],
    path: str,
    quarter: Period | None = None,
) -> PeriodBar:
    """Return the chooser for the days that are shown; `kept` is the rest of the address."""
    current = choice.code or ("week" if shown == week_of(today) else "")
    links = tuple(
        PeriodLink(title, f"{path}?{urlencode({**kept, 'period': code})}", code == current)
        for code, title in TITLES.items()
        if named_period(code, today, quarter)
    )
    earlier, later = _step(shown, -1), _step(shown, 1)
    return PeriodBar(
        title=say_period(shown),
        links=links,
        earlier_url=f"{path}?{period_query(earlier, kept)}",
        later_url=f"{path}?{period_query(later, kept)}" if later.since <= today else "",
        first=shown.since,
        last=shown.last_day or shown.since,
        trouble=choice.trouble,
        kept=tuple(kept.items()),
    )


def period_query(period: Period, kept: Mapping[str, str]) -> str:
    """Return the address's query for exactly these days."""
    last = period.last_day or period.since
    return urlencode({**kept, "since": period.since.isoformat(), "last": last.isoformat()})


def query_of(choice: Choice) -> dict[str, str]:
    """Return the part of the query that keeps the choice on the next page."""
    if choice.code == "custom" and choice.period:
        last = choice.period.last_day or choice.period.since
        return {"since": choice.period.since.isoformat(), "last": last.isoformat()}
    return {"period": choice.code} if choice.code else {}


def _step(period: Period, direction: int) -> Period:
    assert period.until is not None
    length: timedelta = period.until - period.since
    return Period(period.since + direction * length, period.until + direction * length)


def say_period(period: Period) -> str:
    """Return «16–22 ноября», «28 октября – 3 ноября», «20 ноября, пт»; the year when not one."""
    first, last = period.since, period.last_day or period.since
    if first == last:
        return say_date(first)
    if first.year != last.year:
        return f"{_day(first)} {first.year} – {_day(last)} {last.year}"
    if first.month == last.month:
        return f"{first.day}–{_day(last)}"
    return f"{_day(first)} – {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}"
