"""The lists of a school as its office keeps them: each school in a style of its own.

Titles above the header, one column for the name or three, «7А» or «7 "А"», XLSX, ODS, CSV of
Excel in cp1251, CSV with commas: all of them are read by the importer of `services.people`.
"""

from collections.abc import Callable, Iterable
from datetime import date

from config.demo.families import Pupil
from config.demo.names import MALE, Adult
from config.demo.staff import Staff, Teacher
from foundation.spreadsheets import Cell, write_csv, write_ods, write_xlsx

Rows = list[list[Cell]]
File = tuple[str, bytes]


def write_lists(code: str, pupils: list[Pupil], staff: Staff) -> tuple[File, File]:
    """Return the school's list of pupils and its list of employees, each as (name, content)."""
    employees = [*staff.teachers, *staff.others]
    return PUPILS_IN_STYLE[code](pupils), EMPLOYEES_IN_STYLE[code](employees)


# --- A, 000: XLSX, three columns for a name, two title rows, СНИЛС of the mother -----------------


def _town_pupils(pupils: list[Pupil]) -> File:
    rows: Rows = [
        ["Список обучающихся МБОУ «СОШ № 5»"],
        ["по состоянию на 1 сентября"],
        [
            *("№ п/п", "Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "Класс"),
            *("ФИО матери", "Дата рождения матери", "СНИЛС матери", "Телефон матери"),
            *("Эл. почта матери", "ФИО отца", "Телефон отца"),
            *("ФИО опекуна", "Телефон опекуна"),
        ],
    ]
    for number, pupil in enumerate(pupils, start=1):
        family = pupil.family
        rows.append(
            [
                *(number, pupil.name.last, pupil.name.first, pupil.name.middle),
                *("М" if pupil.sex == MALE else "Ж", pupil.birth_date, pupil.school_class.title),
                *_contacts(family.mother, "name birth_date snils phone email"),
                *_contacts(family.father, "name phone"),
                *_contacts(family.guardian, "name phone"),
            ]
        )
    return "Ученики и родители.xlsx", write_xlsx(rows, sheet="Контингент")


def _town_employees(employees: list[Teacher]) -> File:
    rows: Rows = [
        ["Педагогические и иные работники"],
        [
            *("№", "Фамилия", "Имя", "Отчество", "Дата рождения", "Должность"),
            *("Категория", "Функции"),
        ],
    ]
    for number, one in enumerate(employees, start=1):
        name = one.person.name
        rows.append(
            [
                *(number, name.last, name.first, name.middle, one.person.birth_date, one.post),
                *(one.category, _functions(one)),
            ]
        )
    return "Сотрудники.xlsx", write_xlsx(rows, sheet="Кадры")


# --- B, 002: CSV of an old Excel, names in one column, «7 "А"», two parents with relation --------


def _two_shifts_pupils(pupils: list[Pupil]) -> File:
    rows: Rows = [
        [
            *("ФИО учащегося", "Дата рождения", "Класс"),
            *("ФИО родителя", "Степень родства родителя", "Телефон родителя"),
            *("ФИО родителя 2", "Степень родства родителя 2", "Телефон родителя 2"),
        ]
    ]
    for pupil in pupils:
        adults = _adults(pupil)
        row: list[Cell] = [
            str(pupil.name),
            _dotted(pupil.birth_date),
            f'{pupil.school_class.level} "{pupil.school_class.letter}"',
        ]
        for place in range(2):
            relation, adult = adults[place] if place < len(adults) else ("", None)
            row += [str(adult.name), relation, adult.phone] if adult else ["", "", ""]
        rows.append(row)
    return "spisok_16.csv", write_csv(rows, encoding="cp1251", delimiter=";")


def _two_shifts_employees(employees: list[Teacher]) -> File:
    rows: Rows = [["Ф.И.О. работника", "Должность", "Кв. категория", "Дата рождения"]]
    rows += [
        [str(one.person.name), one.post, one.category, _dotted(one.person.birth_date)]
        for one in employees
    ]
    return "kadry_16.csv", write_csv(rows, encoding="cp1251", delimiter=";")


# --- C, 001: ODS of LibreOffice, number of the class alone, everything by hand -------------------


def _village_pupils(pupils: list[Pupil]) -> File:
    rows: Rows = [
        ["Луговская основная школа"],
        [],
        [
            *("Фамилия, имя, отчество", "Дата рождения", "Класс"),
            *("Мама", "Телефон мамы", "Папа", "Телефон папы", "Опекун", "Телефон опекуна"),
        ],
    ]
    rows += [
        [
            *(str(pupil.name), pupil.birth_date, pupil.school_class.level),
            *_contacts(pupil.family.mother, "name phone"),
            *_contacts(pupil.family.father, "name phone"),
            *_contacts(pupil.family.guardian, "name phone"),
        ]
        for pupil in pupils
    ]
    return "дети луговая.ods", write_ods(rows, sheet="Лист1")


def _village_employees(employees: list[Teacher]) -> File:
    rows: Rows = [["Фамилия, имя, отчество", "Должность", "Дата рождения"]]
    rows += [[str(one.person.name), one.post, one.person.birth_date] for one in employees]
    return "учителя луговая.ods", write_ods(rows, sheet="Лист1")


# --- D, 004: XLSX out of another system, extra columns, «7-А», СНИЛС and birth dates -------------


def _lyceum_pupils(pupils: list[Pupil]) -> File:
    rows: Rows = [
        [
            *("ID", "Обучающийся", "Дата рождения", "Пол", "Класс", "Форма обучения"),
            *("Мать", "Дата рождения матери", "СНИЛС матери", "Телефон матери"),
            *("Отец", "Дата рождения отца", "СНИЛС отца", "Телефон отца"),
            *("Опекун", "Телефон опекуна"),
        ]
    ]
    for number, pupil in enumerate(pupils, start=40_001):
        family, place = pupil.family, pupil.school_class
        rows.append(
            [
                *(number, str(pupil.name), _dotted(pupil.birth_date)),
                *("муж" if pupil.sex == MALE else "жен", f"{place.level}-{place.letter}", "очная"),
                *_contacts(family.mother, "name birth_date snils phone"),
                *_contacts(family.father, "name birth_date snils phone"),
                *_contacts(family.guardian, "name phone"),
            ]
        )
    return "export_lyceum1_students.xlsx", write_xlsx(rows, sheet="export")


def _lyceum_employees(employees: list[Teacher]) -> File:
    rows: Rows = [["ID", "Сотрудник", "Должность", "Дата рождения", "Категория"]]
    rows += [
        [number, str(one.person.name), one.post, _dotted(one.person.birth_date), one.category]
        for number, one in enumerate(employees, start=7_001)
    ]
    return "export_lyceum1_staff.xlsx", write_xlsx(rows, sheet="export")


# --- E, 003: CSV with commas in UTF-8, level and letter apart, ISO dates --------------------------


def _republic_pupils(pupils: list[Pupil]) -> File:
    rows: Rows = [
        [
            *("фамилия", "имя", "отчество", "д/р", "параллель", "литера"),
            *("фио отца", "телефон отца", "фио матери", "телефон матери"),
            *("фио законного представителя", "телефон законного представителя"),
        ]
    ]
    rows += [
        [
            *(pupil.name.last.upper(), pupil.name.first, pupil.name.middle),
            *(pupil.birth_date.isoformat(), str(pupil.school_class.level)),
            pupil.school_class.letter.lower(),
            *_contacts(pupil.family.father, "name phone"),
            *_contacts(pupil.family.mother, "name phone"),
            *_contacts(pupil.family.guardian, "name phone"),
        ]
        for pupil in pupils
    ]
    return "klyuchi.csv", write_csv(rows, encoding="utf-8", delimiter=",")


def _republic_employees(employees: list[Teacher]) -> File:
    rows: Rows = [["фамилия", "имя", "отчество", "основная должность", "дата рождения"]]
    for one in employees:
        name = one.person.name
        born = one.person.birth_date.isoformat()
        rows.append([name.last, name.first, name.middle, one.post, born])
    return "klyuchi_kadry.csv", write_csv(rows, encoding="utf-8", delimiter=",")


PUPILS_IN_STYLE: dict[str, Callable[[list[Pupil]], File]] = {
    "000": _town_pupils,
    "002": _two_shifts_pupils,
    "001": _village_pupils,
    "004": _lyceum_pupils,
    "003": _republic_pupils,
}
EMPLOYEES_IN_STYLE: dict[str, Callable[[list[Teacher]], File]] = {
    "000": _town_employees,
    "002": _two_shifts_employees,
    "001": _village_employees,
    "004": _lyceum_employees,
    "003": _republic_employees,
}


def _contacts(adult: Adult | None, fields: str) -> Iterable[Cell]:
    for name in fields.split():
        value = getattr(adult, name) if adult else ""
        yield str(value) if name == "name" and value else value


def _adults(pupil: Pupil) -> list[tuple[str, Adult]]:
    family = pupil.family
    return [
        (relation, adult)
        for relation, adult in (
            ("мать", family.mother),
            ("отец", family.father),
            ("опекун", family.guardian),
        )
        if adult
    ]


def _functions(one: Teacher) -> str:
    return f"классное руководство, {one.own_class.title}" if one.own_class else ""


def _dotted(day: date) -> str:
    return f"{day:%d.%m.%Y}"
