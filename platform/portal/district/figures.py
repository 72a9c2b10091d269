"""How the district's numbers are said and drawn: words, and geometry for small drawings.

A drawing is attributes of SVG elements, never a style; beside each stands the number in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from portal.shell.speech import NBSP, WEEKDAYS_SHORT, count_things, say_date
from services.monitoring.queries import DayReading, Hiding, Reading, Tally

NOTHING = "—"
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 28, 3
COLUMN_HEIGHT = 100
MOST_LABELS = 7


def say_percent(share: Decimal | None) -> str:
    """Return «94,2 %», or a dash when there is nothing to share."""
    if share is None:
        return NOTHING
    rounded = share.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded}{NBSP}%".replace(".", ",")


def say_average(average: Decimal | None) -> str:
    """Return «4,12», or a dash without marks."""
    return NOTHING if average is None else str(average).replace(".", ",")


def say_count(number: int) -> str:
    """Return «12 340»; a thin space parts the thousands."""
    return f"{number:,}".replace(",", "\u202f")


def say_age(age: timedelta) -> str:
    """Return «только что», «12 минут назад», «3 часа назад», «2 дня назад»."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "только что"
    if minutes < 60:
        return f"{count_things(minutes, ('минуту', 'минуты', 'минут'))} назад"
    if minutes < 24 * 60:
        return f"{count_things(minutes // 60, ('час', 'часа', 'часов'))} назад"
    return f"{count_things(minutes // (24 * 60), ('день', 'дня', 'дней'))} назад"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar: one mark, where it begins and how wide it is, in percent of the bar."""

    mark: int
    count: str
    share: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class MarkBar:
    """The distribution of marks as one bar, best marks first, and as words."""

    segments: tuple[Segment, ...]
    words: str


def draw_marks(tally: Tally) -> MarkBar:
    """Return the bar of the marks; without marks it is empty."""
    segments = []
    before = 0
    for mark, count in tally.marks_by_value:
        share = Decimal(count * 100) / tally.marks if tally.marks else Decimal(0)
        segments.append(
            Segment(
                mark,
                say_count(count),
                say_percent(share) if tally.marks else NOTHING,
                _number(Decimal(before * 100) / tally.marks if tally.marks else Decimal(0)),
                _number(share),
            )
        )
        before += count
    words = ", ".join(f"{one.mark}: {one.share}" for one in segments if one.width != "0")
    return MarkBar(tuple(segments), words or "отметок нет")


@dataclass(frozen=True, slots=True)
class Column:
    """A day as a column: filled that day, filled later, not filled, from the bottom up."""

    day: date
    label: str
    on_time: str
    late: str
    late_y: str
    on_time_y: str
    words: str


def draw_columns(days: Sequence[DayReading]) -> tuple[Column, ...]:
    """Return the days as columns of equal height: the share of lessons, not their number."""
    every = -(-len(days) // MOST_LABELS) or 1
    return tuple(
        _draw_column(one, _label(one.day, every) if number % every == 0 else "")
        for number, one in enumerate(days)
    )


def _label(day: date, every: int) -> str:
    """Return «пн 16», or only the number where columns are narrow."""
    return str(day.day) if every > 1 else f"{WEEKDAYS_SHORT[day.weekday()]} {day.day}"


def _draw_column(one: DayReading, label: str) -> Column:
    tally = one.reading.tally
    on_time = Decimal(tally.lessons_filled_same_day * COLUMN_HEIGHT) / tally.lessons_held
    filled = Decimal(tally.lessons_filled * COLUMN_HEIGHT) / tally.lessons_held
    empty = tally.lessons_held - tally.lessons_filled
    late = tally.lessons_filled - tally.lessons_filled_same_day
    words = (
        f"{say_date(one.day)}: в день урока {say_percent(tally.filled_same_day_percent)}, "
        f"позже {say_count(late)}, не заполнено {say_count(empty)}"
    )
    return Column(
        day=one.day,
        label=label,
        on_time=_number(on_time),
        late=_number(filled - on_time),
        late_y=_number(COLUMN_HEIGHT - filled),
        on_time_y=_number(COLUMN_HEIGHT - on_time),
        words=words,
    )


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line of a share over days, with a dot at its last point."""

    points: str
    last_x: str
    last_y: str
    words: str


def spark_floor(schools: Iterable[Sequence[DayReading]]) -> int:
    """Return where the scale of the lines begins: one for all schools, at most 90."""
    shares = [
        tally.lessons_filled_same_day * 100 // tally.lessons_held
        for days in schools
        for tally in (one.reading.tally for one in days)
    ]
    return min([90, *shares]) // 10 * 10


def draw_spark(days: Sequence[DayReading], floor: int) -> Spark | None:
    """Return the line of lessons filled on their day; None for fewer than two days."""
    shares = [
        (one.day, percent)
        for one in days
        if (percent := one.reading.tally.filled_same_day_percent) is not None
    ]
    if len(shares) < 2:
        return None
    step = Decimal(SPARK_WIDTH - 2 * SPARK_EDGE) / (len(shares) - 1)
    height = SPARK_HEIGHT - 2 * SPARK_EDGE
    points = [
        (
            _number(SPARK_EDGE + step * number),
            _number(SPARK_EDGE + height * (100 - share) / (100 - floor)),
        )
        for number, (_, share) in enumerate(shares)
    ]
    first, last = shares[0], shares[-1]
    return Spark(
        points=" ".join(f"{x},{y}" for x, y in points),
        last_x=points[-1][0],
        last_y=points[-1][1],
        words=f"{say_date(first[0])}: {say_percent(first[1])}, "
        f"{say_date(last[0])}: {say_percent(last[1])}",
    )


def _number(value: Decimal) -> str:
    """Return a coordinate: two places at most, no zeros behind, a point as SVG wants it."""
    return f"{value.quantize(Decimal('0.01')).normalize():f}"


@dataclass(frozen=True, slots=True)
class Cells:
    """The numbers of a row in words; what is hidden is empty, and `…_hidden` says why not shown."""

    pupils: str
    filled: str
    homework: str
    marks: str
    bar: MarkBar | None
    average: str
    high: str
    low: str
    attendance: str
    without_reason: str
    marks_hidden: Hiding
    attendance_hidden: Hiding


def say_reading(reading: Reading) -> Cells:
    """Return a row's numbers in words."""
    tally = reading.tally
    return Cells(
        pupils=say_count(tally.pupils) if tally.pupils else NOTHING,
        filled=say_percent(tally.filled_same_day_percent),
        homework=say_percent(tally.homework_percent),
        marks=say_count(tally.marks),
        bar=draw_marks(tally) if tally.marks else None,
        average=say_average(tally.average),
        high=say_percent(tally.high_marks_percent),
        low=say_percent(tally.low_marks_percent),
        attendance=say_percent(tally.attendance_percent),
        without_reason=say_percent(tally.without_reason_percent),
        marks_hidden=reading.marks_hidden,
        attendance_hidden=reading.attendance_hidden,
    )
