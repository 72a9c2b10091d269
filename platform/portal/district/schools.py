"""One school's page as rows of words: by grade, by subject, by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from portal.district.figures import Cells, say_reading
from portal.shell.navigation import Fact
from portal.shell.speech import say_count, say_date
from services.monitoring.queries import Breakdown, BreakdownLine, DayReading, Hiding


@dataclass(frozen=True, slots=True)
class LineRow:
    """A grade or a subject of the school, with the page that takes it further apart."""

    title: str
    url: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day in words."""

    title: str
    lessons: str
    cells: Cells


def line_rows(
    lines: Sequence[BreakdownLine], *, name: str, path: str, kept: Mapping[str, str]
) -> list[LineRow]:
    """Return the rows of a table; `name` is what the address calls the choice, "" for no link."""
    return [
        LineRow(
            title=line.title,
            url=f"{path}?{urlencode({name: line.key, **kept})}" if name else "",
            cells=say_reading(line.reading),
        )
        for line in lines
    ]


def day_rows(days: Sequence[DayReading]) -> list[DayRow]:
    """Return the days in words, the newest first."""
    return [
        DayRow(
            say_date(one.day), say_count(one.reading.tally.lessons_held), say_reading(one.reading)
        )
        for one in reversed(days)
    ]


def list_school_facts(breakdown: Breakdown) -> list[Fact]:
    """Return the numbers above the tables; what is hidden says why."""
    reading = breakdown.total
    cells = say_reading(reading)
    marks_hidden = _say_hidden(reading.marks_hidden, breakdown.smallest_cell)
    hidden = _say_hidden(reading.attendance_hidden, breakdown.smallest_cell)
    return [
        Fact(hidden or cells.pupils, "учеников"),
        Fact(cells.filled, "уроков записано в день урока"),
        Fact(cells.homework, "уроков с домашним заданием"),
        Fact(marks_hidden or cells.marks, "текущих отметок"),
        Fact(marks_hidden or cells.average, "средний балл"),
        Fact(hidden or cells.attendance, "посещаемость"),
    ]


def _say_hidden(hiding: Hiding, threshold: int) -> str:
    if hiding is Hiding.FEW:
        return f"менее {threshold}"
    return "скрыто" if hiding else ""
