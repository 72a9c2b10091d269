"""Lists of people for tests, as files a school would bring."""

from collections.abc import Sequence
from datetime import date

from foundation.spreadsheets import Cell, Problem, Table, read_table, write_xlsx
from services.people.imports.employees import EmployeesList, read_employees
from services.people.imports.pupils import PupilsList, read_pupils

TODAY = date(2026, 11, 20)
AGES = (5, 20)
HEADER: list[Cell] = ["Класс", "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол"]
GLEB: list[Cell] = ["7А", "Соколов", "Глеб", "Петрович", date(2013, 5, 1), "м"]
MOTHER: list[Cell] = ["ФИО матери", "Телефон матери", "Дата рождения матери", "СНИЛС матери"]
VERA: list[Cell] = ["Соколова Вера Ильинична", "+7 900 000-00-01", date(1985, 3, 2), "11223344595"]
STAFF: list[Cell] = ["ФИО", "Должность", "Дата рождения", "Категория"]
ANNA: list[Cell] = ["Иванова Анна Петровна", "Учитель математики", date(1980, 2, 3), "высшая"]

Rows = Sequence[Sequence[Cell]]


def table(rows: Rows) -> Table:
    """Return rows as they come back from a workbook."""
    return read_table(write_xlsx(rows), "list.xlsx")


def pupils(rows: Rows) -> PupilsList:
    """Return what a list of pupils says."""
    return read_pupils(table(rows), today=TODAY, ages=AGES)


def employees(rows: Rows) -> EmployeesList:
    """Return what a list of employees says."""
    return read_employees(table(rows), today=TODAY)


def told(problems: Sequence[Problem]) -> list[tuple[str, int | None, str, str, str]]:
    """Return remarks as (severity, row, column, value, reason)."""
    return [(p.severity.value, p.row, p.column, p.value, p.reason) for p in problems]


def with_value(row: Sequence[Cell], column: int, value: Cell) -> list[Cell]:
    """Return the row with another value in a column counted from zero."""
    return [*row[:column], value, *row[column + 1 :]]
