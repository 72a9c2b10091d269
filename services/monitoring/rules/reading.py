"""A reading: a tally as it may be shown, with what is hidden taken out of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from services.monitoring.rules.tally import Tally


class Hiding(StrEnum):
    """Why numbers are not shown: too few pupils, or they would give such a number away."""

    NONE = ""
    FEW = "few"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Reading:
    """Numbers of a row. What is hidden is not in `tally` any more: a template cannot show it."""

    tally: Tally
    marks_hidden: Hiding = Hiding.NONE
    attendance_hidden: Hiding = Hiding.NONE

    @classmethod
    def of(
        cls, tally: Tally, *, marks: Hiding = Hiding.NONE, attendance: Hiding = Hiding.NONE
    ) -> Self:
        """Return the reading of a tally; lessons and homework are teachers' work, never hidden."""
        if marks:
            tally = replace(tally, marks_5=0, marks_4=0, marks_3=0, marks_2=0, marks_1=0)
        if attendance:
            tally = replace(
                tally, pupils=0, attendance_expected=0, absent=0, absent_without_reason=0
            )
        return cls(tally, marks, attendance)

    @property
    def is_partly_hidden(self) -> bool:
        """Return whether a note must explain what is not shown."""
        return bool(self.marks_hidden or self.attendance_hidden)
