"""A reading: a tally as it may be shown, with what is hidden taken out of it."""

from dataclasses import dataclass, replace
from typing import Self

from services.monitoring.rules.tally import Tally


@dataclass(frozen=True, slots=True)
class Reading:
    """Numbers of a row. What is hidden is not in `tally` any more: a template cannot show it."""

    tally: Tally
    marks_hidden: bool = False
    attendance_hidden: bool = False

    @classmethod
    def of(cls, tally: Tally, *, hide_marks: bool = False, hide_attendance: bool = False) -> Self:
        """Return the reading of a tally; lessons and homework are teachers' work, never hidden."""
        if hide_marks:
            tally = replace(tally, marks_5=0, marks_4=0, marks_3=0, marks_2=0, marks_1=0)
        if hide_attendance:
            tally = replace(
                tally, pupils=0, attendance_expected=0, absent=0, absent_without_reason=0
            )
        return cls(tally, hide_marks, hide_attendance)

    @property
    def is_partly_hidden(self) -> bool:
        """Return whether a note must explain what is not shown."""
        return self.marks_hidden or self.attendance_hidden
