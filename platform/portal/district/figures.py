"""The numbers of a row in words, ready for a template."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.district.drawings import draw_marks
from portal.district.words import NOTHING, say_average, say_percent
from portal.shell.speech import say_count
from services.monitoring.queries import Hiding, Reading, Tally


@dataclass(frozen=True, slots=True)
class Cells:
    """Numbers in words; what is hidden is empty, and `…_hidden` says why it is not shown."""

    pupils: str
    filled: str
    homework: str
    marks: str
    bar: SafeString
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
        bar=draw_marks(tally),
        average=say_average(tally.average),
        high=say_percent(tally.high_marks_percent),
        low=say_percent(tally.low_marks_percent),
        attendance=say_percent(tally.attendance_percent),
        without_reason=say_percent(tally.without_reason_percent),
        marks_hidden=reading.marks_hidden,
        attendance_hidden=reading.attendance_hidden,
    )


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A mark of the scale: how many there are and what share."""

    mark: int
    count: str
    share: str


def list_marks(tally: Tally) -> list[MarkLine]:
    """Return the distribution of marks in words, best first."""
    return [
        MarkLine(mark, say_count(count), say_percent(share))
        for mark, count, share in tally.mark_shares
    ]
