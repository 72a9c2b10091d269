"""Small drawings of the district's pages: SVG whose geometry is attributes, never a style.

They are made as strings: a template of its own for each of several hundred small parts would cost
more than everything else on the page. Each has a name, and its numbers stand beside it in words.
On paper and in high contrast the fills are the hatches of `parts/hatches.html`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal.district.words import say_percent
from portal.shell.speech import WEEKDAYS_SHORT, say_count, say_date
from services.monitoring.queries import DayReading, Tally

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 28, 3
MOST_LABELS = 7


def draw_marks(tally: Tally) -> SafeString:
    """Return the distribution of marks as one bar, best marks first; empty without marks."""
    if not tally.marks:
        return SafeString("")
    parts, words, before = [], [], 0
    for mark, count, share in tally.mark_shares:
        if count:
            x, width = before * 100 / tally.marks, count * 100 / tally.marks
            parts.append(_rect(f"mark-{mark}", f'x="{x:.6g}%" width="{width:.6g}%"', mark))
            words.append(f"{mark}: {say_percent(share)}")
        before += count
    return _named("bar", "", ", ".join(words), "".join(parts))


def _rect(name: str, place: str, hatch: int = 0) -> str:
    fill = f' fill="url(#hatch-{hatch})"' if hatch else ""
    size = ' height="100%"' if "height" not in place else ' width="100%"'
    return f'<rect class="{name}" {place}{size}{fill}/>'


def _named(name: str, size: str, words: str, inside: str) -> SafeString:
    said = escape(words)
    return mark_safe(  # noqa: S308 numbers of ours, and words escaped
        f'<svg class="{name}"{size} role="img" aria-label="{said}">'
        f"<title>{said}</title>{inside}</svg>"
    )


@dataclass(frozen=True, slots=True)
class DayColumn:
    """A day as a column, and the word under it where there is room."""

    drawing: SafeString
    label: str


def draw_columns(days: Sequence[DayReading]) -> tuple[DayColumn, ...]:
    """Return the days as columns of equal height: the share of lessons, not their number."""
    every = -(-len(days) // MOST_LABELS) or 1
    return tuple(
        DayColumn(_draw_column(one), _label(one.day, every) if number % every == 0 else "")
        for number, one in enumerate(days)
    )


def _label(day: date, every: int) -> str:
    """Return «пн 16», or only the number where columns are narrow."""
    return str(day.day) if every > 1 else f"{WEEKDAYS_SHORT[day.weekday()]} {day.day}"


def _draw_column(one: DayReading) -> SafeString:
    """Return a column: filled that day below, filled later above it, the rest is not filled."""
    tally = one.reading.tally
    on_time = tally.lessons_filled_same_day * 100 / tally.lessons_held
    filled = tally.lessons_filled * 100 / tally.lessons_held
    words = (
        f"{say_date(one.day)}: в день урока {say_percent(tally.filled_same_day_percent)}, "
        f"позже {say_count(tally.lessons_filled - tally.lessons_filled_same_day)}, "
        f"не записано {say_count(tally.lessons_held - tally.lessons_filled)}"
    )
    inside = (
        '<rect class="undone" width="100%" height="100%"/>'
        + _rect("late", f'y="{100 - filled:.6g}%" height="{filled - on_time:.6g}%"', 2)
        + _rect("on-time", f'y="{100 - on_time:.6g}%" height="{on_time:.6g}%"', 5)
    )
    return _named("column", "", words, inside)


def spark_floor(schools: Iterable[Sequence[DayReading]]) -> int:
    """Return where the scale of the lines begins: one for all schools, at most 90."""
    shares = [
        tally.lessons_filled_same_day * 100 // tally.lessons_held
        for days in schools
        for tally in (one.reading.tally for one in days)
    ]
    return min([90, *shares]) // 10 * 10


def draw_spark(days: Sequence[DayReading], floor: int) -> SafeString:
    """Return lessons filled on their day as a line with a dot at its end; two days at least."""
    if len(days) < 2:
        return SafeString("")
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / (len(days) - 1)
    height = (SPARK_HEIGHT - 2 * SPARK_EDGE) / (100 - floor)
    points = []
    for number, one in enumerate(days):
        tally = one.reading.tally
        share = tally.lessons_filled_same_day * 100 / tally.lessons_held
        x, y = SPARK_EDGE + step * number, SPARK_EDGE + height * (100 - share)
        points.append((f"{x:.5g}", f"{y:.5g}"))
    words = "Уроки в срок: " + ", ".join(
        f"{say_date(one.day)} {say_percent(one.reading.tally.filled_same_day_percent)}"
        for one in (days[0], days[-1])
    )
    line = " ".join(f"{x},{y}" for x, y in points)
    last_x, last_y = points[-1]
    inside = f'<polyline points="{line}"/><circle cx="{last_x}" cy="{last_y}" r="2.5"/>'
    size = f' width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}"'
    return _named("spark", size, words, inside)
