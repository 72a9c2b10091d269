"""Single values of lists: spellings people use, and what stays unreadable."""

from datetime import date

import pytest

from kernel.identity import identity_digest
from kernel.names import FullName
from services.people.imports.days import read_date
from services.people.imports.rows import age_on, years
from services.people.imports.values import (
    ClassName,
    ValueIsWrong,
    read_class,
    read_email,
    read_letter,
    read_level,
    read_phone,
    read_sex,
    read_snils,
    sex_of,
    text_of,
)
from tests.rooms.people.lists import TODAY

DAY = date(2013, 5, 1)


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        "01.05.2013",
        "1.5.2013",
        "01/05/2013",
        "01-05-2013",
        "01,05,2013",
        "01 05 2013",
        "01. 05. 2013",
        "2013-05-01",
        "2013-05-01 00:00:00",
        "1 мая 2013",
        "1 мая 2013 г.",
        "01.05.2013 г.",
        "01.05.2013г",
        "\xa001.05.2013 ",
        41395,
        41395.0,
        "41395",
        "01.05.13",
    ],
)
def test_day_is_read_from_every_usual_spelling(cell):
    assert read_date(cell, TODAY).value == DAY


@pytest.mark.parametrize(
    "cell", ["", "май 2013", "01.05", "1 брюмера 2013", "2013", 9, 70000, -1, 1e300, "01.05.201"]
)
def test_text_that_is_no_day_is_refused(cell):
    with pytest.raises(ValueIsWrong):
        read_date(cell, TODAY)


@pytest.mark.parametrize(("year", "full"), [("26", 2026), ("27", 1927), ("85", 1985), ("05", 2005)])
def test_year_of_two_digits_lies_in_the_past(year, full):
    assert read_date(f"01.05.{year}", TODAY).value == date(full, 5, 1)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("7А", "7А"),
        ("7 А", "7А"),
        ("7-а", "7А"),
        ('7 "А"', "7А"),
        ("7 «А»", "7А"),
        ("7«а» класс", "7А"),
        ("7/А", "7А"),
        ("7.А", "7А"),
        ("07А", "7А"),
        ("7A", "7А"),
        ("11ё", "11Ё"),
        ("10 соцгум", "10СОЦГУМ"),
        ("7-1", "71"),
        ("7 класс", "7"),
        ("7", "7"),
        (7, "7"),
    ],
)
def test_class_is_read_from_every_usual_spelling(cell, expected):
    assert str(read_class(cell).value) == expected


def test_numbered_class_keeps_its_number_apart():
    assert read_class("7.1").value == ClassName(7, "1")


@pytest.mark.parametrize("cell", ["", "А", "VII", "7АБВГДЕЖ", "111", "7А, 7Б", True, 0, 12])
def test_text_that_is_no_class_is_refused(cell):
    with pytest.raises(ValueIsWrong):
        read_class(cell)


def test_level_and_letter_stand_apart():
    assert read_level("7 класс") == 7
    assert read_letter("«б»").value == "Б"
    assert read_letter(None).value == ""


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("М", "m"), ("муж.", "m"), ("мужской", "m"), ("Ж", "f"), ("жен", "f"), (None, ""), ("-", "")],
)
def test_sex_is_read(cell, expected):
    assert read_sex(cell) == expected


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        ("Петрович", "m"),
        ("Ильич", "m"),
        ("Лукич", "m"),
        ("Фомич", "m"),
        ("Гасан оглы", "m"),
        ("Петровна", "f"),
        ("Ильинична", "f"),
        ("Гасан кызы", "f"),
        ("", ""),
    ],
)
def test_middle_name_tells_the_sex(middle, expected):
    assert sex_of(FullName("Ким", "Саша", middle)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("+7 (900) 000-00-01", "+79000000001"),
        ("8 900 000 00 01", "+79000000001"),
        (89000000001, "+79000000001"),
        (9000000001, "+79000000001"),
        ("900-000-00-01", "+79000000001"),
        ("8(48300)2-11-11", "+74830021111"),
        ("+375 29 000-00-01", "+375290000001"),
        (None, ""),
        ("нет", ""),
    ],
)
def test_phone_is_read(cell, expected):
    assert read_phone(cell).value == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Vera@Example.RU", "vera@example.ru"),
        ("a.b+c@школа.рф", "a.b+c@школа.рф"),
        ("a@example.ru; b@example.ru", "a@example.ru"),
        ("", ""),
    ],
)
def test_address_is_read(cell, expected):
    assert read_email(cell).value == expected


@pytest.mark.parametrize("cell", ["a", "a@", "@a.ru", "a@b", "a b@c.ru", "a@b..ru"])
def test_text_that_is_no_address_is_refused(cell):
    with pytest.raises(ValueIsWrong):
        read_email(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("112-233-445 95", "11223344595"),
        ("11223344595", "11223344595"),
        (11223344595, "11223344595"),
        (8765430200, "08765430200"),
        ("087-654-302 00", "08765430200"),
        (None, ""),
    ],
)
def test_snils_is_read(cell, expected):
    assert read_snils(cell).value == expected


@pytest.mark.parametrize("cell", ["112-233-445 96", "1122334459", "abc", "000-000-000 00", 5])
def test_wrong_snils_is_refused(cell):
    with pytest.raises(ValueIsWrong):
        read_snils(cell)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "—", "нет", "НЕТ", "не указано", "\xa0"])
def test_dashes_and_refusals_are_nothing(cell):
    assert text_of(cell) == ""


def test_age_counts_full_years():
    assert age_on(date(2013, 11, 20), TODAY) == 13
    assert age_on(date(2013, 11, 21), TODAY) == 12
    assert [years(n) for n in (1, 2, 5, 11, 21, 112)] == [
        "1 год",
        "2 года",
        "5 лет",
        "11 лет",
        "21 год",
        "112 лет",
    ]


def test_digest_depends_on_the_key_the_number_and_the_day():
    digest = identity_digest(key=b"key", snils="112-233-445 95", birth_date=DAY)

    assert len(digest) == 64
    assert digest == identity_digest(key=b"key", snils="11223344595", birth_date=DAY)
    assert digest != identity_digest(key=b"other", snils="11223344595", birth_date=DAY)
    assert digest != identity_digest(key=b"key", snils="11223344596", birth_date=DAY)
    assert digest != identity_digest(key=b"key", snils="11223344595", birth_date=TODAY)
    assert "11223344595" not in digest
