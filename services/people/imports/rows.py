"""Reading one row of a list: every value through its reader, every trouble into the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from foundation.spreadsheets import Cell, Problem, Row, Severity, column_letter
from kernel.names import FullName, matching_key
from services.people.imports.columns import Header
from services.people.imports.days import read_date
from services.people.imports.fields import Field
from services.people.imports.values import (
    Read,
    ValueIsWrong,
    read_name,
    read_sex,
    sex_of,
    show,
    text_of,
)

T = TypeVar("T")

FOOTERS = ("итого", "всего", "директор", "исполнитель", "составил", "дата составления")
NAME_PARTS = (Field.LAST_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME)


@dataclass(slots=True)
class RowReader:
    """A row with the columns of one person in it; remarks gather in `problems`."""

    row: Row
    header: Header
    columns: Mapping[Field, int]
    problems: list[Problem] = field(default_factory=list)

    def cell(self, one: Field) -> Cell:
        """Return the raw value of a field, or None without such a column."""
        column = self.columns.get(one)
        return self.row.cell(column) if column else None

    def has(self, one: Field) -> bool:
        """Return whether the cell of a field holds something."""
        return text_of(self.cell(one)) != ""

    def take(
        self,
        one: Field,
        read: Callable[[Cell], Read[T]],
        severity: Severity = Severity.ERROR,
        *,
        shown: str | None = None,
    ) -> T | None:
        """Return the value of a field; None and a remark when it cannot be read."""
        cell = self.cell(one)
        try:
            result = read(cell)
        except ValueIsWrong as error:
            self.remark(severity, error.problem, one, error.message, error.cure, shown)
            return None
        if result.healed:
            self.remark(Severity.HEALED, f"{one}-healed", one, result.healed, "", shown)
        return result.value

    def remark(
        self,
        severity: Severity,
        code: str,
        one: Field | None,
        reason: str,
        cure: str = "",
        shown: str | None = None,
    ) -> None:
        """Add a remark on a field of this row."""
        column = self.columns.get(one, 0) if one else 0
        self.problems.append(
            Problem(
                severity,
                code,
                self.row.number,
                column_letter(column),
                show(self.row.cell(column)) if shown is None else shown,
                reason,
                cure,
                self.header.heading(column),
            )
        )

    # --- What all people have --------------------------------------------------------------

    def has_name(self) -> bool:
        """Return whether any part of a name stands in the row."""
        return any(self.has(one) for one in (Field.FULL_NAME, *NAME_PARTS))

    def take_name(self) -> FullName | None:
        """Return the name from one column or three; None and a remark when it is unreadable."""
        if Field.FULL_NAME in self.columns:
            at = Field.FULL_NAME
            return self.take(at, lambda cell: read_name(_name_text(cell)))
        at = next((one for one in NAME_PARTS[:2] if not self.has(one)), Field.LAST_NAME)
        if not (self.has(Field.LAST_NAME) and self.has(Field.FIRST_NAME)):
            missing = "фамилии" if at == Field.LAST_NAME else "имени"
            self.remark(Severity.ERROR, "name-is-missing", at, f"Нет {missing}.", "Впишите.")
            return None
        text = " ".join(_name_text(self.cell(one)) for one in NAME_PARTS if self.has(one))
        return self.take(at, lambda _: read_name(text))

    def take_birth_date(self, today: date, ages: tuple[int, int]) -> date | None:
        """Return the birth date; None if there is none, None and a remark if no such age can be."""
        if not self.has(Field.BIRTH_DATE):
            return None
        day = self.take(Field.BIRTH_DATE, lambda cell: read_date(cell, today))
        if day is None:
            return None
        age = age_on(day, today)
        if not ages[0] <= age <= ages[1]:
            self.remark(
                Severity.ERROR,
                "age-is-impossible",
                Field.BIRTH_DATE,
                f"По этой дате человеку {years(age)}: так не бывает.",
                "Проверьте год рождения.",
            )
            return None
        return day

    def take_sex(self, name: FullName | None, default: str = "") -> str:
        """Return the sex as it stands, else as the middle name tells it."""
        told = sex_of(name) if name else ""
        stated = self.take(Field.SEX, lambda cell: Read(read_sex(cell))) or ""
        if stated and told and stated != told:
            self.remark(
                Severity.WARNING,
                "sex-contradicts-name",
                Field.SEX,
                "Пол не согласуется с отчеством.",
                "Проверьте пол и отчество.",
            )
        return stated or told or default


def is_header_again(row: Row, header: Header) -> bool:
    """Return whether a row repeats the header, as the pages of a printed list do."""
    return all(
        str(row.cell(column) or "").split() == header.heading(column).split()
        for column in header.used
    )


def is_footer(reader: RowReader) -> bool:
    """Return whether a row is a total or a signature under the list; leave a word about it."""
    first = next((text_of(cell) for cell in reader.row.cells if text_of(cell)), "")
    if not first.lower().startswith(FOOTERS) or reader.has(Field.BIRTH_DATE):
        return False
    reader.remark(
        Severity.WARNING,
        "row-is-skipped",
        None,
        "Строка не похожа на запись, пропущена.",
        shown=show(first),
    )
    return True


def age_on(birth_date: date, day: date) -> int:
    """Return the full years of a person on a day."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def years(count: int) -> str:
    """Return «21 год», «3 года», «12 лет»."""
    last, last_two = abs(count) % 10, abs(count) % 100
    if last == 1 and last_two != 11:
        return f"{count} год"
    if 2 <= last <= 4 and not 12 <= last_two <= 14:
        return f"{count} года"
    return f"{count} лет"


def name_key(name: FullName) -> str:
    """Return the key by which two spellings of a name are one person's."""
    return matching_key(name)


def _name_text(cell: Cell) -> str:
    text = text_of(cell)
    # «Иванова Анна -»: a dash in place of the middle name
    return text.removesuffix(" -").removesuffix(" —").strip()
