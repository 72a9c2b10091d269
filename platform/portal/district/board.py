"""The board of the district as rows of words: sorted, with who lags, who is missing, how fresh."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from kernel.actor import SchoolRef
from portal.district.drawings import draw_spark, spark_floor
from portal.district.figures import Cells, say_reading
from portal.district.words import say_age, say_average, say_percent
from portal.shell.navigation import Fact
from portal.shell.speech import count_things, say_count, say_date
from services.monitoring.queries import Board, Freshness, Lag, SchoolLine

# Numbers older than this are named as old: the goal is a minute, a quiet school is seen in ten.
STALE = timedelta(minutes=20)
WAITS_TOO_LONG = timedelta(minutes=2)
MOST_LAGS = 6

LAGS = {
    "filled": ("Уроки в день проведения", "journal"),
    "homework": ("Домашние задания", "homework"),
    "attendance": ("Посещаемость", "absence"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column one may sort by; `pick` gives what is compared, None goes last either way."""

    code: str
    title: str
    hint: str
    pick: Callable[[SchoolLine], Decimal | int | None]


COLUMNS = (
    Column(
        "filled",
        "Уроки в срок",
        "Доля уроков, записанных в журнал в день урока",
        lambda line: line.reading.tally.filled_same_day_percent,
    ),
    Column(
        "homework",
        "Домашние задания",
        "Доля уроков, к которым внесено задание или «не задано»",
        lambda line: line.reading.tally.homework_percent,
    ),
    Column(
        "marks",
        "Отметок",
        "Сколько текущих отметок поставлено",
        lambda line: None if line.reading.marks_hidden else line.reading.tally.marks,
    ),
    Column(
        "average",
        "Средний балл",
        "Среднее текущих отметок",
        lambda line: line.reading.tally.average,
    ),
    Column(
        "high",
        "5 и 4",
        "Доля пятёрок и четвёрок среди текущих отметок",
        lambda line: line.reading.tally.high_marks_percent,
    ),
    Column(
        "low",
        "2 и 1",
        "Доля двоек и единиц среди текущих отметок",
        lambda line: line.reading.tally.low_marks_percent,
    ),
    Column(
        "attendance",
        "Посещаемость",
        "Доля учеников на уроках, записанных в журнал",
        lambda line: line.reading.tally.attendance_percent,
    ),
)
BY_CODE = {column.code: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Heading:
    """A head of the table: a link that sorts, and how it is sorted now ("" when it is not)."""

    code: str
    title: str
    hint: str
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Row:
    """A school of the table."""

    name: str
    url: str
    cells: Cells
    spark: SafeString
    lags: frozenset[str]
    is_missing: bool
    state: str
    status: str
    age: str


@dataclass(frozen=True, slots=True)
class LagLine:
    """A school that is noticeably below the district in something."""

    school: str
    url: str
    what: str
    icon: str
    share: str
    points: str


def parse_sort(wish: str) -> tuple[str, bool]:
    """Return the column and whether the greatest stands first; anything unknown is by name."""
    code = wish.removeprefix("-")
    if code in BY_CODE:
        return code, wish.startswith("-")
    return "name", wish == "-name"


def list_rows(board: Board, sort: str, kept: Mapping[str, str]) -> list[Row]:
    """Return the schools in the wished order; those without data always stand last."""
    lags: dict[int, set[str]] = {}
    for lag in board.lags:
        lags.setdefault(lag.school_id, set()).add(lag.indicator)
    floor = spark_floor(line.days for line in board.schools)
    return [
        _row(line, frozenset(lags.get(line.school.id, ())), floor, kept)
        for line in _sort(board.schools, *parse_sort(sort))
    ]


def _sort(lines: tuple[SchoolLine, ...], code: str, is_descending: bool) -> list[SchoolLine]:
    named = sorted(lines, key=lambda line: natural(line.school.short_name), reverse=False)
    if code == "name":
        return named[::-1] if is_descending else named
    pick = BY_CODE[code].pick
    known = [line for line in named if pick(line) is not None]
    unknown = [line for line in named if pick(line) is None]
    return sorted(known, key=lambda line: pick(line) or 0, reverse=is_descending) + unknown


def natural(name: str) -> tuple[object, ...]:
    """Return the key by which «Школа № 2» stands before «Школа № 10»."""
    parts: list[object] = []
    for word in name.lower().replace("ё", "е").split():
        number = word.strip("№\u00a0")
        parts.append((0, int(number), "") if number.isdecimal() else (1, 0, word))
    return tuple(parts)


def _row(line: SchoolLine, lags: frozenset[str], floor: int, kept: Mapping[str, str]) -> Row:
    state, status = say_completeness(line)
    return Row(
        name=line.school.short_name,
        url=school_url(line.school.slug, kept),
        cells=say_reading(line.reading),
        spark=draw_spark(line.days, floor),
        lags=lags,
        is_missing=not line.has_data,
        state=state,
        status=status,
        age=say_freshness(line.freshness),
    )


def school_url(slug: str, kept: Mapping[str, str]) -> str:
    """Return the address of a school's page with the same days."""
    return f"{_school_path(slug)}?{urlencode(kept)}" if kept else _school_path(slug)


@cache
def _school_path(slug: str) -> str:
    return reverse("district:school", kwargs={"slug": slug})


def say_completeness(line: SchoolLine) -> tuple[str, str]:
    """Return the state and the words of what a school owes; a badge shows both."""
    last = line.freshness.last_lesson_day
    if not line.has_data:
        if line.missing_since:
            return "bad", f"нет данных с {_short(line.missing_since)}"
        return "bad", f"нет данных после {_short(last)}" if last else "данных ещё не было"
    if line.missing_since:
        return "bad", f"нет данных с {_short(line.missing_since)}"
    missing = len(line.completeness.missing)
    if missing:
        return "warn", f"нет данных за {count_things(missing, ('день', 'дня', 'дней'))}"
    if not line.reading.tally.lessons_held:
        return "plain", "уроков не было"
    waiting = line.freshness.waiting
    if waiting and waiting > WAITS_TOO_LONG:
        return "warn", "пересчитывается"
    if line.freshness.age and line.freshness.age > STALE:
        return "warn", "давно не обновлялось"
    return "good", "данные полны"


def say_freshness(freshness: Freshness) -> str:
    """Return «3 минуты назад», or nothing for a school never counted."""
    return say_age(freshness.age) if freshness.age is not None else ""


def _short(day: date) -> str:
    return say_date(day).split(",")[0]


def list_orders(sort: str) -> list[tuple[str, str, bool]]:
    """Return the orders of the table to choose from where its heads are not seen: on a phone."""
    code, is_descending = parse_sort(sort)
    current = f"-{code}" if is_descending else code
    orders = [("name", "По названию")]
    for column in COLUMNS:
        orders.append((column.code, f"{column.title}: сначала меньше"))
        orders.append((f"-{column.code}", f"{column.title}: сначала больше"))
    return [(value, title, value == current) for value, title in orders]


def list_headings(sort: str, kept: Mapping[str, str]) -> list[Heading]:
    """Return the heads of the columns; a second press turns the order round."""
    code, is_descending = parse_sort(sort)
    heads = [("name", "Школа", "", False)]
    # The worst first: what a chief looks for. For the share of low marks the worst is the greatest.
    heads += [(one.code, one.title, one.hint, one.code in {"low", "marks"}) for one in COLUMNS]
    headings = []
    for head, title, hint, greatest_first in heads:
        is_current = head == code
        wish = not is_descending if is_current else greatest_first
        query = urlencode({**kept, "sort": f"-{head}" if wish else head})
        order = ("descending" if is_descending else "ascending") if is_current else ""
        headings.append(Heading(head, title, hint, f"?{query}", order))
    return headings


def list_facts(board: Board) -> list[Fact]:
    """Return the numbers that answer the page's question at once."""
    tally = board.total.tally
    present = sum(line.has_data and not line.missing_since for line in board.schools)
    all_present = present == len(board.schools)
    return [
        Fact(
            f"{present} из {len(board.schools)}",
            "школ с полными данными" if all_present else "школ с данными по последний день",
            "" if all_present else "bad",
        ),
        Fact(say_percent(tally.filled_same_day_percent), "уроков записано в день урока"),
        Fact(say_percent(tally.homework_percent), "уроков с домашним заданием"),
        Fact(say_count(tally.marks), "текущих отметок"),
        Fact(say_average(tally.average), "средний балл"),
        Fact(say_percent(tally.attendance_percent), "посещаемость"),
    ]


def list_lags(board: Board, kept: Mapping[str, str]) -> list[LagLine]:
    """Return who lags and in what, the widest distance first."""
    names = {line.school.id: line.school for line in board.schools}
    return [_lag(lag, names[lag.school_id], kept) for lag in board.lags[:MOST_LAGS]]


def _lag(lag: Lag, school: SchoolRef, kept: Mapping[str, str]) -> LagLine:
    what, icon = LAGS[lag.indicator]
    points = say_percent(lag.points).removesuffix("\u00a0%")
    return LagLine(
        school=school.short_name,
        url=school_url(school.slug, kept),
        what=what,
        icon=icon,
        share=say_percent(lag.share),
        points=points,
    )


def list_missing(board: Board, kept: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (school, address, words) of the schools that owe the last days."""
    return [
        (line.school.short_name, school_url(line.school.slug, kept), say_completeness(line)[1])
        for line in board.schools
        if line.missing_since or not line.has_data
    ]
