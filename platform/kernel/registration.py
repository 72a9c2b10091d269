"""Registration numbers (регистрационный номер): year and place in the register, «2026/000123».

An unbroken row: who gives a number out locks the register and asks `next_number`; a number is
never given twice and never skipped. A register begins anew each calendar year.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from kernel.errors import DomainError

WRITTEN = re.compile(r"(?P<year>\d{4})/(?P<place>\d{6,})", re.ASCII)


class RegistrationNumberIsUnreadable(DomainError):
    """What was given is not a registration number."""

    code = "registration-number-is-unreadable"
    message = "Номер пишется так: 2026/000123."


@dataclass(frozen=True, slots=True, order=True)
class RegistrationNumber:
    """The place of a document in the register of one year, from 1."""

    year: int
    place: int

    def __post_init__(self) -> None:
        if self.place < 1 or not 1000 <= self.year <= 9999:
            raise RegistrationNumberIsUnreadable(year=self.year, place=self.place)

    def __str__(self) -> str:
        return f"{self.year}/{self.place:06}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the number written in the text. Raises RegistrationNumberIsUnreadable."""
        written = WRITTEN.fullmatch(text.strip())
        if written is None:
            raise RegistrationNumberIsUnreadable
        return cls(int(written["year"]), int(written["place"]))


def next_number(year: int, last_place: int) -> RegistrationNumber:
    """Return the number after the last place taken in that year's register, 0 when it is empty."""
    return RegistrationNumber(year, last_place + 1)


def list_missing(numbers: Iterable[RegistrationNumber]) -> list[RegistrationNumber]:
    """Return the numbers an unbroken register would have and this one lacks, in order."""
    taken = set(numbers)
    last_places: dict[int, int] = {}
    for number in taken:
        last_places[number.year] = max(number.place, last_places.get(number.year, 0))
    whole = (
        RegistrationNumber(year, place)
        for year, last in sorted(last_places.items())
        for place in range(1, last + 1)
    )
    return [number for number in whole if number not in taken]
