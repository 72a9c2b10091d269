"""Reading a list of employees into plain rows and remarks."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from foundation.spreadsheets import Cell, Problem, Severity, Table, resolve_merges
from services.people.imports.columns import (
    find_employees_header,
    has_name,
    missing_columns,
    name_field,
    no_header,
    no_rows,
    of_used_columns,
)
from services.people.imports.fields import Field
from services.people.imports.people import EmployeeRow
from services.people.imports.rows import RowReader, is_footer, is_header_again, name_key
from services.people.imports.values import Read, ValueIsWrong, text_of

EMPLOYEE_AGES = (14, 100)
LENGTHS = {
    Field.POST: 120,
    Field.GRADE_RANK: 30,
    Field.CATEGORY: 60,
    Field.FUNCTIONS: 300,
    Field.SPECIALITY: 200,
}


@dataclass(slots=True)
class EmployeesList:
    """What a list of employees says."""

    header_row: int | None = None
    employees: list[EmployeeRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_employees(table: Table, *, today: date) -> EmployeesList:
    """Return the employees of a table and the remarks."""
    header = find_employees_header(table)
    if header is None:
        return EmployeesList(problems=[no_header(table, Field.POST)])
    wanted = [] if has_name(header.person) else [Field.FULL_NAME]
    absent = missing_columns(header, [*wanted, Field.POST])
    if absent:
        return EmployeesList(header.row, problems=[*header.problems, *absent])
    whole = resolve_merges(table, header.row)
    result = EmployeesList(header.row, problems=[*header.problems])
    result.problems += of_used_columns(whole, header)
    readers: dict[int, RowReader] = {}
    for row in whole.rows:
        if row.number > header.row and not is_header_again(row, header):
            readers[row.number] = RowReader(row, header, header.person)
            _read(readers[row.number], result, today)
    _find_doubles(result, readers)
    for reader in readers.values():
        result.problems += reader.problems
    if not result.employees and not any(p.severity == Severity.ERROR for p in result.problems):
        result.problems.append(no_rows(header))
    return result


def _read(reader: RowReader, result: EmployeesList, today: date) -> None:
    if is_footer(reader):
        return
    if not reader.has_name():
        reader.remark(
            Severity.ERROR,
            "name-is-missing",
            name_field(reader.columns),
            "Нет фамилии, имени и отчества.",
            "Допишите или удалите строку.",
        )
        return
    name = reader.take_name()
    sex = reader.take_sex(name)
    birth_date = reader.take_birth_date(today, EMPLOYEE_AGES)
    texts = {one: reader.take(one, partial(_text, one)) for one in LENGTHS}
    if not reader.has(Field.POST):
        reader.remark(
            Severity.ERROR,
            "post-is-missing",
            Field.POST,
            "Не указана должность.",
            "Впишите основную должность.",
        )
        return
    if (
        name is None
        or None in texts.values()
        or (birth_date is None and reader.has(Field.BIRTH_DATE))
    ):
        return
    result.employees.append(
        EmployeeRow(
            row=reader.row.number,
            name=name,
            sex=sex,
            birth_date=birth_date,
            post=texts[Field.POST] or "",
            grade_rank=texts[Field.GRADE_RANK] or "",
            category=texts[Field.CATEGORY] or "",
            functions=texts[Field.FUNCTIONS] or "",
            speciality=texts[Field.SPECIALITY] or "",
        )
    )


def _text(one: Field, cell: Cell) -> Read[str]:
    text = text_of(cell)
    if len(text) > LENGTHS[one]:
        raise ValueIsWrong(
            "text-is-too-long",
            f"Длиннее {LENGTHS[one]} знаков.",
            "Сократите текст или проверьте столбец.",
        )
    return Read(text)


def _find_doubles(result: EmployeesList, readers: dict[int, RowReader]) -> None:
    """Remark on a person met twice: same name and birth date, or a namesake without a date."""
    first: dict[tuple[str, date | None], EmployeeRow] = {}
    names = Counter(name_key(one.name) for one in result.employees)
    for one in result.employees:
        key = (name_key(one.name), one.birth_date)
        twin = first.setdefault(key, one)
        reader = readers[one.row]
        at = name_field(reader.columns)
        if twin is not one:
            reader.remark(
                Severity.ERROR,
                "employee-is-repeated",
                at,
                f"Этот работник уже есть в строке {twin.row}.",
                "Оставьте одну строку с основной должностью.",
            )
        elif one.birth_date is None and names[key[0]] > 1:
            reader.remark(
                Severity.ERROR,
                "employee-is-ambiguous",
                at,
                "В файле есть однофамилец с тем же именем и отчеством.",
                "Укажите даты рождения обоих.",
            )
