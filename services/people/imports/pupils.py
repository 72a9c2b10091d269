"""Reading a list of pupils with their guardians into plain rows and remarks."""

from dataclasses import dataclass, field
from datetime import date

from foundation.spreadsheets import Problem, Row, Severity, Table, resolve_merges
from services.people.imports.columns import (
    Header,
    find_pupils_header,
    has_name,
    missing_columns,
    name_field,
    no_header,
    no_rows,
    of_used_columns,
)
from services.people.imports.fields import Field
from services.people.imports.guardians import read_guardians
from services.people.imports.people import GuardianRow, PupilRow
from services.people.imports.rows import (
    RowReader,
    age_on,
    is_footer,
    is_header_again,
    name_key,
    years,
)
from services.people.imports.values import (
    ClassName,
    Read,
    ValueIsWrong,
    read_class,
    read_letter,
    read_level,
    text_of,
)

POSSIBLE_AGES = (2, 30)
LEVEL_TO_AGE = 6  # a first-former is six to eight; three years beside the class deserve a word
AGE_TOLERANCE = 3


@dataclass(slots=True)
class PupilsList:
    """What a list of pupils says."""

    header_row: int | None = None
    pupils: list[PupilRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_pupils(table: Table, *, today: date, ages: tuple[int, int]) -> PupilsList:
    """Return the pupils of a table and the remarks; `ages` are the usual ones of a school."""
    header = find_pupils_header(table)
    if header is None:
        return PupilsList(problems=[no_header(table, Field.CLASS)])
    absent = _absent_columns(table, header)
    if absent:
        return PupilsList(header.row, problems=[*header.problems, *absent])
    whole = resolve_merges(table, header.row)
    reading = _Reading(header, today, ages)
    for row in whole.rows:
        if row.number > header.row:
            reading.read(row)
    problems = [*header.problems, *of_used_columns(whole, header), *reading.problems]
    if not reading.pupils and not any(one.severity == Severity.ERROR for one in problems):
        problems.append(no_rows(header))
    return PupilsList(header.row, reading.pupils, problems)


@dataclass(slots=True)
class _Reading:
    """The state while rows go by: the class of the section, the pupil of the row above."""

    header: Header
    today: date
    ages: tuple[int, int]
    pupils: list[PupilRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    section: ClassName | None = None
    above: PupilRow | None = None
    seen_pupil: bool = False
    known: dict[tuple[str, date], PupilRow] = field(default_factory=dict)

    def read(self, row: Row) -> None:
        """Take one row: a section, a repeated header, a footer, a guardian more, or a pupil."""
        reader = RowReader(row, self.header, self.header.person)
        section = _section(row)
        if section is not None:
            self.section = section
        elif is_header_again(row, self.header) or is_footer(reader):
            pass
        elif not reader.has_name() and not reader.has(Field.BIRTH_DATE):
            self._read_guardians_only(reader)
        else:
            self._read_pupil(reader)
        self.problems += reader.problems

    def _read_guardians_only(self, reader: RowReader) -> None:
        """Give guardians of a row without a pupil to the pupil above."""
        guardians = list(read_guardians(reader, self.today))
        if not guardians:
            reader.remark(
                Severity.ERROR,
                "pupil-is-missing",
                name_field(reader.columns),
                "В строке нет ни фамилии, ни даты рождения ребёнка.",
                "Допишите или удалите строку.",
            )
            return
        if not self.seen_pupil:
            reader.problems.append(_ownerless(guardians[0]))
        if self.above is None:
            return  # the row above was refused, and so is the list
        reader.remark(
            Severity.HEALED,
            "guardian-of-row-above",
            None,
            f"Строка без ребёнка отнесена к строке {self.above.row}.",
        )
        self._add_guardians(reader, self.above, guardians)

    def _read_pupil(self, reader: RowReader) -> None:
        self.seen_pupil, self.above = True, None
        name = reader.take_name()
        birth_date = self._birth_date(reader)
        sex = reader.take_sex(name)
        school_class = self._class(reader)
        guardians = list(read_guardians(reader, self.today))
        if name is None or birth_date is None or school_class is None:
            return
        pupil = PupilRow(reader.row.number, name, birth_date, sex, school_class)
        key = (name_key(name), birth_date)
        self.above = self.known.setdefault(key, pupil)
        if self.above is not pupil:
            self._meet_again(reader, self.above, pupil, guardians)
            return
        self._check_age(reader, pupil)
        self.pupils.append(pupil)
        self._add_guardians(reader, pupil, guardians)

    def _birth_date(self, reader: RowReader) -> date | None:
        if not reader.has(Field.BIRTH_DATE):
            reader.remark(
                Severity.ERROR,
                "birth-date-is-missing",
                Field.BIRTH_DATE,
                "Нет даты рождения.",
                "Впишите дату рождения: по ней отличают однофамильцев.",
            )
            return None
        return reader.take_birth_date(self.today, POSSIBLE_AGES)

    def _check_age(self, reader: RowReader, pupil: PupilRow) -> None:
        age = age_on(pupil.birth_date, self.today)
        expected = pupil.school_class.level + LEVEL_TO_AGE
        if not self.ages[0] <= age <= self.ages[1]:
            reason = f"Возраст {years(age)} необычен для школы."
        elif abs(age - expected) > AGE_TOLERANCE:
            reason = f"Возраст {years(age)} необычен для класса {pupil.school_class}."
        else:
            return
        reader.remark(
            Severity.WARNING, "age-is-unusual", Field.BIRTH_DATE, reason, "Проверьте год рождения."
        )

    def _class(self, reader: RowReader) -> ClassName | None:
        if reader.has(Field.CLASS) and not reader.has(Field.LEVEL):
            return self._class_with_letter(reader)
        if reader.has(Field.LEVEL):
            level = reader.take(Field.LEVEL, lambda cell: Read(read_level(cell)))
            letter = reader.take(Field.LETTER, read_letter)
            return None if level is None or letter is None else ClassName(level, letter)
        if self.section is not None:
            return self.section
        at = Field.CLASS if Field.CLASS in reader.columns else Field.LEVEL
        reader.remark(
            Severity.ERROR, "class-is-missing", at, "Не указан класс.", "Запишите класс так: 7А."
        )
        return None

    def _class_with_letter(self, reader: RowReader) -> ClassName | None:
        """Return the class of a column «Класс», its letter perhaps in a column of its own."""
        name = reader.take(Field.CLASS, read_class)
        if name is None or name.letter or not reader.has(Field.LETTER):
            return name
        letter = reader.take(Field.LETTER, read_letter)
        return None if letter is None else ClassName(name.level, letter)

    def _meet_again(
        self, reader: RowReader, first: PupilRow, again: PupilRow, guardians: list[GuardianRow]
    ) -> None:
        """Take a second row of a pupil when it adds a guardian; otherwise it is a double."""
        there = {name_key(one.name) for one in first.guardians}
        is_addition = guardians and not any(name_key(one.name) in there for one in guardians)
        if again.school_class != first.school_class or not is_addition:
            reader.remark(
                Severity.ERROR,
                "pupil-is-repeated",
                name_field(reader.columns),
                f"Этот ребёнок уже есть в строке {first.row}.",
                "Оставьте одну строку.",
            )
            return
        self._add_guardians(reader, first, guardians)

    def _add_guardians(
        self, reader: RowReader, pupil: PupilRow, guardians: list[GuardianRow]
    ) -> None:
        for guardian in guardians:
            if any(name_key(one.name) == name_key(guardian.name) for one in pupil.guardians):
                reader.problems.append(_twice(reader, guardian))
            else:
                pupil.guardians.append(guardian)


def _ownerless(guardian: GuardianRow) -> Problem:
    return Problem(
        Severity.ERROR,
        "child-is-missing",
        guardian.row,
        guardian.column,
        str(guardian.name),
        "Над этой строкой нет ребёнка.",
        "Впишите ребёнка в эту строку или удалите её.",
    )


def _twice(reader: RowReader, guardian: GuardianRow) -> Problem:
    return Problem(
        Severity.ERROR,
        "guardian-is-repeated",
        reader.row.number,
        guardian.column,
        str(guardian.name),
        "Один и тот же взрослый указан у ребёнка дважды.",
        "Оставьте его один раз.",
    )


def _absent_columns(table: Table, header: Header) -> list[Problem]:
    wanted = [] if has_name(header.person) else [Field.FULL_NAME]
    if not header.person.keys() & {Field.CLASS, Field.LEVEL} and not any(
        _section(row) for row in table.rows if row.number > header.row
    ):
        wanted.append(Field.CLASS)
    return missing_columns(header, [*wanted, Field.BIRTH_DATE])


def _section(row: Row) -> ClassName | None:
    """Return the class of a row in which «7А класс» stands alone, or None."""
    cells = [cell for cell in row.cells if text_of(cell)]
    if len(cells) != 1 or not isinstance(cells[0], str):
        return None
    try:
        return read_class(cells[0].replace("Класс:", "")).value
    except ValueIsWrong:
        return None
