"""Lists are understood in every order and wording schools use."""

from datetime import date

import pytest

from foundation.spreadsheets import read_table, write_csv, write_ods
from services.people.imports.fields import Field, read_employees_heading, read_pupils_heading
from services.people.imports.pupils import read_pupils
from tests.factories import files
from tests.rooms.people.lists import (
    AGES,
    ANNA,
    GLEB,
    HEADER,
    MOTHER,
    STAFF,
    TODAY,
    VERA,
    employees,
    pupils,
)


def summary(result):
    return [
        (str(p.school_class), str(p.name), p.birth_date, p.sex, [str(g.name) for g in p.guardians])
        for p in result.pupils
    ]


GLEB_ALONE: list[tuple[object, ...]] = [("7А", "Соколов Глеб Петрович", date(2013, 5, 1), "m", [])]
GLEB_AND_VERA = [
    ("7А", "Соколов Глеб Петрович", date(2013, 5, 1), "m", ["Соколова Вера Ильинична"])
]
NAME, BORN = "Соколов Глеб Петрович", date(2013, 5, 1)


@pytest.mark.requirement("XCH-002", part=True)
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([HEADER, GLEB], id="plain"),
        pytest.param([HEADER[::-1], GLEB[::-1]], id="backwards"),
        pytest.param(
            [["МБОУ СОШ № 1"], ["Список на 2026/27"], [], HEADER, GLEB], id="titles above"
        ),
        pytest.param([[None, *HEADER], [None, *GLEB]], id="empty first column"),
        pytest.param(
            [
                ["КЛАСС", "Ф.И.О. обучающегося", "Дата рожд.", "ПОЛ (м/ж)"],
                ["7 «А»", NAME, BORN, "муж"],
            ],
            id="one column of names",
        ),
        pytest.param(
            [
                ["Параллель", "Литера", "Фамилия, имя, отчество ребёнка", "Д.р."],
                [7, "А", NAME, BORN],
            ],
            id="level and letter",
        ),
        pytest.param(
            [["Класс", "Буква", "Ученик", "Дата рождения (дд.мм.гггг)"], [7, "а", NAME, BORN]],
            id="class and letter",
        ),
        pytest.param(
            [["Класс", "ФИО", "Дата рождения"], ["7А", "СОКОЛОВ ГЛЕБ ПЕТРОВИЧ", "1 мая 2013 г."]],
            id="capitals",
        ),
        pytest.param(
            [["ФИО", "Дата рождения"], ["7А класс"], [NAME, BORN]], id="class as a section"
        ),
        pytest.param([HEADER, GLEB, [], HEADER], id="header repeated on the next page"),
    ],
)
def test_pupil_is_read(rows):
    result = pupils(rows)

    assert summary(result) == GLEB_ALONE
    assert [p for p in result.problems if p.severity == "error"] == []


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([[*HEADER, *MOTHER], [*GLEB, *VERA]], id="mother"),
        pytest.param([[*MOTHER, *HEADER], [*VERA, *GLEB]], id="mother first"),
        pytest.param(
            [[*HEADER, "Мать", "Телефон"], [*GLEB, "Соколова Вера Ильинична", "89000000001"]],
            id="bare phone after her",
        ),
        pytest.param(
            [["Телефон", *HEADER, "Мать"], ["89000000001", *GLEB, "Соколова Вера Ильинична"]],
            id="bare phone before the only adult",
        ),
        pytest.param(
            [
                [*HEADER, "ФИО родителя (законного представителя)", "Родство"],
                [*GLEB, "Соколова Вера Ильинична", "мать"],
            ],
            id="representative and relation",
        ),
        pytest.param(
            [
                [*HEADER, "Фамилия матери", "Имя матери", "Отчество матери"],
                [*GLEB, "Соколова", "Вера", "Ильинична"],
            ],
            id="three columns of hers",
        ),
        pytest.param(
            [[*HEADER, "Родитель 2", "Родитель 1"], [*GLEB, "", "Соколова Вера Ильинична"]],
            id="numbered parents",
        ),
        pytest.param(
            [
                [*HEADER, "Мать"],
                [*GLEB, None],
                [*[None] * 6, "Соколова Вера Ильинична"],
            ],
            id="adult in the row below",
        ),
        pytest.param(
            [[*HEADER, "Мать"], [*GLEB, None], [*GLEB, "Соколова Вера Ильинична"]],
            id="pupil repeated for the adult",
        ),
    ],
)
def test_guardian_is_read(rows):
    result = pupils(rows)

    assert summary(result) == GLEB_AND_VERA
    assert [p for p in result.problems if p.severity == "error"] == []


def test_guardian_carries_all_that_is_stated():
    [pupil] = pupils([[*HEADER, *MOTHER], [*GLEB, *VERA]]).pupils

    [vera] = pupil.guardians
    assert (vera.relation, vera.sex, vera.phone) == ("mother", "f", "+79000000001")
    assert (vera.birth_date, vera.snils) == (date(1985, 3, 2), "11223344595")
    assert "11223344595" not in repr(vera)


def test_both_parents_have_their_own_columns_by_place():
    header = [*HEADER, "Мать", "Телефон", "Отец", "Телефон", "E-mail", "Дата рождения"]
    row = [*GLEB, "Соколова Вера", "89000000001", "Соколов Пётр", "89000000002", "p@example.ru"]

    [pupil] = pupils([header, [*row, date(1980, 1, 2)]]).pupils

    vera, petr = pupil.guardians
    assert (vera.phone, vera.email, vera.birth_date) == ("+79000000001", "", None)
    assert (petr.phone, petr.email, petr.birth_date) == (
        "+79000000002",
        "p@example.ru",
        date(1980, 1, 2),
    )
    assert (vera.sex, petr.sex) == ("f", "m")


def test_header_of_two_rows_is_understood():
    rows = [
        ["Класс", "Ребёнок", "", "", "Мать", "", ""],
        ["", "Фамилия", "Имя", "Дата рождения", "Фамилия", "Имя", "Телефон"],
        ["7А", "Соколов", "Глеб", "01.05.2013", "Соколова", "Вера", "89000000001"],
    ]
    sheet = files.text_rows(rows)
    table = read_table(files.xlsx(sheet, after=files.merged("A1:A2", "B1:D1", "E1:G1")), "a.xlsx")

    result = read_pupils(table, today=TODAY, ages=AGES)

    assert result.problems == []
    assert [(str(p.school_class), str(p.name)) for p in result.pupils] == [("7А", "Соколов Глеб")]
    assert [(str(g.name), g.phone) for g in result.pupils[0].guardians] == [
        ("Соколова Вера", "+79000000001")
    ]


@pytest.mark.parametrize(
    ("write", "filename"),
    [
        (write_ods, "a.ods"),
        (write_csv, "a.csv"),
        (lambda rows: write_csv(rows, encoding="cp1251", delimiter="\t"), "a.csv"),
    ],
)
def test_same_list_is_read_from_every_format(write, filename):
    table = read_table(write([[*HEADER, *MOTHER], [*GLEB, *VERA]]), filename)

    result = read_pupils(table, today=TODAY, ages=AGES)

    assert summary(result) == GLEB_AND_VERA


@pytest.mark.parametrize(
    ("heading", "field", "guardian"),
    [
        ("ФИО матери", Field.FULL_NAME, "mother"),
        ("Мать (ФИО)", Field.FULL_NAME, "mother"),
        ("Моб. телефон отца", Field.PHONE, "father"),
        ("E-mail законного представителя", Field.EMAIL, "anyone"),
        ("Дата рождения родителя", Field.BIRTH_DATE, "anyone"),
        ("СНИЛС матери", Field.SNILS, "mother"),
        ("Степень родства", Field.RELATION, ""),
        ("2-й родитель, телефон", Field.PHONE, "anyone2"),
        ("Фамилия ученика(цы)", Field.LAST_NAME, ""),
        ("Литера класса", Field.LETTER, ""),
    ],
)
def test_heading_of_pupils_is_understood(heading, field, guardian):
    meaning = read_pupils_heading(heading)

    assert meaning is not None
    assert (meaning.field, meaning.guardian) == (field, guardian)


@pytest.mark.parametrize(
    "heading", ["", "Прививки", "ФИО учителя", "Место работы матери", "Классный руководитель"]
)
def test_unknown_heading_of_pupils_means_nothing(heading):
    assert read_pupils_heading(heading) is None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Ф.И.О. работника", Field.FULL_NAME),
        ("Сотрудник", Field.FULL_NAME),
        ("Основная должность", Field.POST),
        ("Квалификационная категория", Field.CATEGORY),
        ("Разряд", Field.GRADE_RANK),
        ("Функции", Field.FUNCTIONS),
        ("Специальность по диплому", Field.SPECIALITY),
    ],
)
def test_heading_of_staff_is_understood(heading, field):
    meaning = read_employees_heading(heading)

    assert meaning is not None
    assert meaning.field == field


@pytest.mark.requirement("ACC-011", part=True)
def test_employee_is_read_with_every_field_of_the_regulation():
    header = [*STAFF, "Пол", "Разряд", "Функции", "Специальность по диплому"]
    row = [*ANNA, "ж", "14", "классное руководство", "математика"]

    result = employees([header, row])

    assert result.problems == []
    [anna] = result.employees
    assert (str(anna.name), anna.post, anna.birth_date) == (
        "Иванова Анна Петровна",
        "Учитель математики",
        date(1980, 2, 3),
    )
    assert (anna.sex, anna.grade_rank, anna.category) == ("f", "14", "высшая")
    assert (anna.functions, anna.speciality) == ("классное руководство", "математика")
