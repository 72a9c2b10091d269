"""What happened to the regulation of a school."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """Working days are not what they were: open terms are to be counted anew.

    The committee changed a regional day, or a release brought a decree. `edition` marks the new
    calendar.
    """

    edition: str
