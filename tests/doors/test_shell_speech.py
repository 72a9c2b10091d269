"""Russian dates, numbers and names as the pages say them."""

from datetime import date

import pytest

from portal.shell import speech

NBSP, THIN = "\u00a0", "\u202f"
LESSONS = ("урок", "урока", "уроков")


def test_date_names_the_day_of_the_week() -> None:
    assert speech.say_date(date(2026, 3, 12)) == f"12{NBSP}марта, чт"


def test_date_of_a_document_names_the_year() -> None:
    assert speech.say_full_date(date(2026, 11, 1)) == f"1{NBSP}ноября 2026{NBSP}г."


@pytest.mark.parametrize(
    ("today", "said"),
    [
        pytest.param(None, "Четверг", id="no today"),
        pytest.param(date(2026, 3, 12), "Сегодня", id="today"),
        pytest.param(date(2026, 3, 11), "Завтра", id="tomorrow"),
        pytest.param(date(2026, 3, 13), "Вчера", id="yesterday"),
        pytest.param(date(2026, 3, 5), "Четверг", id="in a week"),
    ],
)
def test_near_days_are_called_by_their_names(today: date | None, said: str) -> None:
    assert speech.say_day(date(2026, 3, 12), today) == f"{said}, 12{NBSP}марта"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, f"0{NBSP}уроков"),
        (1, f"1{NBSP}урок"),
        (2, f"2{NBSP}урока"),
        (5, f"5{NBSP}уроков"),
        (11, f"11{NBSP}уроков"),
        (14, f"14{NBSP}уроков"),
        (21, f"21{NBSP}урок"),
        (112, f"112{NBSP}уроков"),
        (12340, f"12{THIN}340{NBSP}уроков"),
    ],
)
def test_noun_agrees_with_its_number(number: int, said: str) -> None:
    assert speech.count_things(number, LESSONS) == said


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Петрова Ольга Ивановна", f"Петрова О.{NBSP}И."),
        ("Ли Ян", "Ли Я."),
        ("Директор", "Директор"),
        ("Мамедов Али Гусейн оглы", f"Мамедов А.{NBSP}Г."),
    ],
)
def test_name_is_shortened_to_initials(full: str, short: str) -> None:
    assert speech.shorten_name(full) == short


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("210-ФЗ ст. 11.1; SRV-030", "210-ФЗ ст. 11.1"),
        ("Требования к регламенту, ч. A; ARC-015", "регламент школы"),
        ("NFR-002, NFR-005", "регламент школы"),
        ("ГК РФ, ст. 21", "ГК РФ, ст. 21"),
        ("приказ от 01.12.2026 № 5", "приказ от 01.12.2026 № 5"),
    ],
)
def test_ground_is_said_as_people_look_it_up(clause: str, said: str) -> None:
    assert speech.say_ground(clause) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("согласие не принесли", "Согласие не принесли."),
        (" Согласие не принесли. ", "Согласие не принесли."),
        ("Почему?", "Почему?"),
        ("", ""),
    ],
)
def test_what_a_person_typed_ends_with_one_sign(typed, said):
    assert speech.say_sentence(typed) == said
