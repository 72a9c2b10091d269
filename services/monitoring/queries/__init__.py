"""Reading the district's numbers. What must stay hidden never leaves this room.

Everything here reads the public schema; no school is opened.
"""

from services.monitoring.queries.board import Board, SchoolLine, get_board
from services.monitoring.queries.breakdown import (
    Breakdown,
    BreakdownLine,
    get_breakdown,
)
from services.monitoring.queries.freshness import Freshness, find_quarter, get_first_day
from services.monitoring.queries.reading import DayReading, smallest_cell
from services.monitoring.queries.waiting import DirtyNote, list_due_days, list_quiet_schools
from services.monitoring.rules.attention import Lag
from services.monitoring.rules.reading import Hiding, Reading
from services.monitoring.rules.tally import Tally

__all__ = [
    "Board",
    "Breakdown",
    "BreakdownLine",
    "DayReading",
    "DirtyNote",
    "Freshness",
    "Hiding",
    "Lag",
    "Reading",
    "SchoolLine",
    "Tally",
    "find_quarter",
    "get_board",
    "get_breakdown",
    "get_first_day",
    "list_due_days",
    "list_quiet_schools",
    "smallest_cell",
]
