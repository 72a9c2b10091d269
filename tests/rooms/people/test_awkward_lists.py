"""Bad and awkward lists: each remark names row, column, value and reason; nothing is guessed."""

from datetime import date, datetime, time

import pytest

from foundation.spreadsheets import read_table
from services.people.imports.employees import read_employees
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
    told,
    with_value,
)

ERROR, WARNING, HEALED = "error", "warning", "healed"
NO_SUCH_DAY = "Такого дня в календаре нет."
NOT_A_DATE = "Это не дата."
NOT_A_CLASS = "Это не название класса."
NAME_RULE = "Напишите фамилию, имя и отчество (если есть) русскими буквами через пробел."


def one(column, value, remark, **row):
    """Make a case: Gleb's row 2 with another value in a column."""
    return [HEADER, with_value(GLEB, column, value)], [remark]


PUPIL_CASES = {
    "impossible day": one(4, "31.02.2013", (ERROR, 2, "E", "31.02.2013", NO_SUCH_DAY)),
    "month thirteen": one(4, "05/13/2013", (ERROR, 2, "E", "05/13/2013", NO_SUCH_DAY)),
    "words for a date": one(4, "весной", (ERROR, 2, "E", "весной", NOT_A_DATE)),
    "only a year": one(4, 2013, (ERROR, 2, "E", "2013", NOT_A_DATE)),
    "yes for a date": one(4, True, (ERROR, 2, "E", "True", NOT_A_DATE)),
    "hour for a date": one(4, time(8, 30), (ERROR, 2, "E", "08:30:00", NOT_A_DATE)),
    "no date": one(4, None, (ERROR, 2, "E", "", "Нет даты рождения.")),
    "dash for a date": one(4, "-", (ERROR, 2, "E", "-", "Нет даты рождения.")),
    "tomorrow": one(4, date(2026, 11, 21), (ERROR, 2, "E", "21.11.2026", "Дата ещё не наступила.")),
    "a baby": one(
        4,
        date(2025, 12, 1),
        (ERROR, 2, "E", "01.12.2025", "По этой дате человеку 0 лет: так не бывает."),
    ),
    "a grown-up": one(
        4,
        date(1985, 5, 1),
        (ERROR, 2, "E", "01.05.1985", "По этой дате человеку 41 год: так не бывает."),
    ),
    "four years old": one(
        4,
        date(2022, 5, 1),
        (WARNING, 2, "E", "01.05.2022", "Возраст 4 года необычен для школы."),
    ),
    "too old for the class": one(
        4,
        date(2009, 5, 1),
        (WARNING, 2, "E", "01.05.2009", "Возраст 17 лет необычен для класса 7А."),
    ),
    "two-digit year": one(
        4, "1.5.13", (HEALED, 2, "E", "1.5.13", "Год из двух цифр прочитан как 2013.")
    ),
    "serial number": one(
        4, 41395, (HEALED, 2, "E", "41395", "Число прочитано как дата Excel: 01.05.2013.")
    ),
    "serial number as text": one(
        4, "41395", (HEALED, 2, "E", "41395", "Число прочитано как дата Excel: 01.05.2013.")
    ),
    "letter O in a date": one(
        4, "О1.О5.2О13", (HEALED, 2, "E", "О1.О5.2О13", "Буква «О» в дате заменена нулём.")
    ),
    "class twelve": one(0, "12А", (ERROR, 2, "A", "12А", "Классы бывают с 1 по 11.")),
    "class zero": one(0, "0А", (ERROR, 2, "A", "0А", "Классы бывают с 1 по 11.")),
    "class in words": one(0, "седьмой", (ERROR, 2, "A", "седьмой", NOT_A_CLASS)),
    "class backwards": one(0, "А7", (ERROR, 2, "A", "А7", NOT_A_CLASS)),
    "class became a date": one(
        0,
        date(2026, 11, 7),
        (ERROR, 2, "A", "07.11.2026", "Табличный редактор превратил название класса в дату."),
    ),
    "class became a number": one(0, 7.5, (ERROR, 2, "A", "7.5", NOT_A_CLASS)),
    "no class": one(0, None, (ERROR, 2, "A", "", "Не указан класс.")),
    "latin class": one(
        0, "7A", (HEALED, 2, "A", "7A", "Латинская буква в классе заменена русской.")
    ),
    "no surname": one(1, None, (ERROR, 2, "B", "", "Нет фамилии.")),
    "no first name": one(2, "нет", (ERROR, 2, "C", "нет", "Нет имени.")),
    "digits in a name": one(1, "Соколов1", (ERROR, 2, "B", "Соколов1", NAME_RULE)),
    "latin letter in a name": one(
        1,
        "Cоколов",
        (HEALED, 2, "B", "Cоколов", "Латинские буквы в имени заменены русскими."),
    ),
    "two alphabets in a name": one(
        1,
        "Sоколов",
        (ERROR, 2, "B", "Sоколов", "В слове «Sоколов» смешаны русские и латинские буквы."),
    ),
    "endless name": one(1, "С" + "о" * 70, (ERROR, 2, "B", "С" + "о" * 70, "Имя слишком длинное.")),
    "number for a name": one(1, 125, (ERROR, 2, "B", "125", NAME_RULE)),
    "unknown sex": one(5, "x", (ERROR, 2, "F", "x", "Это не пол.")),
    "sex against the middle name": one(
        5, "ж", (WARNING, 2, "F", "ж", "Пол не согласуется с отчеством.")
    ),
    "pupil twice": (
        [HEADER, GLEB, with_value(GLEB, 1, "СОКОЛОВ")],
        [(ERROR, 3, "B", "СОКОЛОВ", "Этот ребёнок уже есть в строке 2.")],
    ),
    "row with a class only beside a sex": (
        [HEADER, GLEB, ["7А", None, None, None, None, "м"]],
        [(ERROR, 3, "B", "", "В строке нет ни фамилии, ни даты рождения ребёнка.")],
    ),
    "total below": (
        [HEADER, GLEB, ["Итого:", 1]],
        [(WARNING, 3, "", "Итого:", "Строка не похожа на запись, пропущена.")],
    ),
    "only a header": (
        [HEADER],
        [(ERROR, 1, "", "", "Под заголовками нет ни одной записи.")],
    ),
    "no header": (
        [["привет", "мир"], [1, 2]],
        [(ERROR, 1, "", "привет; мир", "Не нашлась строка с заголовками столбцов.")],
    ),
    "no column of birth dates": (
        [HEADER[:4], GLEB[:4]],
        [(ERROR, 1, "", "Дата рождения", "В таблице нет столбца «Дата рождения».")],
    ),
    "no column of classes": (
        [HEADER[1:], GLEB[1:]],
        [(ERROR, 1, "", "Класс", "В таблице нет столбца «Класс».")],
    ),
    "no column of first names": (
        [["Класс", "Фамилия", "Дата рождения"], ["7А", "Соколов", date(2013, 5, 1)]],
        [(ERROR, 1, "", "ФИО", "В таблице нет столбца «ФИО».")],
    ),
    "column twice": (
        [[*HEADER, "Класс"], [*GLEB, "7А"]],
        [(ERROR, 1, "G", "Класс", "Столбец встречается дважды: A и G.")],
    ),
    "column nobody needs": (
        [["№ п/п", *HEADER, "Прививки"], [1, *GLEB, "да"]],
        [(WARNING, 1, "H", "Прививки", "Этот столбец не загружается.")],
    ),
    "level that is no number": (
        [["Параллель", "Литера", *HEADER[1:]], ["седьмая", "А", *GLEB[1:]]],
        [(ERROR, 2, "A", "седьмая", NOT_A_CLASS)],
    ),
    "letter that is no letter": (
        [["Параллель", "Литера", *HEADER[1:]], [7, "А+", *GLEB[1:]]],
        [(ERROR, 2, "B", "А+", NOT_A_CLASS)],
    ),
}


def mother(column, value, *remarks):
    """Make a case: Vera as Gleb's mother, with another value in one of her columns."""
    return [[*HEADER, *MOTHER], [*GLEB, *with_value(VERA, column, value)]], list(remarks)


LOST = "Имя взрослого не указано, значение не загружено."
GUARDIAN_CASES = {
    "digits in the mother's name": mother(0, "Вера 2", (ERROR, 2, "G", "Вера 2", NAME_RULE)),
    "phone that is none": mother(
        1, "12-34", (WARNING, 2, "H", "12-34", "Это не номер телефона, он не загружен.")
    ),
    "two phones": mother(
        1,
        "89000000001, 89000000002",
        (HEALED, 2, "H", "89000000001, 89000000002", "Взят первый из нескольких телефонов."),
    ),
    "mother of twelve": mother(
        2,
        date(2014, 1, 1),
        (ERROR, 2, "I", "01.01.2014", "По этой дате человеку 12 лет: так не бывает."),
        (WARNING, 2, "J", "…95", "СНИЛС без даты рождения не используется."),
    ),
    "wrong СНИЛС, never shown": mother(
        3,
        "112-233-445 96",
        (ERROR, 2, "J", "…96", "Номер СНИЛС написан с ошибкой: не сходится контрольное число."),
    ),
    "СНИЛС without a birth date": mother(
        2, None, (WARNING, 2, "J", "…95", "СНИЛС без даты рождения не используется.")
    ),
    "contacts of nobody": mother(
        0,
        None,
        (WARNING, 2, "H", "+7 900 000-00-01", LOST),
        (WARNING, 2, "J", "…95", LOST),
    ),
    "unknown relation": (
        [[*HEADER, "Законный представитель", "Родство"], [*GLEB, "Соколова Вера", "сосед"]],
        [(ERROR, 2, "H", "сосед", "Непонятно, кем взрослый приходится ребёнку.")],
    ),
    "one adult twice": (
        [[*HEADER, "Мать", "Отец"], [*GLEB, "Соколова Вера", "СОКОЛОВА ВЕРА"]],
        [
            (
                ERROR,
                2,
                "H",
                "Соколова Вера",
                "Один и тот же взрослый указан у ребёнка дважды.",
            )
        ],
    ),
    "address that is none": (
        [[*HEADER, "Мать", "E-mail"], [*GLEB, "Соколова Вера", "нет такой@"]],
        [
            (
                WARNING,
                2,
                "H",
                "нет такой@",
                "Это не адрес электронной почты, он не загружен.",
            )
        ],
    ),
    "contact column of nobody": (
        [[*HEADER, "Телефон"], [*GLEB, "89000000001"]],
        [(WARNING, 1, "G", "Телефон", "Этот столбец не загружается.")],
    ),
    "phone of a mother without a column": (
        [[*HEADER, "Телефон матери"], [*GLEB, "89000000001"]],
        [(WARNING, 1, "G", "Телефон матери", "Этот столбец не загружается.")],
    ),
    "adult without a child at the top": (
        [[*HEADER, "Мать"], [*[None] * 6, "Соколова Вера"], [*GLEB, None]],
        [
            (
                ERROR,
                2,
                "G",
                "Соколова Вера",
                "Над этой строкой нет ребёнка.",
            )
        ],
    ),
}
ALL_CASES = PUPIL_CASES | GUARDIAN_CASES


@pytest.mark.requirement("XCH-002", part=True)
@pytest.mark.parametrize("case", ALL_CASES.values(), ids=ALL_CASES.keys())
def test_remark_names_row_column_value_and_reason(case):
    rows, expected = case

    result = pupils(rows)

    assert told(result.problems) == expected
    assert all(p.cure for p in result.problems if p.severity == ERROR)


STAFF_CASES = {
    "no post": (
        [STAFF, with_value(ANNA, 1, "")],
        [(ERROR, 2, "B", "", "Не указана должность.")],
    ),
    "no name": (
        [STAFF, with_value(ANNA, 0, None)],
        [(ERROR, 2, "A", "", "Нет фамилии, имени и отчества.")],
    ),
    "child at work": (
        [STAFF, with_value(ANNA, 2, date(2015, 1, 1))],
        [(ERROR, 2, "C", "01.01.2015", "По этой дате человеку 11 лет: так не бывает.")],
    ),
    "endless post": (
        [STAFF, with_value(ANNA, 1, "у" * 121)],
        [(ERROR, 2, "B", "у" * 100, "Длиннее 120 знаков.")],
    ),
    "employee twice": (
        [STAFF, ANNA, with_value(ANNA, 1, "Завуч")],
        [(ERROR, 3, "A", ANNA[0], "Этот работник уже есть в строке 2.")],
    ),
    "namesakes without a date": (
        [STAFF, ANNA, with_value(ANNA, 2, None)],
        [(ERROR, 3, "A", ANNA[0], "В файле есть однофамилец с тем же именем и отчеством.")],
    ),
    "no column of posts": (
        [["ФИО", "Пол"], ["Иванова Анна Петровна", "ж"]],
        [(ERROR, 1, "", "Должность", "В таблице нет столбца «Должность».")],
    ),
    "subjects are ignored": (
        [[*STAFF, "Предметы"], [*ANNA, "математика"]],
        [(WARNING, 1, "E", "Предметы", "Этот столбец не загружается.")],
    ),
    "no header of staff": (
        [["а", "б"]],
        [(ERROR, 1, "", "а; б", "Не нашлась строка с заголовками столбцов.")],
    ),
}


@pytest.mark.requirement("XCH-002", part=True)
@pytest.mark.parametrize("case", STAFF_CASES.values(), ids=STAFF_CASES.keys())
def test_remark_on_staff_names_row_column_value_and_reason(case):
    rows, expected = case

    assert told(employees(rows).problems) == expected


# --- Traps of the files themselves -------------------------------------------------------------


def read_sheet(sheet, **options):
    table = read_table(files.xlsx(sheet, **options), "list.xlsx")
    return read_pupils(table, today=TODAY, ages=AGES)


PLAIN = [
    ["Список класса"],
    ["Класс", "ФИО", "Дата рождения", "Заметка"],
    ["7А", "Соколов Глеб Петрович", "01.05.2013"],
]


def test_class_merged_down_is_repeated_with_a_word():
    rows = [*PLAIN, ["", "Соколов Пётр Петрович", "01.05.2012"]]

    result = read_sheet(files.text_rows(rows), after=files.merged("A3:A4", "A1:D1"))

    assert [str(pupil.school_class) for pupil in result.pupils] == ["7А", "7А"]
    assert told(result.problems) == [
        (WARNING, 2, "D", "Заметка", "Этот столбец не загружается."),
        (
            HEALED,
            3,
            "A",
            "7А",
            "Ячейки A3:A4 объединены: значение повторено в каждой строке.",
        ),
    ]


def test_data_merged_across_is_refused():
    result = read_sheet(files.text_rows(PLAIN), after=files.merged("B3:C3"))

    assert (
        ERROR,
        3,
        "B",
        "Соколов Глеб Петрович",
        "Ячейки B3:C3 объединены: непонятно, к какому столбцу и строке они относятся.",
    ) in told(result.problems)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param(
            '<c r="C4"><f>TODAY()</f><v>41395</v></c>',
            [
                (WARNING, 4, "C", "C4", "В ячейке формула, взято её сохранённое значение."),
                (
                    HEALED,
                    4,
                    "C",
                    "41395",
                    "Число прочитано как дата Excel: 01.05.2013.",
                ),
            ],
            id="formula with its value",
        ),
        pytest.param(
            '<c r="C4"><f>TODAY()</f></c>',
            [
                (ERROR, 4, "C", "", "В ячейке формула, а её значение в файле не сохранено."),
                (ERROR, 4, "C", "", "Нет даты рождения."),
            ],
            id="formula without a value",
        ),
        pytest.param(
            '<c r="C4" t="e"><v>#N/A</v></c>',
            [
                (ERROR, 4, "C", "#N/A", "В ячейке ошибка вычисления."),
                (ERROR, 4, "C", "", "Нет даты рождения."),
            ],
            id="calculation failed",
        ),
        pytest.param(
            '<c r="C4" t="inlineStr"><is><t>01.05.2012</t></is></c><c r="D4" t="e"><v>#N/A</v></c>',
            [],
            id="failed where nobody looks",
        ),
    ],
)
def test_formula_is_taken_or_refused_with_its_address(cell, expected):
    name = files.text_cell("A4", "7А") + files.text_cell("B4", "Соколов Пётр Петрович")

    result = read_sheet(files.text_rows(PLAIN) + f'<row r="4">{name}{cell}</row>')

    assert told(result.problems) == [
        (WARNING, 2, "D", "Заметка", "Этот столбец не загружается."),
        *expected,
    ]


def test_moment_instead_of_a_day_is_a_day():
    moment = datetime.fromisoformat("2013-05-01T10:30")

    result = pupils([HEADER, with_value(GLEB, 4, moment)])

    assert result.problems == []
    assert result.pupils[0].birth_date == date(2013, 5, 1)


def test_list_of_staff_in_the_place_of_pupils_is_refused():
    table = read_table("ФИО;Должность\r\nИванова Анна Петровна;учитель\r\n".encode(), "a.csv")

    result = read_pupils(table, today=TODAY, ages=AGES)

    assert [p.code for p in result.problems] == ["header-is-not-found"]


def test_list_of_pupils_in_the_place_of_staff_is_refused():
    table = read_table("ФИО;Класс;Пол\r\nСоколов Глеб Петрович;7А;м\r\n".encode(), "a.csv")

    result = read_employees(table, today=TODAY)

    assert [p.code for p in result.problems] == ["column-is-not-used", "column-is-missing"]


def test_enough_kinds_of_awkward_lists_are_tried():
    assert len(ALL_CASES) + len(STAFF_CASES) >= 60
